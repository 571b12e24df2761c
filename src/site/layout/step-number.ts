/** Which step of the page the current history entry is for, counted from 0. `steps.ts` makes the entries. */
export function stepNumber(): number {
  const number: unknown = history.state?.step
  return typeof number === 'number' ? number : 0
}
