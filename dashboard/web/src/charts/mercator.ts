/** Web Mercator in a picture: positions, and the tiles of a tile server that cover it. */
export interface Frame {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

export interface Projection {
  readonly width: number
  readonly height: number
  /** Longitude and latitude in degrees to px. */
  point(longitude: number, latitude: number): readonly [x: number, y: number]
  /** Tiles of the zoom that is next to the picture's own: px rectangles, a pixel wider than they are so that no seam shows. */
  tiles(template: string): readonly { href: string; x: number; y: number; size: number }[]
}

/** Thailand with a margin. */
export const country: Frame = { west: 96.4, south: 5.2, east: 106.4, north: 20.9 }

const radians = (degrees: number): number => (degrees * Math.PI) / 180
const up = (latitude: number): number => Math.log(Math.tan(Math.PI / 4 + radians(latitude) / 2))
const tileSize = 256

/** Puts the frame into the middle of the picture, as large as it fits. */
export function projection({ west, south, east, north }: Frame, width: number, height: number): Projection {
  const scale = Math.min(width / radians(east - west), height / (up(north) - up(south)))
  const left = width / 2 - scale * radians((west + east) / 2)
  const middle = height / 2 + (scale * (up(north) + up(south))) / 2
  const world = 2 * Math.PI * scale
  return {
    width,
    height,
    point: (longitude, latitude) => [left + scale * radians(longitude), middle - scale * up(latitude)],
    tiles(template) {
      const zoom = Math.min(19, Math.max(0, Math.round(Math.log2(world / tileSize))))
      const count = 2 ** zoom
      const size = world / count
      // Top left corner of the world map.
      const x0 = left - world / 2
      const y0 = middle - world / 2
      const range = (from: number, length: number): number[] => {
        const first = Math.max(0, Math.floor(-from / size))
        const last = Math.min(count - 1, Math.floor((length - from) / size))
        return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
      }
      return range(x0, width).flatMap((column) =>
        range(y0, height).map((row) => ({
          href: template
            .replace('{z}', String(zoom))
            .replace('{x}', String(column))
            .replace('{y}', String(row)),
          x: x0 + column * size,
          y: y0 + row * size,
          size: size + 1,
        })),
      )
    },
  }
}

/** The same as vega's projection. */
export function vegaMercator({ west, south, east, north }: Frame, width: number, height: number) {
  const scale = Math.min(width / radians(east - west), height / (up(north) - up(south)))
  const x = width / 2 - scale * radians((west + east) / 2)
  const y = height / 2 + (scale * (up(north) + up(south))) / 2
  return { type: 'mercator', scale, translate: [x, y], center: [0, 0] } as const
}

/** A frame half as high and wide around a point. */
export function zoomed(frame: Frame, longitude: number, latitude: number, factor: number): Frame {
  const width = (frame.east - frame.west) * factor
  const height = (frame.north - frame.south) * factor
  return {
    west: longitude - width / 2,
    east: longitude + width / 2,
    south: latitude - height / 2,
    north: latitude + height / 2,
  }
}
