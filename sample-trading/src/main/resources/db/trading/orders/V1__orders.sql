-- What projection orders fills; docs/reference/trading-read-models.md describes it for analysts.

CREATE TABLE instruments (
  symbol    VARCHAR(512) PRIMARY KEY,
  name      VARCHAR(1000) NOT NULL,
  tick_size DECIMAL(28, 8) NOT NULL,
  lot_size  DECIMAL(28, 8) NOT NULL,
  listed_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

CREATE TABLE orders (
  symbol     VARCHAR(512) NOT NULL,
  order_id   VARCHAR(512) NOT NULL,
  account    VARCHAR(512),
  side       VARCHAR(4) NOT NULL,
  type       VARCHAR(6) NOT NULL,
  tif        VARCHAR(3) NOT NULL,
  price      DECIMAL(28, 8),
  quantity   DECIMAL(28, 8) NOT NULL,
  executed   DECIMAL(28, 8) NOT NULL,
  leaves     DECIMAL(28, 8) NOT NULL,
  status     VARCHAR(16) NOT NULL,
  placed_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  changed_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (symbol, order_id)
);

CREATE TABLE activity (
  symbol  VARCHAR(512) NOT NULL,
  measure VARCHAR(100) NOT NULL,
  total   BIGINT NOT NULL,
  PRIMARY KEY (symbol, measure)
);
