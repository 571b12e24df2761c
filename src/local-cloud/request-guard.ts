/**
 * Decides which requests are let in. It protects against DNS rebinding, cross-site requests and access from
 * other machines: without it, any website could read the inbox. What opens it is chosen at start.
 *
 * @see https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */

/** maximum bytes of a request body, as declared and as received */
export const maxBodyBytes = 64 * 1024

/** A request before its body is read. */
export interface RequestInfo {
  readonly method: string
  /** without the query */
  readonly path: string
  /** name, value, name, value ... as received, so that duplicates are visible */
  readonly rawHeaders: readonly string[]
  readonly remoteAddress: string | undefined
  readonly localPort: number | undefined
}

export interface Rejection {
  readonly status: 400 | 403 | 405 | 413 | 415
  /** for the developer of the client */
  readonly reason: string
  /** the option that lets such a request in, if one does */
  readonly opener?: string
}

/** What was opened at start. Nothing by default. */
export interface Access {
  /** other origins whose pages may call the API */
  readonly allowedOrigins: ReadonlySet<string>
  /** names beside localhost by which it may be called, in lower case; one without a port is for its own port */
  readonly allowedHosts: ReadonlySet<string>
  /** whether other machines may call it */
  readonly isOpenToNetwork: boolean
}

export const closed: Access = {
  allowedOrigins: new Set(),
  allowedHosts: new Set(),
  isOpenToNetwork: false,
}

/**
 * What a path serves. Pages of allowed origins may call the API and fetch the public keys; the console, the links in
 * emails and the ride API are for pages of the local cloud's own origin only. A mail program is no page.
 */
export type RouteKind = 'api' | 'keys' | 'console' | 'link' | 'ride-api'

/** @returns why the request is rejected; `undefined` when it is let in */
export function findRejection(
  request: RequestInfo,
  kind: RouteKind,
  access: Access = closed,
): Rejection | undefined {
  const rejection = checkOrigin(request, kind, access)
  if (rejection || request.method === 'OPTIONS') return rejection
  return checks[kind](request)
}

/** Checks the sender's address, Host, Origin and Sec-Fetch-Site. */
function checkOrigin(
  { method, rawHeaders, remoteAddress, localPort }: RequestInfo,
  kind: RouteKind,
  access: Access,
): Rejection | undefined {
  const reject = (reason: string, opener?: string): Rejection => ({
    status: 403,
    reason,
    ...(opener !== undefined && { opener }),
  })
  if (!access.isOpenToNetwork && !isLoopbackAddress(remoteAddress)) {
    return reject('only this machine may call the local cloud', '--host 0.0.0.0')
  }
  const hosts = valuesOf('host', rawHeaders)
  const [host] = hosts
  const ownHosts = ['localhost', '127.0.0.1', '[::1]', ...access.allowedHosts].map((name) =>
    withPort(name, localPort),
  )
  if (hosts.length !== 1 || host === undefined || !ownHosts.includes(withPort(host, 80))) {
    const name = hosts.length === 1 ? parseHost(host ?? '') : undefined
    return reject(
      `Host must be one of ${ownHosts.join(', ')}`,
      name && `--allow-host ${withPort(name, 80).replace(new RegExp(`:${localPort}$`), '')}`,
    )
  }
  const origins = valuesOf('origin', rawHeaders)
  const [origin = ''] = origins
  const isOpenToAllowed = kind === 'api' || kind === 'keys'
  if (isOpenToAllowed && origins.length === 1 && access.allowedOrigins.has(origin)) return undefined
  if (origins.some((one) => one !== `http://${host}`) || origins.length > 1) {
    return reject(
      'only pages of this origin may call the local cloud',
      isOpenToAllowed && origins.length === 1 && isOrigin(origin)
        ? `--allow-origin ${origin}`
        : undefined,
    )
  }
  const sites = valuesOf('sec-fetch-site', rawHeaders)
  const isSameOrigin = sites.every(
    (site) => site === 'same-origin' || (site === 'none' && method === 'GET'),
  )
  if (!isSameOrigin) return reject('only pages of this origin may call the local cloud')
  if (method === 'OPTIONS') return reject('no page of another origin is let in, so none need ask')
  return undefined
}

function checkApiCall(request: RequestInfo): Rejection | undefined {
  if (request.method !== 'POST') return { status: 405, reason: 'the API takes POST only' }
  const rejection = checkJsonBody(request, 'application/x-amz-json-1.1')
  if (rejection) return rejection
  if (isIamCallOfOtherOrigin(request)) {
    return { status: 403, reason: 'only pages of this origin may sign a call as an IAM user' }
  }
  const targets = valuesOf('x-amz-target', request.rawHeaders)
  const [target = ''] = targets
  if (targets.length > 1 || !/^AWSCognitoIdentityProviderService\.[A-Za-z]{3,60}$/.test(target)) {
    return { status: 400, reason: 'X-Amz-Target must name one Cognito operation' }
  }
  return undefined
}

/**
 * Pages of allowed origins are the pool's public clients. The pool cannot verify a signature, so a signed call of
 * theirs could list and change all users.
 */
function isIamCallOfOtherOrigin({ rawHeaders }: RequestInfo): boolean {
  const [host = ''] = valuesOf('host', rawHeaders)
  const isOtherOrigin = valuesOf('origin', rawHeaders).some((origin) => origin !== `http://${host}`)
  return isOtherOrigin && valuesOf('authorization', rawHeaders).length > 0
}

/** DELETE needs no body: a page of another origin cannot send it without a CORS preflight. */
function checkRideCall(request: RequestInfo): Rejection | undefined {
  const { method, rawHeaders } = request
  if (method !== 'POST' && method !== 'DELETE') {
    return { status: 405, reason: 'the ride API takes POST and DELETE only' }
  }
  return method === 'POST' || hasBody(rawHeaders)
    ? checkJsonBody(request, 'application/json')
    : undefined
}

/** @see RFC 9112 section 6: either header announces a body */
function hasBody(rawHeaders: readonly string[]): boolean {
  const lengths = valuesOf('content-length', rawHeaders)
  return valuesOf('transfer-encoding', rawHeaders).length > 0 || lengths.some((one) => one !== '0')
}

/** Requires a JSON content type: a page of another origin can send other types without a CORS preflight. */
function checkJsonBody({ rawHeaders }: RequestInfo, expectedType: string): Rejection | undefined {
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

/** Methods other than these can be such that the constructor of `Request` throws: CONNECT, TRACE, TRACK. */
function checkPageMethod({ method }: RequestInfo): Rejection | undefined {
  if (['GET', 'HEAD', 'POST'].includes(method)) return undefined
  return { status: 405, reason: 'pages take GET, HEAD and POST only' }
}

/** A GET changes something here: nothing but the document that a person opens may send it. */
function checkLink({ method, rawHeaders }: RequestInfo): Rejection | undefined {
  if (method !== 'GET') return { status: 405, reason: 'a link in an email takes GET only' }
  const isDocument = valuesOf('sec-fetch-dest', rawHeaders).every((dest) => dest === 'document')
  // A browser that fetches ahead of time says so.
  const isOpened = isDocument && valuesOf('sec-purpose', rawHeaders).length === 0
  return isOpened ? undefined : { status: 403, reason: 'a link in an email is to be opened' }
}

const checks = {
  api: checkApiCall,
  'ride-api': checkRideCall,
  keys: checkPageMethod,
  console: checkPageMethod,
  link: checkLink,
} as const satisfies Record<RouteKind, (request: RequestInfo) => Rejection | undefined>

export function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/.test(address)
}

/** @returns whether a text is an origin as browsers send it */
export function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url?.origin === text && /^https?:$/.test(url.protocol)
}

/** @returns a host, with a port or without, in lower case; `undefined` for a text that is none */
export function parseHost(text: string): string | undefined {
  const host = text.toLowerCase()
  const isHost = /^(?:[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/.test(
    host,
  )
  return isHost && URL.canParse(`http://${host}`) ? host : undefined
}

/** @returns the host in lower case, with `port` where it names none */
function withPort(host: string, port: number | undefined): string {
  const name = host.toLowerCase()
  return /:[0-9]+$/.test(name) ? name : `${name}:${port}`
}

/** @param name in lower case */
function valuesOf(name: string, rawHeaders: readonly string[]): readonly string[] {
  return rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name,
  )
}
