/** Vega with everything it needs, loaded after the first paint. Expressions are interpreted, so no eval. */
import { View, parse, type Item, type Spec } from 'vega'
import { expressionInterpreter } from 'vega-interpreter'
import { compile, type TopLevelSpec } from 'vega-lite'

/** Draws a spec as SVG into `into`; `show` gets the datum under the pointer (null: none) and where the pointer is. */
export async function draw(
  spec: TopLevelSpec,
  into: HTMLElement,
  show: (datum: Readonly<Record<string, unknown>> | null, event: MouseEvent) => void,
): Promise<View> {
  const { spec: compiled } = compile(spec, { logger: quiet })
  const view = new View(parse(compiled as Spec, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: 'svg',
    hover: false,
  } as ConstructorParameters<typeof View>[1])
  view.tooltip((_handler: unknown, event: MouseEvent, item: Item, value: unknown) => {
    show(
      value === null || value === undefined || value === '' ? null : (item.datum as Record<string, unknown>),
      event,
    )
  })
  view.initialize(into)
  await view.runAsync()
  return view
}

/** Vega-lite's hints are for the authors of specs, and the tests of the specs read them. */
const quiet = {
  level: () => quiet,
  error: (...parts: unknown[]) => {
    throw new Error(parts.join(' '))
  },
  warn: () => quiet,
  info: () => quiet,
  debug: () => quiet,
} as unknown as NonNullable<NonNullable<Parameters<typeof compile>[1]>['logger']>
