-- What was done with one alert, first to last; undone says whether it was taken back.
SELECT
  action_id, alert_id, action, actor, role, toFloat64(toUnixTimestamp64Milli(at)) AS at_ms, value, reason, comment, undo_of,
  toUInt8(action_id IN (SELECT undo_of FROM triage_actions WHERE alert_id = {alert_id:String} AND action = 'undo')) AS undone
FROM
(
  SELECT * FROM triage_actions FINAL WHERE alert_id = {alert_id:String}
)
ORDER BY log_id, triage_seq
