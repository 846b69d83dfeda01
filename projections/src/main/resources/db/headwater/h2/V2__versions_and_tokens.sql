-- Versions of a projection have checkpoints of their own. The token tells owners of a partition
-- apart: who writes a checkpoint must know it.
DROP VIEW projection_status;

ALTER TABLE projection_checkpoint ADD COLUMN version INTEGER DEFAULT 1 NOT NULL;
ALTER TABLE projection_checkpoint ADD COLUMN token BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE projection_checkpoint DROP PRIMARY KEY;
ALTER TABLE projection_checkpoint ADD PRIMARY KEY (projection, version, partition_no);

CREATE VIEW projection_status AS
SELECT c.projection,
       c.version,
       c.partition_no,
       c.sequence AS applied_sequence,
       c.updated_at,
       h.head_sequence,
       h.head_seen_at,
       CASE WHEN h.head_sequence > c.sequence THEN h.head_sequence - c.sequence
            WHEN h.head_sequence IS NOT NULL THEN 0 END AS lag_events
FROM projection_checkpoint c
LEFT JOIN partition_head h ON h.partition_no = c.partition_no AND h.epoch = c.epoch;
