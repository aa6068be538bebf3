-- The rows of cube_hours of a feed and span. place_hash and kind_hash stand for what cube-names.sql spells out: texts would be most of the bytes.
-- hours: only these, seconds UTC; empty: all of the span. out_s: hour of check-out, 0 none.
SELECT
  toUInt32(hour) AS hour_s, cityHash64(site, province, zone) AS place_hash, cityHash64(source, direction, document_type, vehicle_class) AS kind_hash,
  toUInt32(out_hour) AS out_s, toUInt32(count) AS records, toUInt32(people) AS persons, toUInt32(refused) AS refusals, toUInt32(late) AS lates
FROM cube_hours FINAL
WHERE feed = {feed:String} AND hour >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  AND toUInt32(hour) IN {hours:Array(UInt32)} -- if hours
  AND count > 0
