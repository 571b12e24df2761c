/** Compares the response headers of a deployed site with those that this repository asks for. */

import { passkeyEndpointsPath } from '../../shared/passkey-endpoints.ts'
import {
  type PolicySources,
  toCacheControl,
  toSecurityHeaders,
} from '../../shared/response-headers.ts'
import { SettingsError } from '../../shared/settings-error.ts'

/** A path for each rule of headers, and one that does not exist. */
const paths = ['/', '/signin.html', '/ride.html', '/js/config.js', '/robots.txt', '/no-such-page']

/**
 * @param site the site's origin
 * @param sources that its content security policy must allow
 * @param hasPasskeyEndpoints whether it has the file that passkey managers read
 * @throws {SettingsError} listing every header that is missing or different
 */
export async function assertDeployedHeaders(
  site: string,
  sources: PolicySources,
  { hasPasskeyEndpoints }: { hasPasskeyEndpoints: boolean },
): Promise<void> {
  const asked = [...paths, ...(hasPasskeyEndpoints ? [passkeyEndpointsPath] : [])]
  const problems = (
    await Promise.all(asked.map((path) => findProblems(site, path, sources)))
  ).flat()
  if (problems.length === 0) return
  throw new SettingsError(
    site,
    'the headers of customHttp.yml with every answer',
    `${problems.join('\n')}\nIs customHttp.yml committed and deployed? A custom domain may keep old answers for a while.`,
  )
}

async function findProblems(
  site: string,
  path: string,
  sources: PolicySources,
): Promise<readonly string[]> {
  const response = await fetchPath(site, path)
  const status = path === '/no-such-page' ? 404 : 200
  if (response.status !== status) {
    return [`${path}: expected status ${status}, got ${response.status}`]
  }
  // Amplify sets Cache-Control for existing files only.
  const cacheControl = status === 200 ? toCacheControl(path) : undefined
  const expected = {
    ...toSecurityHeaders(sources),
    ...(cacheControl !== undefined && { 'Cache-Control': cacheControl }),
    ...(path === passkeyEndpointsPath && {
      'Cache-Control': 'no-cache',
      'Content-Type': 'application/json',
    }),
  }
  return Object.entries(expected)
    .map(([name, value]) => ({ name, value, got: response.headers.get(name) }))
    .filter(({ value, got }) => got !== value)
    .map(({ name, value, got }) => `${path}: ${name}: expected ${value}, got ${got ?? 'none'}`)
}

async function fetchPath(site: string, path: string): Promise<Response> {
  try {
    return await fetch(new URL(path, site), { redirect: 'manual' })
  } catch (error) {
    throw new SettingsError(site, 'a site that answers', 'Check the address.', { cause: error })
  }
}
