import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { everybody } from './access.ts'
import { page, pageStyle } from './page.ts'

/** The built web of `root`: files as they are, the application's page for every other path of a page. */
export function webRoutes(app: FastifyInstance, options: { root: string }): void {
  const { root } = options
  void app.register(fastifyStatic, { root, serve: false, preCompressed: true })

  app.get('/page.css', { config: everybody }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'max-age=3600').send(pageStyle),
  )

  app.get<{ Params: { '*': string } }>('/*', { config: everybody }, async (request, reply) => {
    const path = request.params['*']
    if (/^(api|v1|health)(\/|$)/.test(path)) return reply.callNotFound()
    const file = normalize(join(root, path))
    if (file.startsWith(root + sep) && (await isFile(file))) {
      // The build puts a hash of the content into the names under assets/.
      if (path.startsWith('assets/')) return reply.sendFile(path, { maxAge: '365d', immutable: true })
      // The mark above all, which browsers ask for again with every address.
      return reply.sendFile(path, { maxAge: '1h' })
    }
    if (extname(path) !== '') return reply.callNotFound()
    if (await isFile(join(root, 'index.html')))
      return reply.header('cache-control', 'no-cache').sendFile('index.html', { cacheControl: false })
    return notBuilt(reply)
  })
}

const isFile = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isFile() ?? false

function notBuilt(reply: FastifyReply): FastifyReply {
  return reply
    .code(503)
    .type('text/html; charset=utf-8')
    .send(
      page('The web pages are not built yet', [
        'The API works; its pages are missing.',
        'In the folder of Daan run `npm run build`, then load this page again.',
      ]),
    )
}
