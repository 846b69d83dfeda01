-- How fresh each projection is, and which events made which row. Times are the database's own.

-- When the next look is overdue: until then "nothing new" is believed. Then two moments at which a
-- head was as it was before it grew: whoever has applied that much lacks nothing older. "still" is
-- the last one; "pin" stays as long as a projection that has fallen behind since then needs it.
ALTER TABLE partition_head ADD COLUMN next_look_by TIMESTAMP(6) WITH TIME ZONE;
ALTER TABLE partition_head ADD COLUMN still_sequence BIGINT;
ALTER TABLE partition_head ADD COLUMN still_at TIMESTAMP(6) WITH TIME ZONE;
ALTER TABLE partition_head ADD COLUMN pin_sequence BIGINT;
ALTER TABLE partition_head ADD COLUMN pin_at TIMESTAMP(6) WITH TIME ZONE;

-- The events that touched a row, one row for each, in the order in which they were applied. Written
-- in the transaction that writes the row, by projections that have it switched on.
CREATE TABLE lineage (
  entry          BIGINT GENERATED ALWAYS AS IDENTITY,
  projection     VARCHAR(100)                NOT NULL,
  version        INTEGER                     NOT NULL,
  table_name     VARCHAR(127)                NOT NULL,
  -- The values of the key columns as a JSON array.
  row_key        VARCHAR                     NOT NULL,
  stream_type    VARCHAR(100)                NOT NULL,
  stream_id      VARCHAR(512)                NOT NULL,
  stream_version BIGINT                      NOT NULL,
  event_type     VARCHAR(120)                NOT NULL,
  occurred_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  commit_id      VARCHAR(512)                NOT NULL,
  partition_no   INTEGER                     NOT NULL,
  sequence       BIGINT                      NOT NULL
);

CREATE INDEX lineage_row ON lineage USING hash (row_key);

DROP VIEW projection_status;

CREATE VIEW projection_partition_status AS
SELECT s.projection,
       s.version,
       s.partition_no,
       s.head_sequence,
       s.applied_sequence,
       CASE WHEN s.head_sequence > s.applied_sequence
            THEN s.head_sequence - s.applied_sequence
            WHEN s.head_sequence IS NOT NULL THEN 0 END AS lag_events,
       CASE WHEN s.head_sequence <= s.applied_sequence AND s.next_look_by >= statement_timestamp() THEN 0
            WHEN s.complete_until > statement_timestamp() THEN 0
            ELSE CAST(EXTRACT(EPOCH FROM (statement_timestamp() - s.complete_until)) AS NUMERIC(20, 3))
       END AS lag_seconds,
       s.complete_until,
       s.moved_at,
       s.head_seen_at,
       s.owner,
       s.owner_alive,
       s.owner_seen_at,
       s.parked_aggregates,
       s.parked_events
FROM (
  SELECT e.*,
         CASE WHEN e.head_sequence <= e.applied_sequence THEN e.head_seen_at
              ELSE NULLIF(GREATEST(
                     COALESCE(e.event_at, TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00'),
                     CASE WHEN e.applied_sequence >= e.still_sequence THEN e.still_at
                          ELSE TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' END,
                     CASE WHEN e.applied_sequence >= e.pin_sequence THEN e.pin_at
                          ELSE TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' END),
                   TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00')
         END AS complete_until
  FROM (
    SELECT p.projection,
           p.version,
           p.partition_no,
           COALESCE(c.sequence, 0) AS applied_sequence,
           c.updated_at AS moved_at,
           -- Redis gives the entries of its logs times as ids.
           CASE WHEN REGEXP_LIKE(c.log_id, '^[0-9]{13}-')
                THEN TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00'
                     + CAST(SUBSTRING(c.log_id FROM 1 FOR 13) AS BIGINT) * INTERVAL '0.001' SECOND
           END AS event_at,
           h.head_sequence,
           h.head_seen_at,
           h.next_look_by,
           h.still_sequence,
           h.still_at,
           h.pin_sequence,
           h.pin_at,
           l.owner,
           CASE WHEN l.owner IS NOT NULL
                THEN COALESCE(i.expires_at > statement_timestamp(), FALSE) END AS owner_alive,
           i.seen_at AS owner_seen_at,
           COALESCE(k.aggregates, 0) AS parked_aggregates,
           COALESCE(k.events, 0) AS parked_events
    FROM (
      SELECT projection, version, partition_no FROM projection_checkpoint
      UNION
      SELECT projection, version, partition_no FROM projection_lease
    ) p
    LEFT JOIN projection_checkpoint c
      ON c.projection = p.projection AND c.version = p.version AND c.partition_no = p.partition_no
    LEFT JOIN partition_head h
      ON h.partition_no = p.partition_no
         AND h.epoch = COALESCE(c.epoch, (SELECT MAX(n.epoch) FROM partition_head n
                                          WHERE n.partition_no = p.partition_no
                                            AND n.head_seen_at = (SELECT MAX(m.head_seen_at)
                                                                  FROM partition_head m
                                                                  WHERE m.partition_no
                                                                        = p.partition_no)))
    LEFT JOIN projection_lease l
      ON l.projection = p.projection AND l.version = p.version AND l.partition_no = p.partition_no
    LEFT JOIN runner_instance i ON i.instance = l.owner
    LEFT JOIN (
      SELECT projection, version, partition_no, COUNT(*) AS aggregates,
             SUM(waiting_events) AS events
      FROM parked_aggregate GROUP BY projection, version, partition_no
    ) k ON k.projection = p.projection AND k.version = p.version
           AND k.partition_no = p.partition_no
  ) e
) s;

CREATE VIEW projection_status AS
SELECT p.projection,
       p.version,
       COALESCE(v.state, 'serving') AS state,
       COALESCE(v.state, 'serving') = 'serving' AS serving,
       s.partitions,
       s.head,
       s.applied,
       s.lag_events,
       s.lag_seconds,
       s.complete_until,
       CASE WHEN s.head > 0 THEN CAST(CAST(s.applied AS NUMERIC(30, 10)) / s.head AS NUMERIC(10, 4))
            WHEN s.head = 0 THEN 1 END AS progress,
       CASE WHEN v.state = 'building' AND s.moved_at > v.created_at
            THEN CAST(s.applied / EXTRACT(EPOCH FROM (s.moved_at - v.created_at))
                      AS NUMERIC(20, 1)) END AS events_per_second,
       COALESCE(s.parked_aggregates, 0) AS parked_aggregates,
       COALESCE(s.parked_events, 0) AS parked_events,
       COALESCE(s.owned_partitions, 0) AS owned_partitions,
       s.owners,
       r.last_heard_at,
       s.moved_at,
       s.head_seen_at
FROM (
  SELECT projection, version FROM projection_checkpoint
  UNION
  SELECT projection, version FROM projection_lease
  UNION
  SELECT projection, version FROM projection_version
) p
LEFT JOIN projection_version v ON v.projection = p.projection AND v.version = p.version
LEFT JOIN (
  SELECT projection,
         version,
         COUNT(*) AS partitions,
         CAST(SUM(CASE WHEN head_sequence >= applied_sequence THEN head_sequence
                       WHEN head_sequence IS NOT NULL THEN applied_sequence END) AS BIGINT) AS head,
         CAST(SUM(applied_sequence) AS BIGINT) AS applied,
         CAST(SUM(lag_events) AS BIGINT) AS lag_events,
         -- Not known of one partition: not known of all.
         CASE WHEN COUNT(lag_seconds) = COUNT(*) THEN MAX(lag_seconds) END AS lag_seconds,
         CASE WHEN COUNT(complete_until) = COUNT(*) THEN MIN(complete_until) END AS complete_until,
         CAST(SUM(parked_aggregates) AS BIGINT) AS parked_aggregates,
         CAST(SUM(parked_events) AS BIGINT) AS parked_events,
         COUNT(CASE WHEN owner_alive THEN 1 END) AS owned_partitions,
         STRING_AGG(DISTINCT CASE WHEN owner_alive THEN owner END, ', '
                    ORDER BY CASE WHEN owner_alive THEN owner END) AS owners,
         MAX(moved_at) AS moved_at,
         MIN(head_seen_at) AS head_seen_at
  FROM projection_partition_status
  GROUP BY projection, version
) s ON s.projection = p.projection AND s.version = p.version
LEFT JOIN (
  SELECT m.projection, m.version, MAX(i.seen_at) AS last_heard_at
  FROM runner_projection m JOIN runner_instance i ON i.instance = m.instance
  GROUP BY m.projection, m.version
) r ON r.projection = p.projection AND r.version = p.version;
