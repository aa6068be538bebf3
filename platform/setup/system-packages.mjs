/** Installs a program through the package manager of the system, where that needs nobody's password. */
import { run } from './say.mjs'

const managers = [
  {
    command: 'apt-get',
    needsRoot: true,
    update: ['-o', 'DPkg::Lock::Timeout=120', 'update', '-qq'],
    install: ['-o', 'DPkg::Lock::Timeout=120', 'install', '-y', '-qq', '--no-install-recommends'],
  },
  { command: 'apk', needsRoot: true, update: ['update', '-q'], install: ['add', '-q'] },
  { command: 'brew', needsRoot: false, update: undefined, install: ['install', '-q'] },
]

/**
 * Installs `name` by the first package manager that is there. Throws with the reason when none is, or it may not.
 * @param {string} name
 * @param {{ env: NodeJS.ProcessEnv, say: (text: string) => void, uid?: number }} deps
 */
export async function installSystemPackage(name, { env, say, uid = process.getuid?.() ?? -1 }) {
  for (const { command, needsRoot, update, install } of managers) {
    if (!(await works(command, ['--version'], env))) continue
    const sudo = needsRoot && uid !== 0
    if (sudo && !(await works('sudo', ['-n', 'true'], env)))
      throw new Error(`${command} needs root, and sudo asks for a password`)
    const call = (/** @type {string[]} */ args, /** @type {number} */ timeoutMs) =>
      run(sudo ? 'sudo' : command, sudo ? ['-n', command, ...args] : args, {
        timeoutMs,
        env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
      })
    say(`Installing ${name} with ${command}.`)
    // An out-of-date list may still have what is wanted: only the installation decides.
    if (update !== undefined) await call(update, 180_000).catch(() => {})
    return call([...install, name], 600_000)
  }
  throw new Error('no package manager known here (apt-get, apk, brew)')
}

/** @returns {Promise<boolean>} */
function works(
  /** @type {string} */ command,
  /** @type {string[]} */ args,
  /** @type {NodeJS.ProcessEnv} */ env,
) {
  return run(command, args, { timeoutMs: 10_000, env, quiet: true }).then(
    () => true,
    () => false,
  )
}
