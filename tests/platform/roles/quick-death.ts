/** A role for tests that says something and dies. */
process.stdout.write('about to die\n')
process.stderr.write(`${JSON.stringify({ level: 50, msg: 'cannot go on', port: 1 })}\n`)
process.exitCode = 3
