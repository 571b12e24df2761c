/** The real server and the published client library on it. */

import { createIdentityClient, type IdentityClient } from './identity-client.ts'
import { type LocalCloudServer, startLocalCloud } from './local-cloud-server.ts'
import { type Credentials, latestCodeFor, rider } from './users.ts'

export interface ServerAndClient {
  readonly server: LocalCloudServer
  readonly client: IdentityClient
}

export async function startWithClient(): Promise<ServerAndClient> {
  const server = await startLocalCloud()
  return { server, client: createIdentityClient(server.endpoint) }
}

/** From sign-up to the mailed code, as a person does it. */
export async function registerByClient(
  { server, client }: ServerAndClient,
  credentials: Credentials = rider,
): Promise<void> {
  await client.signUp(credentials)
  const { username } = credentials
  await client.confirm({ username, code: latestCodeFor(server, username) })
}
