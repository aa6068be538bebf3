-- Last message of the ALERTS stream that the store has alerts of.
SELECT toFloat64(max(commit_seq)) AS seq FROM alerts
