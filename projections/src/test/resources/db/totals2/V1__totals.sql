CREATE TABLE total (
  account   VARCHAR(100) PRIMARY KEY,
  made_by   VARCHAR(10) NOT NULL,
  amount    NUMERIC(20, 2) NOT NULL,
  movements BIGINT NOT NULL
);

CREATE TABLE movement (
  account VARCHAR(100) NOT NULL,
  version BIGINT NOT NULL,
  amount  NUMERIC(20, 2) NOT NULL,
  PRIMARY KEY (account, version)
);
