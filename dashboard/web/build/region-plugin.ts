import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'
import { feature, type Topology } from 'topojson-client'
import { regionOf } from './region.ts'

const id = 'virtual:region'

/** Serves `virtual:region`: Thailand and its neighbours as a string of GeoJSON, cut from world-atlas at build time. */
export function regionPlugin(): Plugin {
  return {
    name: 'daan-region',
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load(source) {
      if (source !== `\0${id}`) return null
      const file = createRequire(import.meta.url).resolve('world-atlas/countries-10m.json')
      const world = JSON.parse(readFileSync(file, 'utf8')) as Topology
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(regionOf(feature(world, world.objects['countries']))))})`
    },
  }
}
