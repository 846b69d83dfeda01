-- Who runs which partition of which projection. All times are the database's own, never an instance's.

-- The processes (rather: the runners) that share the work. An instance that is not seen before
-- expires_at is taken for dead, and what it ran is free for the others.
CREATE TABLE runner_instance (
  instance   VARCHAR(200)                NOT NULL PRIMARY KEY,
  started_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  seen_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- What each instance is ready to run.
CREATE TABLE runner_projection (
  instance   VARCHAR(200) NOT NULL,
  projection VARCHAR(100) NOT NULL,
  version    INTEGER      NOT NULL,
  PRIMARY KEY (instance, projection, version)
);

-- One owner a partition. The token grows whenever the partition is taken, and is written to the
-- checkpoint as well: a former owner's writes are refused by it.
CREATE TABLE projection_lease (
  projection   VARCHAR(100)  NOT NULL,
  version      INTEGER       NOT NULL,
  partition_no INTEGER       NOT NULL,
  owner        VARCHAR(200),
  token        BIGINT        NOT NULL,
  taken_at     TIMESTAMP(6) WITH TIME ZONE,
  PRIMARY KEY (projection, version, partition_no)
);

-- For people: who runs what now? The owner is null where nobody does; a lease lasts as long as its
-- owner is seen.
CREATE VIEW projection_owner AS
SELECT l.projection,
       l.version,
       l.partition_no,
       i.instance AS owner,
       l.token,
       CASE WHEN i.instance IS NOT NULL THEN l.taken_at END AS taken_at,
       i.seen_at,
       i.expires_at
FROM projection_lease l
LEFT JOIN runner_instance i ON i.instance = l.owner AND i.expires_at > CURRENT_TIMESTAMP;
