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

/** Colours that a camera takes for one another in poor light. */
const alikeColours: Readonly<Record<string, string>> = { white: 'silver', silver: 'grey', grey: 'silver', black: 'grey', blue: 'black', red: 'brown', bronze: 'silver' } // prettier-ignore

/** Make and colour as a camera sees them: one colour in forty is its neighbour, one make or colour in 250 is plainly wrong. */
export function readLooks(
  dice: Dice,
  { make, colour }: { readonly make: string; readonly colour: string },
): { make: string; colour: string } {
  const luck = dice.float()
  if (luck < 0.025) return { make, colour: alikeColours[colour] ?? colour }
  if (luck < 0.027) return { make, colour: colour === 'white' ? 'black' : 'white' }
  if (luck < 0.029) return { make: make === 'Toyota' ? 'Honda' : 'Toyota', colour }
  return { make, colour }
}
