import { expect, test } from 'vitest'
import { splitName } from '../../../../src/site/lib/show-name.ts'

test.each([
  ['rider@example.com', ['rider@', 'example.com']],
  ['a.b@c.example.com', ['a.', 'b@', 'c.', 'example.com']],
  ['rider', ['rider']],
  ['ends.', ['ends.']],
  ['.begins-with', ['.', 'begins-with']],
  ['two..dots', ['two..', 'dots']],
  ['שלום@example.com', ['שלום@', 'example.com']],
  ['', []],
])(
  'a line of "%s" may break after an at sign and a dot, and not before a short end',
  (name, parts) => {
    expect(splitName(name)).toEqual(parts)
    expect(splitName(name).join('')).toBe(name)
  },
)
