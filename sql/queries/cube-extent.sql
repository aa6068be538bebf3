-- What the cube holds: its latest version, its first and last hour, seconds UTC, and its rows; zeros when it is empty.
SELECT toFloat64(max(version)) AS latest, toUInt32(min(hour)) AS first_s, toUInt32(max(hour)) AS last_s, toFloat64(count()) AS written
FROM cube_hours
