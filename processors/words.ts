import { nameOf, type Reference } from '../ingest/reference/reference.ts'
import type { Words } from './detector.ts'

/** Words of one language, with names from the reference data and times in `timeZone`. */
export function createWords(language: 'en' | 'th', reference: Reference, timeZone: string): Words {
  const locale = language === 'th' ? 'th-TH-u-ca-gregory' : 'en-GB'
  const format = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' })
  const [day, hour, minute] = language === 'th' ? ['วัน', 'ชม.', 'นาที'] : ['d', 'h', 'min']
  return {
    language,
    name: (id) => nameOf(reference, id, language),
    time: (at) => format.format(at),
    span: (ms) => {
      const minutes = Math.round(ms / 60_000)
      const parts: [number, string | undefined][] =
        minutes >= 2880
          ? [
              [Math.floor(minutes / 1440), day],
              [Math.floor((minutes % 1440) / 60), hour],
            ]
          : [
              [Math.floor(minutes / 60), hour],
              [minutes % 60, minute],
            ]
      const shown = parts.filter(([amount]) => amount > 0)
      return shown.length === 0 ? `0 ${minute}` : shown.map(([amount, unit]) => `${amount} ${unit}`).join(' ')
    },
  }
}

/** `a, b and c`. */
export function list(items: readonly string[], language: 'en' | 'th'): string {
  return new Intl.ListFormat(language === 'th' ? 'th' : 'en-GB', { type: 'conjunction' }).format(items)
}

/** Lists by their own names: `the list “stolen”`, `the lists “stolen” and “wanted”`. */
export function listed(lists: readonly string[], language: 'en' | 'th'): string {
  const names = list(
    lists.map((name) => `“${name}”`),
    language,
  )
  if (language === 'th') return `บัญชี ${names}`
  return `the ${lists.length === 1 ? 'list' : 'lists'} ${names}`
}

/** What a document is called in a sentence. */
export function documentName(documentType: string, language: 'en' | 'th'): string {
  return language === 'th' ? (thaiDocuments[documentType] ?? documentType) : documentType.replaceAll('-', ' ')
}

const thaiDocuments: Readonly<Record<string, string>> = {
  passport: 'หนังสือเดินทาง',
  'border-pass': 'หนังสือผ่านแดน',
  'temporary-border-pass': 'หนังสือผ่านแดนชั่วคราว',
  'work-pass': 'บัตรทำงาน',
  crew: 'บัตรลูกเรือ',
}
