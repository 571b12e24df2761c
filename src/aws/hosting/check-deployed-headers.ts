/** Looks at a deployed site from outside: whether its answers have the headers that the repository asks for. */

import {
  type PolicySources,
  toCacheControl,
  toSecurityHeaders,
} from '../../shared/response-headers.ts'
import { SettingsError } from '../../shared/settings-error.ts'

/** A page of each kind, the settings, and what is not there. */
const paths = ['/', '/signin.html', '/ride.html', '/js/config.js', '/robots.txt', '/no-such-page']

/**
 * @param site the site's origin
 * @param sources that its policy must let in
 * @throws {SettingsError} with every header that is missing or another
 */
export async function assertSiteSends(site: string, sources: PolicySources): Promise<void> {
  const problems = (
    await Promise.all(paths.map((path) => findProblems(site, path, sources)))
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
  const response = await ask(site, path)
  const status = path === '/no-such-page' ? 404 : 200
  if (response.status !== status) {
    return [`${path}: expected status ${status}, got ${response.status}`]
  }
  // Amplify sets how long an answer may be kept for what is there alone.
  const cacheControl = status === 200 ? toCacheControl(path) : undefined
  const expected = {
    ...toSecurityHeaders(sources),
    ...(cacheControl !== undefined && { 'Cache-Control': cacheControl }),
  }
  return Object.entries(expected)
    .map(([name, value]) => ({ name, value, got: response.headers.get(name) }))
    .filter(({ value, got }) => got !== value)
    .map(({ name, value, got }) => `${path}: ${name}: expected ${value}, got ${got ?? 'none'}`)
}

async function ask(site: string, path: string): Promise<Response> {
  try {
    return await fetch(new URL(path, site), { redirect: 'manual' })
  } catch (error) {
    throw new SettingsError(site, 'a site that answers', 'Check the address.', { cause: error })
  }
}
