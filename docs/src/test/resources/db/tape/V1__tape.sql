-- tag::tables
CREATE TABLE tape (
  symbol    VARCHAR(512) NOT NULL,
  price     DECIMAL(28, 8) NOT NULL,
  quantity  DECIMAL(28, 8) NOT NULL,
  traded_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

CREATE TABLE volume (
  symbol   VARCHAR(512) PRIMARY KEY,
  trades   BIGINT NOT NULL,
  quantity DECIMAL(28, 8) NOT NULL
);
-- end::tables
