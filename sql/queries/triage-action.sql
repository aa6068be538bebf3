-- The alerts of one action, none while it is not readable yet; undone says whether it was taken back for that alert.
SELECT alert_id, action,
  toUInt8((alert_id, action_id) IN (SELECT alert_id, undo_of FROM triage_actions WHERE action IN ('undo', 'unsnooze'))) AS undone
FROM
(
  SELECT * FROM triage_actions FINAL WHERE action_id = {action_id:String}
)
ORDER BY alert_id
