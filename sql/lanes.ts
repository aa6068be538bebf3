import type { StoreReader } from './store.ts'

/**
 * One reader of several, each of which answers one statement at a time: a long question holds up nobody as long as a lane is free,
 * and those who wait are served in the order of their coming.
 */
export function lanesOf(readers: readonly StoreReader[]): StoreReader {
  const free = [...readers]
  const waiting: ((reader: StoreReader) => void)[] = []
  const onLane = async <T>(ask: (reader: StoreReader) => Promise<T>): Promise<T> => {
    const reader = free.pop() ?? (await new Promise<StoreReader>((resolve) => waiting.push(resolve)))
    try {
      return await ask(reader)
    } finally {
      const next = waiting.shift()
      if (next === undefined) free.push(reader)
      else next(reader)
    }
  }
  return {
    query: <T>(...asked: Parameters<StoreReader['query']>) => onLane((reader) => reader.query<T>(...asked)),
    queryArrow: (...asked) => onLane((reader) => reader.queryArrow(...asked)),
    queryFile: (...asked) => onLane((reader) => reader.queryFile(...asked)),
    close: async () => {
      await Promise.all(readers.map((reader) => reader.close()))
    },
  }
}
