import { createServer } from 'node:net'

/** A TCP port that is free now on `host`. Nothing holds it: whoever asked should use it at once. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return probe(0, host)
}

/**
 * `wanted` where it is free on `host`, otherwise (or for 0) a free one, after saying so. Throws where the port may not be
 * used at all, naming the variable to set.
 */
export async function takePort(
  wanted: { port: number; variable: string; what: string },
  host: string,
  say: (text: string) => void,
): Promise<number> {
  const { port, variable, what } = wanted
  if (port === 0) return freePort(host)
  try {
    return await probe(port, host)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code !== 'EADDRINUSE')
      throw new Error(
        `Port ${port} of ${host} cannot be used for the ${what} (${code}): set ${variable} or HOST.`,
        {
          cause,
        },
      )
    const free = await freePort(host)
    say(`Port ${port} (${what}) is in use: taking ${free}. Set ${variable} to choose another one.`)
    return free
  }
}

function probe(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port))
    })
  })
}
