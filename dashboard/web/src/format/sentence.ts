import type { Language } from '../messages/messages.ts'
import type { Calendar } from './format.ts'

/**
 * The sentence of an alert in the reader's language. It was written with years of the common era; who reads Buddhist years gets them here:
 * four digits after a month's name, in the forms that processors/words.ts writes.
 */
export function sentenceOf(
  { sentence }: { readonly sentence: Readonly<Record<Language, string>> },
  { language, calendar }: { readonly language: Language; readonly calendar: Calendar },
): string {
  const text = sentence[language]
  return calendar === 'buddhist'
    ? text.replace(yearAfterMonth, (_, month: string, year: string) => `${month} ${Number(year) + 543}`)
    : text
}

const yearAfterMonth =
  /((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|ม\.ค\.|ก\.พ\.|มี\.ค\.|เม\.ย\.|พ\.ค\.|มิ\.ย\.|ก\.ค\.|ส\.ค\.|ก\.ย\.|ต\.ค\.|พ\.ย\.|ธ\.ค\.)) (\d{4})\b/g
