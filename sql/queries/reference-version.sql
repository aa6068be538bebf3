-- Changes with every row of reference data that comes in.
SELECT concat(toString(max(log_seq)), ':', toString(count())) AS version FROM reference
