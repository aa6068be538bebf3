export const pinnedVersion: string
export function provideNatsServer(options?: {
  env?: NodeJS.ProcessEnv
  cache?: string
  extra?: string[]
  say?: (text: string) => void
  release?: { baseUrl?: string; checksums?: Record<string, string> }
  uid?: number
}): Promise<{ path: string; version: string; from: string }>
