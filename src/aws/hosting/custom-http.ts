/**
 * `customHttp.yml`, from which Amplify takes the response headers: the same that `npm start` sends.
 *
 * @see https://docs.aws.amazon.com/amplify/latest/userguide/custom-header-YAML-format.html
 */

import { passkeyEndpointsPath } from '../../shared/passkey-endpoints.ts'
import { cacheRules, type PolicySources, toSecurityHeaders } from '../../shared/response-headers.ts'

/**
 * The whole text of the file. No two patterns set the same header: Amplify does not say which would win.
 *
 * @param hasPasskeyEndpoints whether there is such a file: its name does not tell what is in it
 */
export function toCustomHttp(
  sources: PolicySources,
  { hasPasskeyEndpoints }: { hasPasskeyEndpoints: boolean },
): string {
  const blocks = [
    { pattern: '**', headers: toSecurityHeaders(sources) },
    ...cacheRules.map(({ pattern, cacheControl }) => ({
      pattern,
      headers: { 'Cache-Control': cacheControl },
    })),
    ...(hasPasskeyEndpoints
      ? [
          {
            pattern: passkeyEndpointsPath,
            headers: { 'Cache-Control': 'no-cache', 'Content-Type': 'application/json' },
          },
        ]
      : []),
  ]
  return [
    '# Written by `npm run headers` from public/js/config.js, src/shared/response-headers.ts, src/site/styles and src/site/inline.',
    'customHeaders:',
    ...blocks.flatMap(({ pattern, headers }) => [
      `  - pattern: ${quote(pattern)}`,
      '    headers:',
      ...Object.entries(headers).flatMap(([key, value]) => [
        `      - key: ${quote(key)}`,
        // On one line, however long: Amplify has been seen to break folded text.
        `        value: ${quote(value)}`,
      ]),
    ]),
    '',
  ].join('\n')
}

/** A YAML text in double quotes, which is JSON's. */
function quote(text: string): string {
  return JSON.stringify(text)
}
