-- How far each projection has come in each partition of the event store. Written in the transaction
-- that writes the read model, so it is the truth.
CREATE TABLE projection_checkpoint (
  projection   VARCHAR(100)                NOT NULL,
  partition_no INTEGER                     NOT NULL,
  epoch        BIGINT                      NOT NULL,
  log_id       VARCHAR(100)                NOT NULL,
  sequence     BIGINT                      NOT NULL,
  updated_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (projection, partition_no)
);

-- The last event of each partition as a runner saw it. A table of its own, so that watching the
-- store never waits for a projection's transaction.
CREATE TABLE partition_head (
  partition_no  INTEGER                     NOT NULL,
  epoch         BIGINT                      NOT NULL,
  head_sequence BIGINT                      NOT NULL,
  head_seen_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (partition_no, epoch)
);

-- For analysts: how fresh is each projection? Null where no runner has looked at the store.
CREATE VIEW projection_status AS
SELECT c.projection,
       c.partition_no,
       c.sequence AS applied_sequence,
       c.updated_at,
       h.head_sequence,
       h.head_seen_at,
       CASE WHEN h.head_sequence > c.sequence THEN h.head_sequence - c.sequence
            WHEN h.head_sequence IS NOT NULL THEN 0 END AS lag_events
FROM projection_checkpoint c
LEFT JOIN partition_head h ON h.partition_no = c.partition_no AND h.epoch = c.epoch;
