/**
 * Whether a history of overlapping calls could have come of the same calls one after another.
 *
 * @see J. M. Wing and C. Gong, Testing and Verifying Concurrent Objects, 1993
 */

/** One call as its client saw it; times are ticks of one counter. */
export interface Call<Input, Output> {
  readonly input: Input
  readonly output: Output
  readonly calledAt: number
  readonly returnedAt: number
}

/** How the calls would go one after another. */
export interface Model<State, Input, Output> {
  readonly initial: State
  /** @returns the next state, or `undefined` when `state` does not give this output for this input */
  next(state: State, input: Input, output: Output): { readonly state: State } | undefined
}

/** @returns whether there is an order that keeps to the model and to the times */
export function isLinearizable<State, Input, Output>(
  history: readonly Call<Input, Output>[],
  model: Model<State, Input, Output>,
): boolean {
  const calls = history.toSorted((one, other) => one.calledAt - other.calledAt)
  const dead = new Set<string>()

  /** @param done of the calls, those that came before */
  function goesOn(done: ReadonlySet<number>, state: State): boolean {
    const waiting = [...calls.entries()].filter(([index]) => !done.has(index))
    if (waiting.length === 0) return true
    const key = JSON.stringify([waiting.map(([index]) => index), state])
    if (dead.has(key)) return false
    const firstReturn = Math.min(...waiting.map(([, { returnedAt }]) => returnedAt))
    for (const [index, { input, output, calledAt }] of waiting) {
      if (calledAt > firstReturn) break
      const stepped = model.next(state, input, output)
      if (stepped && goesOn(new Set([...done, index]), stepped.state)) return true
    }
    dead.add(key)
    return false
  }

  return goesOn(new Set(), model.initial)
}
