import type { Dice } from './dice.ts'

/** Share of reads that are wrong: 9.5 % in a published sample, mostly one unread character. */
export const misreadShare = 0.095

const alike: Readonly<Record<string, string>> = { '0': '8', '8': '3', '3': '8', '1': '7', '7': '1', '5': '6', '6': '5', ข: 'ฃ', ก: 'ถ', ค: 'ด', ด: 'ค', B: '8', O: '0' } // prettier-ignore

/** What a camera makes of a plate: the text it reports and how sure it is of the whole. */
export function readPlate(dice: Dice, plate: string): { plate: string; confidence: number } {
  const confidence = (min: number, max: number): number => Math.round(dice.between(min, max) * 1000) / 1000
  if (!dice.chance(misreadShare)) return { plate, confidence: confidence(0.88, 0.995) }
  const marks = [...plate]
  const places = marks.flatMap((mark, i) => (mark === ' ' || mark === '-' || mark === '/' ? [] : [i]))
  const place = dice.pick(places)
  const wrong = dice.chance(0.85) ? '?' : (alike[marks[place] as string] ?? '?')
  marks[place] = wrong
  return { plate: marks.join(''), confidence: wrong === '?' ? confidence(0.35, 0.7) : confidence(0.6, 0.9) }
}
