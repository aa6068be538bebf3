/** A server program on this machine; `from` says where it was found. */
export interface FoundServer {
  readonly path: string
  readonly version: string
  readonly from: 'PATH' | 'cache'
}

export const cacheFolder: string
export function installedNatsServer(
  env?: NodeJS.ProcessEnv,
  folders?: { cache?: string; extra?: string[] },
): FoundServer | undefined
export function versionOf(path: string): string | undefined
export function atLeast(version: string, wanted: string): boolean
