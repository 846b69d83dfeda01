CREATE TABLE account_balance (
  account    VARCHAR(100) PRIMARY KEY,
  balance    NUMERIC(20, 2),
  movements  BIGINT DEFAULT 0 NOT NULL,
  updated_at TIMESTAMP(6) WITH TIME ZONE
);

CREATE TABLE ledger (
  id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account   VARCHAR(100) NOT NULL,
  version   BIGINT NOT NULL,
  amount    NUMERIC(20, 2) NOT NULL,
  booked_at TIMESTAMP(6) WITH TIME ZONE
);
