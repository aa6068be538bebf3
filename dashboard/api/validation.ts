import type { FastifyInstance, FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Convert } from 'typebox/value'
import { badInput } from './problem.ts'

/** Checks params and query strings against TypeBox schemas; numbers arrive as text there, and are converted when they are some. */
const compile: FastifySchemaCompiler<TSchema> = ({ schema }) => {
  const checker = Compile(schema)
  return (input: unknown) => {
    const value = Convert(schema, input)
    if (checker.Check(value)) return { value }
    return { error: problemOf(schema, checker.Errors(value)) }
  }
}

interface Violation {
  readonly keyword: string
  readonly instancePath: string
  readonly params: object
}

function problemOf(schema: TSchema, violations: readonly Violation[]): Error {
  const params = (keyword: string, name: string): string[] => {
    const found = violations.find((violation) => violation.keyword === keyword)
    return ((found?.params as Record<string, string[]> | undefined)?.[name] ?? []) as string[]
  }
  const fields = (schema as { properties?: Record<string, { description?: string }> }).properties ?? {}
  const [unknown] = params('additionalProperties', 'additionalProperties')
  if (unknown !== undefined)
    return badInput(
      unknown,
      'There is no such parameter.',
      `Leave it out; there are: ${Object.keys(fields).join(', ')}.`,
    )
  const [missing] = params('required', 'requiredProperties')
  if (missing !== undefined) return badInput(missing, 'The parameter is missing.', describe(missing))
  const wrong = violations.find(({ instancePath }) => instancePath !== '')
  const field = wrong?.instancePath.split('/')[1] ?? ''
  const allowed = (wrong?.params as { allowedValues?: string[] } | undefined)?.allowedValues
  return badInput(
    field,
    'The parameter has a value that it does not take.',
    allowed ? `One of ${allowed.join(', ')}.` : describe(field),
  )

  function describe(name: string): string {
    return fields[name]?.description || 'See dashboard/api/README.md.'
  }
}

export function validateWithTypeBox(app: FastifyInstance): void {
  app.setValidatorCompiler(compile as FastifySchemaCompiler<unknown>)
}
