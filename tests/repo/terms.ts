/** The terms of the project, as the table "The words we use" in CONTRIBUTING.md has them. */

export interface Term {
  /** what to write */
  readonly preferred: string
  /** what not to write in its place */
  readonly others: readonly string[]
}

export interface Finding {
  /** the spelling that was found */
  readonly spelling: string
  /** what to write in its place */
  readonly preferred: string
}

/** @throws {Error} when the document has no such table, or a row of it no three cells */
export function parseTerms(markdown: string): readonly Term[] {
  const [, section = ''] = markdown.split('\n## The words we use\n')
  const rows = section
    .split('\n## ')[0]
    ?.split('\n')
    .filter((line) => /^\| (?!We write)/.test(line))
  if (!rows?.length) throw new Error('expected a table under "The words we use"')
  return rows.map((row) => {
    const [, preferred = '', , others = ''] = row.split('|').map((cell) => cell.trim())
    const spellings = [...others.matchAll(/`([^`]+)`/g)].map(([, spelling = '']) => spelling)
    if (preferred === '' || spellings.length === 0) throw new Error(`expected three cells: ${row}`)
    return { preferred, others: spellings }
  })
}

/**
 * @returns the other spellings in a text. A spelling counts as whole words, and with a capital letter only in exactly
 *   that case; inside a preferred term it does not count.
 */
export function findOtherSpellings(text: string, terms: readonly Term[]): readonly Finding[] {
  const preferred = terms.flatMap((term) => term.preferred.split(', '))
  const rest = preferred.reduce((left, term) => left.replace(toPattern(term), '·'), text)
  return terms.flatMap((term) =>
    term.others
      .filter((spelling) => toPattern(spelling).test(rest))
      .map((spelling) => ({ spelling, preferred: term.preferred })),
  )
}

/** Every place of a term, as whole words, across line breaks; not in paths, file names and words of code. */
function toPattern(term: string): RegExp {
  const words = term
    .split(' ')
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('\\s+')
  const flags = /\p{Lu}/u.test(term) ? 'gu' : 'giu'
  return new RegExp(`(?<![\\p{L}\\p{N}_/.#@-])${words}(?![\\p{L}\\p{N}_/-]|\\.\\w)`, flags)
}
