import { describe, expect, it } from 'vitest'
import { catalogues, languages } from '../../../dashboard/web/src/messages/messages.ts'
import { loadDetectors } from '../../../processors/registry.ts'

const detectors = await loadDetectors()

describe.each(languages)('in %s', (language) => {
  const { evidenceWords } = catalogues[language]

  it.each(detectors.map((detector) => [detector.id, detector] as const))(
    'every field of evidence and every setting of %s has a name',
    (_, { evidence, params }) => {
      const fields = Object.keys(evidence.properties).filter((name) => !(name in evidenceWords.key))
      const settings = Object.keys(params.properties).filter(
        (name) => !(name in evidenceWords.setting) && !(name in evidenceWords.key),
      )
      expect({ fields, settings }).toEqual({ fields: [], settings: [] })
    },
  )
})
