/** Where everything of a running instance is. */
export interface Instance {
  readonly dashboardUrl: string
  /** Signs one person in, once. */
  readonly loginUrl: string
  readonly ingestUrl: string
  readonly natsUrl: string
  readonly natsNote: string
  readonly dataDir: string
  /** Settings that `npm run key` and `npm run login` need to find this instance, such as `DATA_DIR=… `; empty for default ones. */
  readonly keySettings: string
  readonly loginSettings: string
}

/** What a person sees when everything is ready: where to look, how to send a record, how to stop. */
export function readyBlock(instance: Instance): string {
  const { dashboardUrl, loginUrl, ingestUrl, natsUrl, natsNote, dataDir, keySettings, loginSettings } =
    instance
  const line = '─'.repeat(72)
  return `
${line}
  Daan is ready.

  Dashboard   ${loginUrl}
              (signs in once, within an hour; another link: ${loginSettings}npm run login)
  Ingest      ${ingestUrl}/v1/feeds/crossings | sightings | registrations
  NATS        ${natsUrl} ${natsNote}
  Data        ${dataDir}
  Health      ${dashboardUrl}/health/ready

  Send a record of your own, in another terminal:
    key=$(${keySettings}npm run --silent key -- create my-system)
    curl -H "Authorization: Bearer $key" -H 'Content-Type: application/json' \\
      -d '${JSON.stringify(example())}' \\
      ${ingestUrl}/v1/feeds/crossings

  Stop with Ctrl-C. A second start goes on with the same data.
${line}
`
}

/** A crossing of a made-up traveller, now. */
function example(): Record<string, string> {
  return {
    id: 'my-1',
    at: new Date().toISOString(),
    site: 'TH-MM-MAESOT1',
    direction: 'entry',
    documentType: 'passport',
    documentNumber: 'X1234567',
    nationality: 'GBR',
  }
}
