import { expect, test } from 'vitest'
import { withLiterals } from '../../sql/literals.ts'

test('values stand in the text as literals of their placeholder’s type', () => {
  expect(
    withLiterals(
      'SELECT {column:Identifier} FROM t WHERE a = { n : UInt64 } AND b IN {list:Array(String)} LIMIT {limit:UInt32}',
      {
        column: 'count',
        n: 2n ** 64n - 1n,
        list: ["it's", 'a\\b'],
        limit: 5,
      },
    ),
  ).toBe(
    "SELECT `count` FROM t WHERE a = CAST('18446744073709551615' AS UInt64) AND b IN CAST(['it\\'s','a\\\\b'] AS Array(String)) LIMIT CAST('5' AS UInt32)",
  )
})

test('no value is an error that names the placeholder, and no name becomes SQL', () => {
  expect(() => withLiterals('SELECT {one:String}', {})).toThrow('The statement has no value for {one}.')
  expect(() => withLiterals('SELECT {c:Identifier}', { c: 'a, b' })).toThrow(RangeError)
})

test('a value that looks like a placeholder is not one', () => {
  expect(withLiterals('SELECT {a:String}', { a: '{b:String}', b: 'x' })).toBe(
    "SELECT CAST('{b:String}' AS String)",
  )
})
