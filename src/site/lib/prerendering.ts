/**
 * Whether the browser makes this page before the rider goes there: until it is seen, it must have no effect.
 *
 * @see https://developer.mozilla.org/docs/Web/API/Document/prerendering
 */
export function isPrerendering(): boolean {
  return 'prerendering' in document && document.prerendering === true
}
