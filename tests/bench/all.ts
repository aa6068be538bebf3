import { runCommand } from './command.ts'

/** `npm run bench -- all`: every measurement of this folder, one after the other. They print figures and judge nothing. */
await runCommand('all')
