/** A view of the explore page under a name: what stands after the ? of its address. */
export interface SavedView {
  readonly name: string
  readonly search: string
}

const key = 'daan.views'

/** Views that this browser keeps, by name. */
export class SavedViews {
  list = $state.raw<readonly SavedView[]>(read())

  /** Puts a view under a name, in place of one that has it. */
  save(name: string, search: string): void {
    this.#keep(
      [...this.list.filter((view) => view.name !== name), { name, search }].toSorted((a, b) =>
        a.name.localeCompare(b.name),
      ),
    )
  }

  remove(name: string): void {
    this.#keep(this.list.filter((view) => view.name !== name))
  }

  #keep(list: readonly SavedView[]): void {
    this.list = list
    try {
      localStorage.setItem(key, JSON.stringify(list))
    } catch {
      // Storage may be switched off; the views then last as long as the page.
    }
  }
}

function read(): SavedView[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(stored) ? stored.filter(isView) : []
  } catch {
    return []
  }
}

function isView(value: unknown): value is SavedView {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'search' in value &&
    typeof value.name === 'string' &&
    typeof value.search === 'string'
  )
}
