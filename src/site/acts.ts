/** What a form does when it is sent: a part of its page that comes after the page has been drawn. */

import { formWords } from '#words/form.ts'
import { AuthError } from './auth/auth-error.ts'
import { keepConnected } from './auth/preconnect.ts'
import type { Problem, SubmitEnd } from './forms/bind-form.ts'
import { createPart, whenIdle } from './lib/lazy-import.ts'

export interface Acts<Part> {
  /** Runs an act, or says why it could not be fetched. */
  run(act: (part: Part) => Promise<SubmitEnd>): Promise<SubmitEnd>
  /** Does work ahead of time; a failure is met again, and told, when the form is sent. */
  prepare(work: (part: Part) => void): void
}

/** Fetches a page's acts when the browser has nothing better to do, or as soon as one is needed. */
export function fetchActs<Part>(load: () => Promise<Part>): Acts<Part> {
  const fetch = createPart(load)
  const prepare = (work: (part: Part) => void) => void fetch().then(work, () => undefined)
  whenIdle(() => {
    keepConnected()
    prepare(() => undefined)
  })
  return {
    async run(act) {
      try {
        return await act(await fetch())
      } catch (error) {
        return toProblem(error)
      }
    },
    prepare,
  }
}

/** Acts themselves do not reject. */
function toProblem(error: unknown): Problem {
  if (!(error instanceof AuthError)) throw error
  switch (error.code) {
    case 'offline':
      return { text: formWords.offline, waitsForNetwork: true }
    case 'timeout':
      return { text: formWords.timeout }
    default:
      return { text: formWords.network }
  }
}
