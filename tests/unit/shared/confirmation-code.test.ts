import { describe, expect, test } from 'vitest'
import { codeLength, findCode } from '../../../src/shared/confirmation-code.ts'

/** Each script's digits for 044382. */
const scripts = [
  ['Arabic-Indic', '٠٤٤٣٨٢'],
  ['Persian', '۰۴۴۳۸۲'],
  ['Devanagari', '०४४३८२'],
  ['Bengali', '০৪৪৩৮২'],
  ['Thai', '๐๔๔๓๘๒'],
  ['Khmer', '០៤៤៣៨២'],
  ['full-width', '０４４３８２'],
  ['mathematical bold', '𝟎𝟒𝟒𝟑𝟖𝟐'],
  ['mathematical monospace', '𝟶𝟺𝟺𝟹𝟾𝟸'],
  ['two scripts', '٠٤٤382'],
] as const

describe('a code as people type and paste it', () => {
  test.each(scripts)('%s digits count as their values', (_, text) => {
    expect(findCode(text)).toBe('044382')
  })

  test.each([
    '044382',
    ' 044382\n',
    '044 382',
    '04-43-82',
    '04 – 43 – 82',
    '044\u00a0382',
    '\u200b044\u200d382\u2060',
    '\u202a044382\u202c',
    '044382.',
    '#044382',
    '“044382”',
    '«044382»',
    '044,382',
    '044.382',
    '044_382',
    "044'382",
    'Code: 044382',
    'G-044382',
    'Your Wild Rydes code is 044382. It works for 24 hours.',
    'Your Wild Rydes code is 044 382. It works for 24 hours.',
    'code 044382 24 hours',
    'Your code is 044382: https://rides.example/verify.html#code=044382 .',
    'رمزك هو ٠٤٤٣٨٢.',
  ])('%j is the code 044382', (text) => {
    expect(findCode(text)).toBe('044382')
  })

  test.each([
    '',
    '04438',
    '0443821',
    '04438a',
    'O44382',
    '04438２1',
    '²⁴⁴³⁸²',
    '①④④③⑧②',
    'either 044382 or 193910',
    '044 382 or 193 910',
    '044 382 193',
  ])('%j is no code', (text) => {
    expect(findCode(text)).toBeUndefined()
  })

  test('a code has six digits, or as many as are asked for', () => {
    expect(codeLength).toBe(6)
    expect(findCode('1234 5678', 8)).toBe('12345678')
    expect(findCode('1234 5678')).toBeUndefined()
  })
})
