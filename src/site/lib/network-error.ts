/** A request that got no answer, whatever it was for. */

/** milliseconds a request may take: a call of an API, or code of this site */
export const timeLimitMs = 10_000

/** Why there is no answer. */
export type NetworkErrorCode = 'network' | 'offline' | 'timeout'

/** `message` is for developers; `cause` is what the browser gave. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
  readonly code: NetworkErrorCode

  constructor(code: NetworkErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
