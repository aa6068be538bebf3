import type { Feed } from '../../../api/shapes.ts'

/** A first record of each feed, as README has it; `now` (ms UTC) makes it fall in the span that is shown. */
export function exampleOf(feed: Feed, now: number, ingestUrl = 'http://127.0.0.1:8081'): string {
  const at = `${new Date(now).toISOString().slice(0, 19)}Z`
  const record = {
    crossings: `{"id":"my-1","at":"${at}","site":"TH-MM-MAESOT1","direction":"entry",\n       "documentType":"passport","documentNumber":"AA1234567","nationality":"UTO"}`,
    sightings: `{"id":"my-1","at":"${at}","site":"CAM-1","plate":"1กข 1234",\n       "plateProvince":"Tak","confidence":0.98}`,
    registrations: `{"id":"my-1","premises":"HOTEL-1","checkInAt":"${at}","partySize":2}`,
  }[feed]
  return `npm run key -- create my-system\ncurl ${ingestUrl}/v1/feeds/${feed} \\\n  -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\\n  -d '${record}'`
}
