/** A reading of a listed plate that a camera may report. */
export interface PlateVariant {
  /** Marks of the plate, `?` for an unread one. */
  readonly marks: string
  /** Province and country as read; empty when they were not. */
  readonly province: string
  readonly country: string
  /** How close the reading is: 1 for the plate itself. An order, not a probability. */
  readonly score: number
  readonly variant: 'exact' | 'unread' | 'look-alike' | 'province'
}

/**
 * Marks that cameras take for one another: digits, Latin letters with digits, Thai consonants (collected from reading aids and
 * published confusion lists; an estimate).
 */
const digits = ['08', '38', '17', '56', '68']
const latin = ['0O', '0D', 'OQ', 'OD', '1I', '2Z', '5S', '8B', '6G', 'UV', 'MN', 'VY']
const thai = ['กถ', 'กภ', 'ถภ', 'ขฃ', 'ขช', 'ชซ', 'คด', 'คต', 'ดต', 'ฎฏ', 'ณญ', 'ทห', 'นม', 'บป', 'ปษ', 'ผฝ', 'ผพ', 'ฝฟ', 'พฟ', 'ลส', 'อฮ'] // prettier-ignore

/** What each deviation leaves of the score: an unread mark may hide ten vehicles, a look-alike is mostly another vehicle. */
const left = { unread: 0.8, lookAlike: 0.6, province: 0.7 } as const
const scoreAtLeast = 0.5

const alikeIn = (pairs: readonly string[]): ReadonlyMap<string, readonly string[]> => {
  const alike = new Map<string, string[]>()
  for (const [a, b] of pairs.map((pair) => [...pair]))
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as [string, string][])
      // prettier-ignore
      alike.set(one, [...(alike.get(one) ?? []), other])
  return alike
}
const alikeThai = alikeIn([...digits, ...thai])
const alikeLatin = alikeIn([...digits, ...latin])

/**
 * Every reading of a plate that still scores {@link scoreAtLeast}: itself, one or two unread marks, one look-alike, and
 * itself or one unread mark where the camera did not read the issuer. `marks`: in normal form, all read.
 */
export function plateVariants(marks: string, province: string, country: string): PlateVariant[] {
  const all = [...marks]
  const whole = { marks, province, country, score: 1, variant: 'exact' } as const
  const variants: PlateVariant[] = [whole]
  const put = (score: number, variant: PlateVariant['variant'], at: readonly number[], mark: string): void =>
    void variants.push({
      ...whole,
      marks: all.map((one, i) => (at.includes(i) ? mark : one)).join(''),
      score,
      variant,
    })
  const alike = /[\u0E01-\u0E2E]/.test(marks) ? alikeThai : alikeLatin
  for (const [i, mark] of all.entries()) {
    put(left.unread, 'unread', [i], '?')
    for (let j = i + 1; j < all.length; j++) put(left.unread ** 2, 'unread', [i, j], '?')
    for (const other of alike.get(mark) ?? []) put(left.lookAlike, 'look-alike', [i], other)
  }
  if (province === '' && country === '') return variants
  const withoutIssuer = variants.map((one) => ({
    ...one,
    province: '',
    country: '',
    score: one.score * left.province,
    variant: one.variant === 'exact' ? ('province' as const) : one.variant,
  }))
  return [...variants, ...withoutIssuer.filter(({ score }) => score >= scoreAtLeast)]
}
