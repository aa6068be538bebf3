import { streams } from '../../ingest/feeds/log-subjects.ts'
import type { Dice } from '../../ingest/world/dice.ts'
import type { AlertCommit } from '../../processors/alert.ts'
import { until } from '../support/until.ts'
import { exitOf, type Part } from './parts.ts'
import { rest } from './senders.ts'
import { slices, type System } from './system.ts'

/** One kind of fault: strikes, and heals what a supervisor or the network would heal. Gives what it found wrong by itself. */
export interface Fault {
  readonly kind: string
  strike(system: System, dice: Dice): Promise<readonly string[]>
}

const victims: readonly [string, (system: System, dice: Dice) => Part][] = [
  ['nats-server', (system) => system.natsServer],
  ['ingest', (system) => system.ingest],
  ['processor', (system, dice) => dice.pick(system.processors)],
  ['archive', (system) => system.archive],
  ['store', (system) => system.store],
]

/** Every kind of fault there is. */
export const faults: readonly Fault[] = [
  ...victims.flatMap(([name, part]): Fault[] => [
    { kind: `kill ${name}`, strike: async (system, dice) => (await part(system, dice).kill(), []) },
    { kind: `restart ${name}`, strike: async (system, dice) => (await part(system, dice).restart(), []) },
    {
      kind: `stop ${name}`,
      strike: async (system, dice) => {
        const pid = part(system, dice).pid()
        process.kill(pid, 'SIGSTOP')
        await rest(dice.int(300, 2_000))
        process.kill(pid, 'SIGCONT')
        return []
      },
    },
  ]),
  ...(['toNats', 'toStore', 'toGateway'] as const).map((link): Fault => ({
    kind: `cut ${link}`,
    strike: async (system, dice) => {
      const proxy = dice.pick(system.links[link])
      const manner = dice.pick(['cut', 'refuse', 'hang'] as const)
      proxy[manner]()
      await rest(dice.int(100, 1_500))
      proxy.heal()
      return []
    },
  })),
  { kind: 'take over', strike: (system, dice) => takeOver(system, dice.int(0, slices - 1)) },
]

/** A stopped owner is replaced; when it goes on, it must write nothing and end. */
async function takeOver(system: System, index: number): Promise<readonly string[]> {
  const first = system.processors[index] as System['processors'][number]
  const subject = `alerts.${index + 1}-of-${slices}`
  first.letGo()
  process.kill(first.pid(), 'SIGSTOP')
  const before = await epochOf(system, subject)
  const second = system.secondOwner(index)
  system.processors[index] = second
  await until(
    'the second owner to take the slice over',
    async () => (await epochOf(system, subject)) > before,
    120_000,
  )
  process.kill(first.pid(), 'SIGCONT')
  const code = await exitOf(first.child(), 120_000)
  await first.close()
  if (code === undefined) return [`an owner that was replaced did not end within 2 min`]
  return code === 0 ? ['an owner that was replaced ended as if nothing had happened'] : []
}

async function epochOf(system: System, subject: string): Promise<number> {
  const message = await system.nats.jsm.streams.getMessage(streams.alerts, { last_by_subj: subject })
  return message === null ? 0 : message.json<AlertCommit>().epoch
}
