-- What the hashes of cube-hours.sql stand for in the same feed and span: of a place the site and where it lies, else source, direction, document
-- type and vehicle class. hash: 16 hexadecimal digits.
SELECT 1 AS is_place, lower(leftPad(hex(cityHash64(site, province, zone)), 16, '0')) AS hash, [site, toString(province), toString(zone)] AS names
FROM cube_hours FINAL
WHERE feed = {feed:String} AND hour >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
GROUP BY site, province, zone
UNION ALL
SELECT 0 AS is_place, lower(leftPad(hex(cityHash64(source, direction, document_type, vehicle_class)), 16, '0')) AS hash,
  [toString(source), toString(direction), toString(document_type), toString(vehicle_class)] AS names
FROM cube_hours FINAL
WHERE feed = {feed:String} AND hour >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
GROUP BY source, direction, document_type, vehicle_class
