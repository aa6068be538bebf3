import type { Plugin, Rolldown } from 'vite'

/**
 * Links the scripts that draw charts and read Arrow in the page's head, so that the browser fetches them beside the application: over HTTP/1.1 it opens
 * six connections, and a script that is asked for later waits behind whatever questions have taken them.
 */
export function preloadPlugin(names: readonly string[]): Plugin {
  return {
    name: 'preload-scripts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle }) =>
        filesOf(bundle ?? {}, names).map((file) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
          injectTo: 'head',
        })),
    },
  }
}

/** The files of these chunks, in their order; a name that no chunk has is an error, since the page would be slow and say nothing. */
function filesOf(bundle: Rolldown.OutputBundle, names: readonly string[]): string[] {
  const chunks = Object.values(bundle).filter((one): one is Rolldown.OutputChunk => one.type === 'chunk')
  return names.map((name) => {
    const chunk = chunks.find((one) => one.name === name)
    if (chunk === undefined) throw new Error(`No chunk is called ${name}: see dashboard/web/vite.config.ts.`)
    return chunk.fileName
  })
}
