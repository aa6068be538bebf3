/** Fetches the official release of nats-server and checks it against a known sha256. */
import { createHash } from 'node:crypto'
import { chmodSync, renameSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/**
 * sha256 of `nats-server-v<version>-<platform>-<arch>.tar.gz`. Those of Linux are the ones that NATS publishes in its own
 * Docker images (github.com/nats-io/nats-docker, 2.12.x). There is no such second source for macOS: there the release's own
 * SHA256SUMS, fetched over https, is what it is checked against, which guards the transport but not the release page.
 * @type {Readonly<Record<string, string>>}
 */
const known = {
  '2.12.15-linux-amd64': '58ab8131f819263897e2fc38e503e1b755b63bcafeecc7d12582487df48ca15e',
  '2.12.15-linux-arm64': 'b724db99fefbf8f5c808baa82819ee50350aee9734017e4a478f7e545cef3ab6',
  '2.12.15-linux-arm7': '72311fe4e14ce3ce22dc8e7ac02633e6f31a9bab4086c92a31fd040e59683c8a',
  '2.12.15-linux-s390x': '5db960be875da499f1354f41c0a7780303fb9644cf62d35022677e77b4178029',
  '2.12.15-linux-ppc64le': '56447e72ec0551fa27a4368388dee475e028d4d5de6d97a802d944c6f278cf1e',
}

/** Node's names of processors as the release names them. @type {Readonly<Record<string, string>>} */
const processors = { x64: 'amd64', arm64: 'arm64', arm: 'arm7', s390x: 's390x', ppc64: 'ppc64le' }

/**
 * Downloads, checks, unpacks and puts the program at `target` in one step. Throws with the reason when it cannot.
 * `NATS_RELEASES_URL` names a mirror, for networks that do not reach GitHub.
 * @param {string} version
 * @param {string} target
 * @param {{ say: (text: string) => void, env?: NodeJS.ProcessEnv, baseUrl?: string, checksums?: Readonly<Record<string, string>> }} options
 */
export async function download(version, target, { say, env = process.env, baseUrl, checksums = known }) {
  const architecture = processors[process.arch]
  if (architecture === undefined || !['linux', 'darwin'].includes(process.platform))
    throw new Error(`there is none for ${process.platform} ${process.arch}`)
  const folder = `${baseUrl ?? env['NATS_RELEASES_URL'] ?? 'https://github.com/nats-io/nats-server/releases/download'}/v${version}`
  const build = `${process.platform}-${architecture}`
  const file = `nats-server-v${version}-${build}.tar.gz`
  say(`Downloading ${file} from ${new URL(folder).host}.`)
  const packed = await get(`${folder}/${file}`)
  const wanted = checksums[`${version}-${build}`] ?? (await publishedSum(`${folder}/SHA256SUMS`, file))
  const actual = createHash('sha256').update(packed).digest('hex')
  if (actual !== wanted) throw new Error(`its sha256 is ${actual}, not ${wanted}`)
  const program = entryOf(gunzipSync(packed), '/nats-server')
  if (program === undefined) throw new Error('there is no nats-server in it')
  writeFileSync(`${target}.part`, program)
  chmodSync(`${target}.part`, 0o755)
  renameSync(`${target}.part`, target)
}

/** @param {string} url @returns {Promise<Buffer>} */
async function get(url) {
  // One time limit to be answered, another one for the whole: a firewall that swallows packets must not cost minutes.
  const limit = new AbortController()
  const answer = setTimeout(() => limit.abort(), 10_000)
  const whole = setTimeout(() => limit.abort(), 120_000)
  try {
    const response = await fetch(url, { signal: limit.signal })
    clearTimeout(answer)
    if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`)
    return Buffer.from(await response.arrayBuffer())
  } catch (error) {
    if (limit.signal.aborted)
      throw new Error(`${new URL(url).host} does not answer in time`, { cause: error })
    if (error instanceof TypeError) throw new Error(`${new URL(url).host} is not reached`, { cause: error })
    throw error
  } finally {
    clearTimeout(answer)
    clearTimeout(whole)
  }
}

/** @param {string} url @param {string} file */
async function publishedSum(url, file) {
  const lines = (await get(url)).toString('utf8').split('\n')
  const line = lines.find((text) => text.trim().endsWith(file))
  if (line === undefined) throw new Error(`SHA256SUMS does not name ${file}`)
  return line.trim().split(/\s+/)[0]
}

/**
 * The contents of the first file in a tar archive whose name ends with `suffix`.
 * @param {Buffer} tar
 * @param {string} suffix
 * @returns {Buffer | undefined}
 */
function entryOf(tar, suffix) {
  for (let at = 0; at + 512 <= tar.length;) {
    const name = tar.toString('latin1', at, at + 100).replace(/\0.*$/s, '')
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8) || 0
    if (name.endsWith(suffix)) return tar.subarray(at + 512, at + 512 + size)
    at += 512 + Math.ceil(size / 512) * 512
  }
  return undefined
}
