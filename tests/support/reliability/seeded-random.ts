/** Random numbers from a seed: a failed run can be repeated with the seed it printed. */

export interface SeededRandom {
  readonly seed: number
  /** from 0 to 1, without 1 */
  fraction(): number
  /** an integer from 0 to `bound` - 1 */
  below(bound: number): number
  pick<Item>(items: readonly Item[]): Item
  /** true with the given probability */
  chance(probability: number): boolean
}

/** The generator mulberry32: not secret, and the same everywhere. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (bound: number) => Math.floor(next() * bound)
  return {
    seed,
    fraction: next,
    below,
    pick(items) {
      const index = below(items.length)
      for (const item of items.slice(index, index + 1)) return item
      throw new RangeError('expected something to pick from')
    },
    chance: (probability) => next() < probability,
  }
}

/** Seeds of a run: fresh ones, or the one in the variable `SEED`. */
export function chooseSeeds(count: number): readonly number[] {
  const { SEED } = process.env
  if (SEED !== undefined && SEED !== '') return [Number(SEED)]
  const first = Date.now() % 1_000_000_000
  return Array.from({ length: count }, (_, index) => first + index)
}
