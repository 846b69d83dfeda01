CREATE TABLE wallet (
  id      VARCHAR(100) PRIMARY KEY,
  balance NUMERIC(20, 0)
);
