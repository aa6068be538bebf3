import { caseHeader, casePattern, purposeHeader, purposes, type Purpose } from '../../../api/vocabulary.ts'

/** Why somebody looks at persons, and for which case. */
export interface Why {
  readonly purpose: Purpose
  readonly caseNumber: string
}

const key = 'daan.purpose'
const pattern = new RegExp(casePattern)

/** The purpose and case of this tab: asked once, then sent with each look, and forgotten with the tab. */
export class PurposeBook {
  why = $state.raw<Why | undefined>(stored())
  /** What is chosen when it asks: whoever comes from a possible victim's alert looks for the victim's sake. */
  suggested: Purpose = 'investigation'

  set(why: Why): void {
    this.why = why
    try {
      sessionStorage.setItem(key, JSON.stringify(why))
    } catch {
      // Storage may be switched off; it then lasts as long as the page.
    }
  }

  suggest({ class: alertClass }: { readonly class: string }): void {
    this.suggested = alertClass === 'welfare' ? 'victim-protection' : 'investigation'
  }

  ask(): void {
    this.why = undefined
    try {
      sessionStorage.removeItem(key)
    } catch {
      // As above.
    }
  }
}

export function isCaseNumber(text: string): boolean {
  return pattern.test(text)
}

/** The headers of a look. */
export function headersOf({ purpose, caseNumber }: Why): Record<string, string> {
  return { [purposeHeader]: purpose, [caseHeader]: caseNumber }
}

function stored(): Why | undefined {
  try {
    const value = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Partial<Why> | null
    const purpose = purposes.find((one) => one === value?.purpose)
    return purpose !== undefined && typeof value?.caseNumber === 'string' && isCaseNumber(value.caseNumber)
      ? { purpose, caseNumber: value.caseNumber }
      : undefined
  } catch {
    return undefined
  }
}

export const purposeBook = new PurposeBook()
