/** As much of Node's Buffer as the library uses, in place of the package `buffer`. */

type Encoding = 'utf8' | 'hex' | 'base64'

/** Bytes that can be written as text. */
class Bytes extends Uint8Array {
  override toString(encoding: Encoding = 'utf8'): string {
    switch (encoding) {
      case 'utf8':
        return new TextDecoder().decode(this)
      case 'hex':
        return [...this].map((byte) => byte.toString(16).padStart(2, '0')).join('')
      case 'base64':
        return btoa(String.fromCharCode(...this))
      default:
        return encoding satisfies never
    }
  }
}

export const Buffer = {
  /** @param source a text in `encoding`, or bytes */
  from(source: string | ArrayLike<number>, encoding: Encoding = 'utf8'): Bytes {
    return new Bytes(typeof source === 'string' ? toBytes(source, encoding) : source)
  },

  concat(parts: readonly Uint8Array[]): Bytes {
    return new Bytes(parts.flatMap((part) => [...part]))
  },
}

function toBytes(text: string, encoding: Encoding): ArrayLike<number> {
  switch (encoding) {
    case 'utf8':
      return new TextEncoder().encode(text)
    case 'hex':
      return (text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))
    case 'base64': {
      const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
      return Array.from(binary, (character) => character.charCodeAt(0))
    }
    default:
      return encoding satisfies never
  }
}
