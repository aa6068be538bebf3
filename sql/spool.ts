import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** Short-lived files beside an embedded store, through which data reaches it: never inside the text of a statement. */
export interface Spool {
  /** Writes the parts one after the other, hands the absolute path to `use`, removes the file when `use` is done. */
  withFile<T>(parts: readonly Uint8Array[], use: (path: string) => Promise<T>): Promise<T>
}

/** A spool in `folder` (mode 700), emptied of what an earlier process left behind: it was read in full or not at all. */
export function openSpool(folder: string): Spool {
  const root = resolve(folder)
  mkdirSync(root, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(root)) if (name.endsWith('.spool')) rmSync(join(root, name), { force: true })
  let number = 0
  return {
    async withFile(parts, use) {
      const path = join(root, `${process.pid}-${number++}.spool`)
      try {
        const file = await open(path, 'w', 0o600)
        try {
          await file.writev([...parts])
        } finally {
          await file.close()
        }
        return await use(path)
      } finally {
        await rm(path, { force: true })
      }
    },
  }
}
