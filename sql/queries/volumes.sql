-- Volumes by bucket, site and kind, for charts. Where a site has records in a bucket, they count; where it has none, the totals
-- that somebody else counted do, unless a total spans more than the bucket (a day's in an hour). Buckets without a row are zero. zone: of buckets wider than an hour.
SELECT time, site, kind, feed, toFloat64(sum(bucket_count)) AS count, toFloat64(sum(bucket_people)) AS people
FROM
(
  SELECT
    *,
    max(origin = 'recomputed') OVER (PARTITION BY feed, site, time) AS has_records
  FROM
  (
    SELECT
      toDateTime64(toDateTime(date_trunc({grain:String}, hour, {zone:String}), {zone:String}), 3, 'UTC') AS time,
      site, kind, feed, origin, sum(count) AS bucket_count, sum(people) AS bucket_people
    FROM volumes_hourly FINAL
    WHERE hour >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
      AND ({feed:String} = '' OR feed = {feed:String})
      AND (empty({sites:Array(String)}) OR has({sites:Array(String)}, site))
      AND ({origin:String} = '' OR origin = {origin:String})
      AND (span_hours = 1 OR {grain:String} != 'hour')
    GROUP BY time, site, kind, feed, origin
    HAVING bucket_count > 0
  )
)
WHERE origin = 'recomputed' OR NOT has_records
GROUP BY time, site, kind, feed
ORDER BY time, site, kind, feed
