/** The real server and the published client library on it. */

import { createIdentityClient, type IdentityClient } from './identity-client.ts'
import { type LocalCloudServer, startLocalCloud } from './local-cloud-server.ts'
import { type Credentials, latestCodeFor, rider } from './users.ts'

export interface ServerAndClient {
  readonly server: LocalCloudServer
  readonly client: IdentityClient
}

export async function startServerAndClient(): Promise<ServerAndClient> {
  const server = await startLocalCloud()
  return { server, client: createIdentityClient(server.endpoint) }
}

/** Signs a user up and confirms them with the mailed code. */
export async function signUpWithClient(
  { server, client }: ServerAndClient,
  credentials: Credentials = rider,
): Promise<void> {
  await client.signUp(credentials)
  const { username } = credentials
  await client.confirm({ username, code: latestCodeFor(server, username) })
}
