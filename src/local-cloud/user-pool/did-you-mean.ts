/** What a misspelled name may have meant. */

/** @returns `; did you mean X?` for the nearest of `names`, or nothing when none is near */
export function didYouMean(name: string, names: Iterable<string>): string {
  const wanted = name.toLowerCase()
  const [nearest] = [...names]
    .filter((one) => one !== name)
    .map((one) => ({ one, distance: countEdits(wanted, one.toLowerCase()) }))
    .filter(({ one, distance }) => distance <= Math.max(1, Math.min(name.length, one.length) / 4))
    .sort((a, b) => a.distance - b.distance)
  return nearest ? `; did you mean ${nearest.one}?` : ''
}

/** The Levenshtein distance: characters to insert, delete or replace. */
function countEdits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, character] of [...from].entries()) {
    const next = [index + 1]
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (character === other ? 0 : 1)
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
