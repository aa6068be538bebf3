-- Whether the store answers and has its schema.
SELECT toUInt32(count()) AS migrations FROM migrations FINAL
