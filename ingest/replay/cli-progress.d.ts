/** What the replay uses of cli-progress, which comes without types. */
declare module 'cli-progress' {
  export interface Options {
    readonly stream?: NodeJS.WritableStream
    readonly format?: string
    readonly noTTYOutput?: boolean
    readonly notTTYSchedule?: number
    readonly hideCursor?: boolean
    readonly etaBuffer?: number
    readonly fps?: number
  }
  export class SingleBar {
    constructor(options: Options)
    start(total: number, value: number, payload?: object): void
    update(value: number, payload?: object): void
    stop(): void
  }
  const cliProgress: { readonly SingleBar: typeof SingleBar }
  export default cliProgress
}
