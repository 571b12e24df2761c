import { describe, expect, test } from 'vitest'
import { codeLength, isCode, toCode } from '../../../src/shared/confirmation-code.ts'

describe('pasted code', () => {
  test.each([
    ['as it was mailed', '123456', '123456'],
    ['with spaces and a line break', ' 123 456\n', '123456'],
    ['with a dash', '123-456', '123456'],
    ['with an en dash', '123–456', '123456'],
    ['with a no-break space', '123\u00a0456', '123456'],
    ['with zero-width and direction marks', '\u200e123\u200b456\ufeff', '123456'],
    ['in full-width digits', '\uff11\uff12\uff13\uff14\uff15\uff16', '123456'],
    ['with leading zeros', '000012', '000012'],
  ])('confirmation code: %s is read', (_, pasted, code) => {
    expect(toCode(pasted)).toBe(code)
  })

  test('confirmation code: what is not a digit stays, for the person to correct', () => {
    expect(toCode('12E456')).toBe('12E456')
  })
})

describe('complete code', () => {
  test('a complete code has six digits', () => {
    expect(codeLength).toBe(6)
    expect(isCode('012345')).toBe(true)
  })

  test.each([
    '',
    '12345',
    '1234567',
    '12345a',
    '12 456',
    '-12345',
    '12345\n',
    '\uff11\uff12\uff13\uff14\uff15\uff16',
  ])('%j is not a complete code', (text) => {
    expect(isCode(text)).toBe(false)
  })
})
