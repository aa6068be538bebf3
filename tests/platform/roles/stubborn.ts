/** A role for tests that does not stop when it is asked to. */
process.on('SIGTERM', () => {})
process.on('disconnect', () => {})
process.stdout.write('up\n')
setInterval(() => {}, 1_000)
