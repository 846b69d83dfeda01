-- tag::tables
CREATE TABLE loans (
  copy_id  VARCHAR(512) PRIMARY KEY,
  member   VARCHAR(100) NOT NULL,
  due      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  renewals INTEGER NOT NULL
);

CREATE TABLE members (
  member       VARCHAR(100) PRIMARY KEY,
  borrowed     BIGINT DEFAULT 0 NOT NULL,
  late_returns BIGINT DEFAULT 0 NOT NULL
);
-- end::tables
