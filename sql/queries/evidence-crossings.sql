-- Rows of crossings that one revision of an alert rests on, as they stand now, with the message of the log that brought each.
-- Pseudonyms and keys as 16 hexadecimal digits, times in ms UTC.
WITH found AS
(
  SELECT * FROM crossings_current
  WHERE event_key IN
  (
    SELECT arrayJoin(events) FROM alert_revisions FINAL
    WHERE alert_id = {alert_id:String} AND revision = {revision:UInt32}
  )
)
SELECT
  lower(leftPad(hex(event_key), 16, '0')) AS event_key_hex,
  event_id, source, site,
  toFloat64(toUnixTimestamp64Milli(at)) AS at_ms,
  toFloat64(toUnixTimestamp64Milli(ingested_at)) AS ingested_ms,
  lower(leftPad(hex(batch), 16, '0')) AS batch_hex,
  toFloat64(message.log_seq) AS log_seq,
  toUInt32(bitShiftRight(version, 32)) AS event_revision,
  direction, mode, document_type, lower(leftPad(hex(traveller), 16, '0')) AS traveller_hex, nationality,
  lower(leftPad(hex(vehicle), 16, '0')) AS vehicle_hex, declared_province, outcome
FROM found
LEFT JOIN
(
  SELECT batch, max(log_seq) AS log_seq FROM batches
  WHERE batch IN
  (
    -- From the table and not from `found`, which would be worked out a second time.
    SELECT batch FROM crossings WHERE event_key IN
    (
      SELECT arrayJoin(events) FROM alert_revisions FINAL
      WHERE alert_id = {alert_id:String} AND revision = {revision:UInt32}
    )
  )
  GROUP BY batch
) AS message ON found.batch = message.batch
ORDER BY at_ms, event_key_hex
