import { timingSafeEqual } from 'node:crypto'

/** Compares secrets in constant time. Time may reveal that their lengths differ, and nothing else. */
export function timingSafeEquals(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}
