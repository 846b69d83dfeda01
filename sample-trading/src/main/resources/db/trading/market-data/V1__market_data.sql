-- What projection market-data fills; docs/reference/trading-read-models.md describes it for analysts.

CREATE TABLE trades (
  symbol      VARCHAR(512) NOT NULL,
  trade_no    BIGINT NOT NULL,
  traded_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  price       DECIMAL(28, 8) NOT NULL,
  quantity    DECIMAL(28, 8) NOT NULL,
  maker_order VARCHAR(512),
  taker_order VARCHAR(512),
  taker_side  VARCHAR(4) NOT NULL,
  hidden      BOOLEAN NOT NULL,
  PRIMARY KEY (symbol, trade_no)
);

CREATE TABLE best_bid_offer (
  symbol       VARCHAR(512) NOT NULL,
  version      BIGINT NOT NULL,
  changed_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  bid          DECIMAL(28, 8),
  bid_quantity DECIMAL(28, 8),
  ask          DECIMAL(28, 8),
  ask_quantity DECIMAL(28, 8),
  PRIMARY KEY (symbol, version)
);

-- The last row of best_bid_offer for each symbol.
CREATE TABLE top_of_book (
  symbol       VARCHAR(512) PRIMARY KEY,
  changed_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  bid          DECIMAL(28, 8),
  bid_quantity DECIMAL(28, 8),
  ask          DECIMAL(28, 8),
  ask_quantity DECIMAL(28, 8)
);

CREATE TABLE depth_levels (
  symbol   VARCHAR(512) NOT NULL,
  side     VARCHAR(4) NOT NULL,
  price    DECIMAL(28, 8) NOT NULL,
  quantity DECIMAL(28, 8) NOT NULL,
  PRIMARY KEY (symbol, side, price)
);

CREATE TABLE candles_1m (
  symbol    VARCHAR(512) NOT NULL,
  minute_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  open      DECIMAL(28, 8) NOT NULL,
  high      DECIMAL(28, 8) NOT NULL,
  low       DECIMAL(28, 8) NOT NULL,
  close     DECIMAL(28, 8) NOT NULL,
  volume    DECIMAL(38, 8) NOT NULL,
  turnover  DECIMAL(60, 16) NOT NULL,
  trades    BIGINT NOT NULL,
  PRIMARY KEY (symbol, minute_at)
);

-- The book as it is now: levels that hold something.
CREATE VIEW depth AS
  SELECT symbol, side, price, quantity FROM depth_levels WHERE quantity > 0;
