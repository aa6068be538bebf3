declare module 'virtual:region' {
  import type { Region } from '../build/region.ts'

  const region: Region
  export default region
}
