-- Who is in the audit journal, the latest first.
SELECT actor FROM audit GROUP BY actor ORDER BY max(at) DESC, actor LIMIT {limit:UInt32}
