/**
 * Which requests may come in at all. Other web pages, other names for this machine and other machines
 * are turned away before any handler: a page anywhere could otherwise read the inbox.
 *
 * @see https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */

/** bytes a request body may have, declared or counted */
export const maxBodyBytes = 64 * 1024

/** What is known of a request before its body is read. */
export interface Visitor {
  readonly method: string
  /** without the query */
  readonly path: string
  /** name, value, name, value ... as received, so that doubles show */
  readonly rawHeaders: readonly string[]
  readonly remoteAddress: string | undefined
  readonly localPort: number | undefined
}

export interface Refusal {
  readonly status: 400 | 403 | 405 | 413 | 415
  /** for the developer who wonders why */
  readonly reason: string
}

/**
 * What a path is for decides what a request to it must look like, and who may ask: the API and the
 * public keys are open to the pages of allowed origins too, the console and the ride API to their own alone.
 */
export type Door = 'api' | 'keys' | 'console' | 'ride-api'

/**
 * @param allowedOrigins origins whose pages may call the API
 * @returns why the visitor is turned away, or `undefined` for one that may come in
 */
export function findRefusal(
  visitor: Visitor,
  door: Door,
  allowedOrigins: ReadonlySet<string> = new Set(),
): Refusal | undefined {
  const guests = door === 'api' || door === 'keys' ? allowedOrigins : new Set<string>()
  const stranger = findStranger(visitor, guests)
  if (stranger || visitor.method === 'OPTIONS') return stranger
  return checks[door](visitor)
}

function findStranger(
  { method, rawHeaders, remoteAddress, localPort }: Visitor,
  guests: ReadonlySet<string>,
): Refusal | undefined {
  const refuse = (reason: string): Refusal => ({ status: 403, reason })
  if (!isLoopbackAddress(remoteAddress)) return refuse('only this machine may call the local cloud')

  const hosts = valuesOf('host', rawHeaders)
  const [host] = hosts
  const ownHosts = ['localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${localPort}`)
  if (hosts.length !== 1 || host === undefined || !ownHosts.includes(host.toLowerCase())) {
    return refuse(`Host must be one of ${ownHosts.join(', ')}`)
  }
  const origins = valuesOf('origin', rawHeaders)
  const [origin = ''] = origins
  if (origins.length === 1 && guests.has(origin)) return undefined
  if (origins.some((one) => one !== `http://${host}`) || origins.length > 1) {
    return refuse('only pages of this origin may call the local cloud')
  }
  const sites = valuesOf('sec-fetch-site', rawHeaders)
  const isOwnPage = sites.every(
    (site) => site === 'same-origin' || (site === 'none' && method === 'GET'),
  )
  if (!isOwnPage) return refuse('only pages of this origin may call the local cloud')
  if (method === 'OPTIONS') return refuse('no page of another origin is let in, so none need ask')
  return undefined
}

function findMalformedCall(visitor: Visitor): Refusal | undefined {
  const { rawHeaders } = visitor
  const malformed = findMalformedPost(visitor, 'application/x-amz-json-1.1')
  if (malformed) return malformed
  const targets = valuesOf('x-amz-target', rawHeaders)
  const [target = ''] = targets
  if (targets.length > 1 || !/^AWSCognitoIdentityProviderService\.[A-Za-z]{3,60}$/.test(target)) {
    return { status: 400, reason: 'X-Amz-Target must name one Cognito operation' }
  }
  return undefined
}

/** JSON in other clothes needs no preflight, so another page could send it. */
function findMalformedPost(
  { method, rawHeaders }: Visitor,
  expectedType: string,
): Refusal | undefined {
  if (method !== 'POST') return { status: 405, reason: 'the API takes POST only' }
  const [type = ''] = valuesOf('content-type', rawHeaders)
  if (!/^application\/(x-amz-json-1\.1|json)(; *charset=utf-8)?$/i.test(type)) {
    return { status: 415, reason: `Content-Type must be ${expectedType}` }
  }
  const [length = '0'] = valuesOf('content-length', rawHeaders)
  if (Number(length) > maxBodyBytes) {
    return { status: 413, reason: `a body may have ${maxBodyBytes} bytes` }
  }
  return undefined
}

/** Pages are read and their forms are sent; a web `Request` cannot even hold some of the rest. */
function findWrongMethod({ method }: Visitor): Refusal | undefined {
  if (['GET', 'HEAD', 'POST'].includes(method)) return undefined
  return { status: 405, reason: 'pages take GET, HEAD and POST only' }
}

const checks = {
  api: findMalformedCall,
  'ride-api': (visitor) => findMalformedPost(visitor, 'application/json'),
  keys: findWrongMethod,
  console: findWrongMethod,
} as const satisfies Record<Door, (visitor: Visitor) => Refusal | undefined>

export function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/.test(address)
}

/** Values of every header called `name`. */
function valuesOf(name: string, rawHeaders: readonly string[]): readonly string[] {
  return rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name,
  )
}
