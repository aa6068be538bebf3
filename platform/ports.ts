import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, others from 49152): a role that is started again finds its
 * port as it left it, and not under a connection that somebody made meanwhile.
 */
const lowest = 20_000
const above = 32_000
const tries = 20

/** A TCP port that is free now on `host`. Nothing holds it: whoever asked should use it at once. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let n = 0; n < tries; n++)
    try {
      return await probe(randomInt(lowest, above), host)
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') break
    }
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
