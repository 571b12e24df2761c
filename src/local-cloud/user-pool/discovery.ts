/** What a client reads before it verifies tokens: the public keys, and where they are. */

import type { UserPool } from './context.ts'

type Document = (request: Request, pool: UserPool) => Response

/** by their name under `/.well-known/` */
const documents: ReadonlyMap<string, Document> = new Map<string, Document>([
  [
    'jwks.json',
    (_, { keys: { id, access } }) =>
      toJson({ keys: id === access ? [id.publicJwk] : [id.publicJwk, access.publicJwk] }),
  ],
  ['openid-configuration', toOpenIdConfiguration],
])

/**
 * The documents are below the pool's own address, as on AWS, and below the API's path.
 *
 * @returns what responds to a request for this path; `undefined` when it is none of theirs
 */
export function findDiscoveryDocument(path: string, userPoolId: string): Document | undefined {
  const [, found, name = ''] =
    /^(?:\/cognito-idp)?\/([^/]+)\/\.well-known\/([^/]+)$/.exec(path) ?? []
  return found === userPoolId ? documents.get(name) : undefined
}

/**
 * Without endpoints of OAuth, which this pool does not have. The keys are here, whatever the issuer of the tokens.
 *
 * @see OpenID Connect Discovery 1.0, section 3
 */
function toOpenIdConfiguration({ url }: Request, { settings, issuer }: UserPool): Response {
  const { origin } = new URL(url)
  return toJson({
    issuer: issuer(),
    jwks_uri: `${origin}/${settings.userPoolId}/.well-known/jwks.json`,
    response_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  })
}

function toJson(value: unknown): Response {
  return new Response(JSON.stringify(value), {
    headers: { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' },
  })
}
