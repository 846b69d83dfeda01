-- The versions of the projections that bring their own migrations. Each has a schema of its own; the
-- views in the default schema show the one that serves.
CREATE TABLE projection_version (
  projection    VARCHAR(100)                NOT NULL,
  version       INTEGER                     NOT NULL,
  -- The version that the code says which makes it: a rebuild by the same code raises only the other.
  code          INTEGER                     NOT NULL,
  schema_name   VARCHAR(63)                 NOT NULL UNIQUE,
  state         VARCHAR(10)                 NOT NULL
                CHECK (state IN ('building', 'serving', 'kept', 'dropping')),
  created_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  -- When it last began or ceased to serve.
  switched_at   TIMESTAMP(6) WITH TIME ZONE,
  -- The last comparison with the version that served.
  compared_with INTEGER,
  compared_at   TIMESTAMP(6) WITH TIME ZONE,
  compared_same BOOLEAN,
  PRIMARY KEY (projection, version)
);
