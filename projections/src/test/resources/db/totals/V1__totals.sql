CREATE TABLE total (
  account VARCHAR(100) PRIMARY KEY,
  amount  NUMERIC(20, 2) NOT NULL,
  made_by VARCHAR(10) NOT NULL
);

CREATE TABLE movement (
  account VARCHAR(100) NOT NULL,
  version BIGINT NOT NULL,
  amount  NUMERIC(20, 2) NOT NULL,
  made_by VARCHAR(10) NOT NULL,
  PRIMARY KEY (account, version)
);

CREATE VIEW rich AS SELECT account, amount FROM total WHERE amount > 100;
