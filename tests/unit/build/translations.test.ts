/** Short keys of texts: what pages in another language fetch has no English in it. */

import { expect, test } from 'vitest'
import { assertTextKeysDiffer } from '../../../src/build/translations.ts'
import { toTextKey } from '../../../src/site/i18n/text-key.ts'

test('two texts with one short key are named', () => {
  // A hash of 24 bits: some of ten thousand texts must have the same one.
  const texts = Array.from({ length: 10_000 }, (_, index) => `text ${index}`)
  const [, one = '', other = ''] =
    /“(.*)” and “(.*)” have the same short key/.exec(
      toMessage(() => assertTextKeysDiffer(texts)),
    ) ?? []
  expect(one).not.toBe(other)
  expect(toTextKey(one)).toBe(toTextKey(other))
  expect(() => assertTextKeysDiffer([one, one])).not.toThrow()
})

test('a short key is up to five letters and digits, whatever the text', () => {
  for (const text of ['', 'A', 'menu|Light', 'Wait {seconds} s', '日本語'.repeat(100)]) {
    expect(toTextKey(text)).toMatch(/^[a-z0-9]{1,5}$/)
  }
})

function toMessage(run: () => void): string {
  try {
    run()
  } catch (error) {
    return String(error)
  }
  return ''
}
