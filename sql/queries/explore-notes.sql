-- What the reference data says about days of a span: public holidays, and sites that were closed or kept unusual hours. id: the
-- day of a holiday, else the site.
SELECT
  table_name AS kind, id,
  JSONExtractString(row, 'name') AS name, JSONExtractString(row, 'nameTh') AS name_th,
  JSONExtractString(row, 'hours') AS hours, JSONExtractString(row, 'reason') AS reason,
  toFloat64(toUnixTimestamp64Milli(from_at)) AS from_ms,
  toFloat64(ifNull(toUnixTimestamp64Milli(to_at), {to:Int64})) AS to_ms
FROM reference_dated
WHERE (table_name = 'holidays' AND id >= {first_day:String} AND id <= {last_day:String})
  OR (
    table_name = 'hours' AND JSONExtractString(row, 'reason') != 'usual'
    AND toUnixTimestamp64Milli(from_at) < {to:Int64}
    AND (to_at IS NULL OR toUnixTimestamp64Milli(assumeNotNull(to_at)) > {from:Int64})
  )
ORDER BY kind, id, from_ms
