/** Numbers for names, from 0 in the order of their coming. */
export class Codes {
  readonly names: string[] = []
  readonly #codes = new Map<string, number>()

  of(name: string): number {
    const known = this.#codes.get(name)
    if (known !== undefined) return known
    const code = this.names.length
    this.names.push(name)
    this.#codes.set(name, code)
    return code
  }

  get size(): number {
    return this.names.length
  }
}

/** What a record can be split by, beside the site and where that lies. */
export const kindDimensions = ['feed', 'source', 'direction', 'documentType', 'vehicleClass'] as const
export type KindDimension = (typeof kindDimensions)[number]
export const placeDimensions = ['site', 'province', 'zone'] as const
export type PlaceDimension = (typeof placeDimensions)[number]

/**
 * The two numbers that say all about a row: its site, and its kind, that is what feed, source, direction, document and vehicle class it has
 * together. There are thousands of sites and hundreds of kinds, so that a question about any dimension is first answered for one of
 * these and then summed up over a list.
 */
export class Keys {
  readonly dimensions: Readonly<Record<KindDimension | PlaceDimension, Codes>> = {
    feed: new Codes(),
    source: new Codes(),
    direction: new Codes(),
    documentType: new Codes(),
    vehicleClass: new Codes(),
    site: new Codes(),
    province: new Codes(),
    zone: new Codes(),
  }
  /** By site or kind, the code of its value of each dimension; of sites, the site itself. */
  readonly of: Readonly<Record<KindDimension | PlaceDimension, number[]>> = {
    feed: [],
    source: [],
    direction: [],
    documentType: [],
    vehicleClass: [],
    site: [],
    province: [],
    zone: [],
  }
  readonly #kinds = new Codes()

  get kinds(): number {
    return this.#kinds.size
  }

  get sites(): number {
    return this.dimensions.site.size
  }

  kind(values: Readonly<Record<KindDimension, string>>): number {
    const codes = kindDimensions.map((dimension) => this.dimensions[dimension].of(values[dimension]))
    const kind = this.#kinds.of(codes.join())
    kindDimensions.forEach((dimension, i) => (this.of[dimension][kind] = codes[i] as number))
    return kind
  }

  /** A site that has moved lies where it was last said to. */
  site({ site, province, zone }: Readonly<Record<PlaceDimension, string>>): number {
    const code = this.dimensions.site.of(site)
    this.of.site[code] = code
    this.of.province[code] = this.dimensions.province.of(province)
    this.of.zone[code] = this.dimensions.zone.of(zone)
    return code
  }
}
