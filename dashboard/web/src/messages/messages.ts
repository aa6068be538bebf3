import { en } from './en.ts'
import { th } from './th.ts'

export const languages = ['en', 'th'] as const
export type Language = (typeof languages)[number]

/** The shape of a catalogue: every key of the English one, with texts for texts and functions for functions. */
export type Messages = Widened<typeof en>

/** Texts for texts and functions for functions. */
export type Widened<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...args: infer A) => string
      ? (...args: A) => string
      : Widened<T[K]>
}

export const catalogues: Readonly<Record<Language, Messages>> = { en, th }
