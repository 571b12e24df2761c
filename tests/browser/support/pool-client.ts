/** Calls the local pool and its console as scripts do: to prepare riders and to read their mail. */

import * as v from 'valibot'

export interface PoolClient {
  call(operation: string, body: Readonly<Record<string, unknown>>): Promise<Answer>
  registerUser(user: { email: string; password: string }): Promise<void>
  /** Registers and confirms with the mailed code. */
  createConfirmedUser(user: { email: string; password: string }): Promise<void>
  /** Makes a user whose password is a temporary one, as the operator does. */
  inviteUser(user: { email: string; password: string }): Promise<void>
  latestCodeFor(email: string): Promise<string>
  lettersTo(email: string): Promise<readonly InboxMessage[]>
  statusOf(username: string): Promise<string>
  subOf(username: string): Promise<string>
  advanceClock(seconds: number): Promise<void>
}

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

export interface InboxMessage {
  readonly id: number
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly code: string
  readonly sentAt: string
}

const userWithAttributes = v.object({
  UserAttributes: v.array(v.object({ Name: v.string(), Value: v.string() })),
})

const ClientId = 'wildrydeswebapplocal000000'
const UserPoolId = 'us-east-1_WildRydes'

export function createPoolClient(origin: string): PoolClient {
  async function call(operation: string, body: Readonly<Record<string, unknown>>): Promise<Answer> {
    const response = await fetch(`${origin}/cognito-idp/`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
        // Admin operations must be signed; locally nobody checks with what.
        ...(/^(Admin|List)/.test(operation) && {
          Authorization: 'AWS4-HMAC-SHA256 Credential=test',
        }),
      },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: await response.json() }
  }

  async function mustCall(operation: string, body: Readonly<Record<string, unknown>>) {
    const answer = await call(operation, body)
    if (answer.status !== 200) {
      throw new Error(`${operation} answered ${JSON.stringify(answer)}`)
    }
    return answer.body
  }

  async function lettersTo(email: string): Promise<readonly InboxMessage[]> {
    const response = await fetch(`${origin}/console/inbox.json`)
    const { messages }: { messages: readonly InboxMessage[] } = await response.json()
    return messages.filter(({ to }) => to === email)
  }

  async function latestCodeFor(email: string): Promise<string> {
    const [letter] = await lettersTo(email)
    if (!letter) throw new Error(`the inbox has no letter to ${email}`)
    return letter.code
  }

  async function registerUser({ email, password }: { email: string; password: string }) {
    await mustCall('SignUp', {
      ClientId,
      Username: email,
      Password: password,
      UserAttributes: [{ Name: 'email', Value: email }],
    })
  }

  const getUser = (username: string) => mustCall('AdminGetUser', { UserPoolId, Username: username })

  return {
    call,
    registerUser,
    async createConfirmedUser(user) {
      await registerUser(user)
      await mustCall('ConfirmSignUp', {
        ClientId,
        Username: user.email,
        ConfirmationCode: await latestCodeFor(user.email),
      })
    },
    async inviteUser({ email, password }) {
      await mustCall('AdminCreateUser', {
        UserPoolId,
        Username: email,
        TemporaryPassword: password,
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: 'true' },
        ],
      })
    },
    latestCodeFor,
    lettersTo,
    async statusOf(username) {
      return String((await getUser(username)).UserStatus)
    },
    async subOf(username) {
      const { UserAttributes } = v.parse(userWithAttributes, await getUser(username))
      return UserAttributes.find(({ Name }) => Name === 'sub')?.Value ?? ''
    },
    async advanceClock(seconds) {
      const response = await fetch(`${origin}/console/clock`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ advanceSeconds: seconds }),
      })
      if (!response.ok) throw new Error(`the clock did not move: ${await response.text()}`)
    },
  }
}
