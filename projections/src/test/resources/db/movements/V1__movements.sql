-- Refuses an event that comes twice, or before the one that it follows.
CREATE TABLE movement (
  id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account VARCHAR(100)   NOT NULL,
  version BIGINT         NOT NULL,
  amount  NUMERIC(20, 2) NOT NULL,
  UNIQUE (account, version)
);

CREATE TABLE account_total (
  account      VARCHAR(100) PRIMARY KEY,
  total        NUMERIC(20, 2) NOT NULL,
  events       BIGINT         NOT NULL,
  last_version BIGINT         NOT NULL,
  CHECK (events = last_version)
);
