-- Aggregates that a projection does not go on with, because it could not handle one of their
-- events. Written in the transaction that moves the checkpoint past these events.
CREATE TABLE parked_aggregate (
  projection            VARCHAR(100)                NOT NULL,
  version               INTEGER                     NOT NULL,
  stream_type           VARCHAR(100)                NOT NULL,
  stream_id             VARCHAR(512)                NOT NULL,
  partition_no          INTEGER                     NOT NULL,
  epoch                 BIGINT                      NOT NULL,
  first_sequence        BIGINT                      NOT NULL,
  -- The event that could not be handled at the last try, and why.
  failed_stream_version BIGINT                      NOT NULL,
  error_class           VARCHAR(200)                NOT NULL,
  error                 VARCHAR(1000)               NOT NULL,
  attempts              INTEGER                     NOT NULL,
  waiting_events        BIGINT                      NOT NULL,
  parked_at             TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  last_try_at           TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (projection, version, stream_type, stream_id)
);

-- The events that wait behind it, itself included. Pointers: what they hold is in the event store.
CREATE TABLE parked_event (
  projection     VARCHAR(100) NOT NULL,
  version        INTEGER      NOT NULL,
  stream_type    VARCHAR(100) NOT NULL,
  stream_id      VARCHAR(512) NOT NULL,
  stream_version BIGINT       NOT NULL,
  partition_no   INTEGER      NOT NULL,
  epoch          BIGINT       NOT NULL,
  sequence       BIGINT       NOT NULL,
  event_type     VARCHAR(120) NOT NULL,
  PRIMARY KEY (projection, version, stream_type, stream_id, stream_version)
);

-- What people decided, for auditors; never deleted.
CREATE TABLE parked_decision (
  id             BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  projection     VARCHAR(100)                NOT NULL,
  version        INTEGER                     NOT NULL,
  stream_type    VARCHAR(100)                NOT NULL,
  stream_id      VARCHAR(512)                NOT NULL,
  action         VARCHAR(10)                 NOT NULL CHECK (action IN ('retry', 'skip')),
  who            VARCHAR(200)                NOT NULL,
  decided_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  -- Of a skip: which event, and why.
  stream_version BIGINT,
  sequence       BIGINT,
  event_type     VARCHAR(120),
  why            VARCHAR(1000),
  -- Of a retry: how many events it applied; 0 and the error if the aggregate stayed parked.
  applied_events BIGINT,
  error          VARCHAR(1000)
);

CREATE INDEX parked_decision_stream
  ON parked_decision (projection, version, stream_type, stream_id);
