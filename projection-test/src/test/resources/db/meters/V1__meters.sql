CREATE TABLE meter (
  meter    VARCHAR(50) PRIMARY KEY,
  total    DECIMAL(20, 4),
  last     BIGINT,
  owner    VARCHAR(50),
  read_at  TIMESTAMP(6) WITH TIME ZONE
);
CREATE TABLE reading (
  meter   VARCHAR(50) NOT NULL,
  amount  BIGINT NOT NULL
);
