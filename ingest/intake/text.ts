/** Normal forms of what people and machines type: two spellings of one thing become one text. */

const plain = /^[!-~]+(?: [!-~]+)*$/

/** NFC, well-formed, no invisible characters, control characters and
 * runs of white space as one space, none at the ends. May come out empty. */
export function tidy(text: string): string {
  if (plain.test(text)) return text
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\p{Cf}+/gu, '')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .trim()
}

/** A plate as a person reads it: {@link tidy}, Latin letters as capitals; Thai script has no case and stays. */
export function plateText(text: string): string {
  return tidy(text).toUpperCase()
}

/** The marks of a plate that tell vehicles apart: cameras disagree about spaces and hyphens (`1กข 1234`, `1กข-1234`). */
export function plateMarks(plate: string): string {
  return plate.replace(/[ .-]+/g, '')
}

/** Whether a plate has letters of the Thai alphabet. */
export function isThai(plate: string): boolean {
  return /[\u0E01-\u0E2E]/.test(plate)
}

/** A document number without the fillers and separators of machine-readable zones, in capitals. May come out empty. */
export function documentNumber(text: string): string {
  return text.toUpperCase().replace(/[<-]+/g, '')
}

/**
 * Digits of a phone number in international form without `+`: `081 234 5678`, `+66 81-234-5678` and `0066812345678` are one
 * number. A leading single 0 is taken as Thailand's own trunk prefix. Empty when there are no digits.
 */
export function phoneDigits(text: string): string {
  const digits = text.replace(/[^0-9]+/g, '')
  if (text.trimStart().startsWith('+')) return digits
  if (digits.startsWith('00')) return digits.slice(2)
  if (digits.startsWith('0')) return `66${digits.slice(1)}`
  return digits
}
