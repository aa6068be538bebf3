/** Every measurement of this folder; see command.ts. */
await import('./all.ts')
