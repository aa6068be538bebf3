/** What stands beside the pointer over a chart. */
export interface Tip {
  readonly title: string
  readonly rows: readonly { readonly label: string; readonly value: string; readonly colour?: string }[]
}
