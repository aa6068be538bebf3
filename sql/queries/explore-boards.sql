-- The values of every dimension, largest first, now and in the span that it is compared with: the leaderboards, and what a change is
-- explained by. now, before: the column asked for; bases: records, for a share. Dimension '' is the total. Each dimension is a scan of its own
-- column: together they would be told apart by all of them first. Days and hours as in explore-series, for the sites and for the rest.
WITH records AS
(
-- if days
  SELECT
    toDateTime(day, {zone:String}) AS at, at >= {from_at:DateTime('UTC')} AND at < {to_at:DateTime('UTC')} AS is_now, at >= {compare_from_at:DateTime('UTC')} AND at < {compare_to_at:DateTime('UTC')} AS is_before,
    feed, province, zone, source, direction, document_type, vehicle_class, {column:Identifier} AS v, count AS b
  FROM cube_days FINAL
  WHERE level = 'area' AND feed IN {feeds:Array(String)} AND day IN {days:Array(Date)}
    AND province IN {provinces:Array(String)} -- if provinces
    AND zone IN {zones:Array(String)} -- if zones
    AND source IN {sources:Array(String)} -- if sources
    AND direction IN {directions:Array(String)} -- if directions
    AND document_type IN {document_types:Array(String)} -- if document_types
    AND vehicle_class IN {vehicle_classes:Array(String)} -- if vehicle_classes
-- end
  UNION ALL
-- if hours_from
  SELECT
    hour AS at, at >= {from_at:DateTime('UTC')} AND at < {to_at:DateTime('UTC')} AS is_now, at >= {compare_from_at:DateTime('UTC')} AND at < {compare_to_at:DateTime('UTC')} AS is_before,
    feed, province, zone, source, direction, document_type, vehicle_class, {column:Identifier} AS v, count AS b
  FROM cube_hours FINAL
  WHERE feed IN {feeds:Array(String)}
    AND hour IN (SELECT toDateTime(arrayJoin(arrayFlatten(arrayMap((a, b) -> range(a, b, 3600), {hours_from:Array(UInt32)}, {hours_to:Array(UInt32)}))), 'UTC'))
    AND site IN {sites:Array(String)} -- if sites
    AND province IN {provinces:Array(String)} -- if provinces
    AND zone IN {zones:Array(String)} -- if zones
    AND source IN {sources:Array(String)} -- if sources
    AND direction IN {directions:Array(String)} -- if directions
    AND document_type IN {document_types:Array(String)} -- if document_types
    AND vehicle_class IN {vehicle_classes:Array(String)} -- if vehicle_classes
-- end
),
of_sites AS
(
-- if site_days
  SELECT
    toDateTime(day, {zone:String}) AS at, at >= {from_at:DateTime('UTC')} AND at < {to_at:DateTime('UTC')} AS is_now, at >= {compare_from_at:DateTime('UTC')} AND at < {compare_to_at:DateTime('UTC')} AS is_before,
    site, {column:Identifier} AS v, count AS b
  FROM cube_days FINAL
  WHERE level = 'site' AND feed IN {feeds:Array(String)} AND day IN {site_days:Array(Date)}
    AND site IN {sites:Array(String)} -- if sites
    AND province IN {provinces:Array(String)} -- if provinces
    AND zone IN {zones:Array(String)} -- if zones
-- end
  UNION ALL
-- if site_hours_from
  SELECT
    hour AS at, at >= {from_at:DateTime('UTC')} AND at < {to_at:DateTime('UTC')} AS is_now, at >= {compare_from_at:DateTime('UTC')} AND at < {compare_to_at:DateTime('UTC')} AS is_before,
    site, {column:Identifier} AS v, count AS b
  FROM cube_hours FINAL
  WHERE feed IN {feeds:Array(String)}
    AND hour IN (SELECT toDateTime(arrayJoin(arrayFlatten(arrayMap((a, b) -> range(a, b, 3600), {site_hours_from:Array(UInt32)}, {site_hours_to:Array(UInt32)}))), 'UTC'))
    AND site IN {sites:Array(String)} -- if sites
    AND province IN {provinces:Array(String)} -- if provinces
    AND zone IN {zones:Array(String)} -- if zones
    AND source IN {sources:Array(String)} -- if sources
    AND direction IN {directions:Array(String)} -- if directions
    AND document_type IN {document_types:Array(String)} -- if document_types
    AND vehicle_class IN {vehicle_classes:Array(String)} -- if vehicle_classes
-- end
)
SELECT
  dimension, value,
  toFloat64(now_v) AS now, toFloat64(now_b) AS now_base, toFloat64(before_v) AS before, toFloat64(before_b) AS before_base
FROM
(
-- if dimensions has site
  SELECT 'site' AS dimension, toString(site) AS value, sumIf(v, is_now) AS now_v, sumIf(b, is_now) AS now_b, sumIf(v, is_before) AS before_v, sumIf(b, is_before) AS before_b
  FROM of_sites GROUP BY site
-- end
  UNION ALL
-- if dimensions has feed
  SELECT 'feed' AS dimension, toString(feed) AS value, sumIf(v, is_now) AS now_v, sumIf(b, is_now) AS now_b, sumIf(v, is_before) AS before_v, sumIf(b, is_before) AS before_b
  FROM records GROUP BY feed
-- end
  UNION ALL
-- if dimensions has province
  SELECT 'province' AS dimension, toString(province) AS value, sumIf(v, is_now) AS now_v, sumIf(b, is_now) AS now_b, sumIf(v, is_before) AS before_v, sumIf(b, is_before) AS before_b
  FROM records GROUP BY province
-- end
  UNION ALL
-- if dimensions has source
  SELECT 'source' AS dimension, toString(source) AS value, sumIf(v, is_now) AS now_v, sumIf(b, is_now) AS now_b, sumIf(v, is_before) AS before_v, sumIf(b, is_before) AS before_b
  FROM records GROUP BY source
-- end
  UNION ALL
-- if dimensions has direction
  SELECT 'direction' AS dimension, toString(direction) AS value, sumIf(v, is_now) AS now_v, sumIf(b, is_now) AS now_b, sumIf(v, is_before) AS before_v, sumIf(b, is_before) AS before_b
  FROM records GROUP BY direction
-- end
  UNION ALL
-- if dimensions has documentType
  SELECT 'documentType' AS dimension, toString(document_type) AS value, sumIf(v, is_now) AS now_v, sumIf(b, is_now) AS now_b, sumIf(v, is_before) AS before_v, sumIf(b, is_before) AS before_b
  FROM records GROUP BY document_type
-- end
  UNION ALL
-- if dimensions has vehicleClass
  SELECT 'vehicleClass' AS dimension, toString(vehicle_class) AS value, sumIf(v, is_now) AS now_v, sumIf(b, is_now) AS now_b, sumIf(v, is_before) AS before_v, sumIf(b, is_before) AS before_b
  FROM records GROUP BY vehicle_class
-- end
  UNION ALL
  SELECT if(grouping(zone) = 0, 'zone', '') AS dimension, toString(zone) AS value, sumIf(v, is_now) AS now_v, sumIf(b, is_now) AS now_b, sumIf(v, is_before) AS before_v, sumIf(b, is_before) AS before_b
  FROM records GROUP BY GROUPING SETS ((zone), ())
)
WHERE now_base > 0 OR before_base > 0
ORDER BY dimension, greatest(now, before) DESC, value
LIMIT {top:UInt32} BY dimension
