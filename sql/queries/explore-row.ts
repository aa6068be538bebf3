import { Type } from 'typebox'

/** One bucket of one series: the rows of every explore-…-series. */
export const seriesRow = Type.Object({
  time: Type.String(),
  /** 0: the span; 1: the one it is compared with. */
  period: Type.Number(),
  /** Place among the values by size; the greatest is what is left over. */
  rank: Type.Number(),
  label: Type.String(),
  value: Type.Number(),
  base: Type.Number(),
  /** How many values there are in all. */
  labels: Type.Number(),
})

/** One value of one dimension: the rows of every explore-…-boards. */
export const boardRow = Type.Object({
  dimension: Type.String(),
  value: Type.String(),
  now: Type.Number(),
  now_base: Type.Number(),
  before: Type.Number(),
  before_base: Type.Number(),
})
