import '@fastify/cookie'
import '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { everybody, people } from './access.ts'
import { burnLogin } from './logins.ts'
import { page } from './page.ts'
import { Problem } from './problem.ts'
import { sessionCookie, sessionMs, type Sessions } from './session.ts'
import type { Me } from './shapes.ts'
import { actorOf } from './triage-item.ts'

const LoginQuery = Type.Object({ token: Type.Optional(Type.String({ maxLength: 128 })) })

/** GET /login, POST /api/logout, GET /api/me. */
export function signInRoutes(
  app: FastifyInstance,
  deps: { dataDir: string; sessions: Sessions; about: () => Promise<Omit<Me, 'role' | 'actor'>> },
): void {
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure: 'auto' } as const

  app.get<{ Querystring: { token?: string } }>(
    '/login',
    {
      // A HEAD, as link checkers send it, must not use the token up.
      exposeHeadRoute: false,
      config: { ...everybody, rateLimit: { max: 20, timeWindow: '1 minute' } },
      schema: { querystring: LoginQuery },
    },
    async (request, reply) => {
      const { token } = request.query
      const role = token === undefined ? undefined : await burnLogin(deps.dataDir, token)
      reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
      if (role === undefined) return refuse(reply, token !== undefined, request.headers['accept-language'])
      const { cookie: value } = deps.sessions.open(role)
      return reply.setCookie(sessionCookie, value, { ...cookie, maxAge: sessionMs / 1000 }).redirect('/', 303)
    },
  )

  app.post('/api/logout', { config: people }, async (request, reply) => {
    if (request.caller?.kind === 'person') deps.sessions.end(request.caller.session)
    return reply.clearCookie(sessionCookie, cookie).code(204).send()
  })

  app.get('/api/me', { config: people }, async (request): Promise<Me> => {
    if (request.caller?.kind !== 'person')
      throw new Problem(403, { code: 'SCOPE', message: 'Only people may.' })
    return {
      role: request.caller.session.role,
      actor: actorOf(request.caller.session),
      ...(await deps.about()),
    }
  })
}

function refuse(reply: FastifyReply, given: boolean, languages: string | undefined): FastifyReply {
  const language = /^\s*th\b/i.test(languages ?? '') ? 'th' : 'en'
  const { used, none, paragraphs } = refusals[language]
  return reply
    .code(given ? 401 : 200)
    .type('text/html; charset=utf-8')
    .header('vary', 'accept-language')
    .send(page(given ? used : none, paragraphs, language))
}

const refusals = {
  en: {
    used: 'This sign-in link is used or has run out',
    none: 'Sign in with a link',
    paragraphs: [
      'A link signs one person in, once, and is good for 15 minutes; the one of a start for an hour.',
      'On the server, in the folder of Daan, run `npm run login -- --role analyst` (or leader, admin) and open the link that it prints.',
      'Already signed in in this browser? Go to the address of the dashboard without anything after it.',
    ],
  },
  th: {
    used: 'ลิงก์เข้าสู่ระบบนี้ถูกใช้แล้วหรือหมดอายุ',
    none: 'เข้าสู่ระบบด้วยลิงก์',
    paragraphs: [
      'ลิงก์ใช้ได้ครั้งเดียวสำหรับหนึ่งคน ภายใน 15 นาที ลิงก์ที่แสดงตอนเริ่มระบบใช้ได้หนึ่งชั่วโมง',
      'บนเซิร์ฟเวอร์ ในโฟลเดอร์ของ Daan สั่ง `npm run login -- --role analyst` (หรือ leader, admin) แล้วเปิดลิงก์ที่แสดง',
      'หากเข้าสู่ระบบในเบราว์เซอร์นี้แล้ว ให้ไปที่ที่อยู่ของแดชบอร์ดโดยไม่มีส่วนต่อท้าย',
    ],
  },
} as const
