/**
 * Kills the pool's process under load again and again and compares its store with what the clients were
 * told: acknowledged changes are there, rejected ones are not, and a request without a response has been
 * carried out completely or not at all.
 */

import { join } from 'node:path'
import Database from 'libsql'
import * as v from 'valibot'
import { createVerifier } from '../../../src/local-cloud/user-pool/srp/srp.ts'
import type { ApiResponse } from '../cognito-api.ts'
import { type PoolProcess, prepareStore, startPool } from '../pool-process.ts'
import { createTempFolder } from '../temp-folder.ts'
import { writeTemplate } from '../template-file.ts'
import { templateSettings } from '../template-settings.ts'
import { ClientId, differentCode, tokens, UserPoolId } from '../users.ts'
import { createSeededRandom, type SeededRandom } from './seeded-random.ts'

export interface CrashPlan {
  readonly seed: number
  readonly rounds: number
  readonly signal: NodeJS.Signals
  /** acknowledged requests before the load is timed: a process is slow at first */
  readonly warmUp: number
  readonly command?: readonly string[]
}

export interface CrashReport {
  readonly acknowledged: number
  readonly refused: number
  readonly unknown: number
  /** acknowledged changes that are missing, in sentences */
  readonly lost: readonly string[]
  /** changes that were rejected, never requested or only partly made, in sentences */
  readonly invented: readonly string[]
  /** milliseconds from the signal to the end of the process, the longest */
  readonly slowestEndMs: number
  readonly exits: readonly (number | null)[]
}

const clientCount = 4
/** milliseconds of load before the signal, drawn evenly */
const shortestLoadMs = 20
const longestLoadMs = 200

/** The state of a user as clients see it. */
interface Account {
  readonly status: 'UNCONFIRMED' | 'CONFIRMED'
  readonly password: string
  readonly name: string
  readonly sessions: number
}

/** `undefined` while there is no such user */
type State = Account | undefined

/** A user name and what its client knows of it. */
interface Entry {
  readonly username: string
  state: State
  /** the state if the request without a response was carried out */
  pending: { readonly state: State } | undefined
  accessToken: string | undefined
}

interface PlannedRequest {
  readonly operation: string
  readonly body: unknown
  readonly becomes: State
  /** whether the pool must reject it */
  readonly isWrong?: boolean
}

export async function runCrashRounds(plan: CrashPlan): Promise<CrashReport> {
  const { seed, rounds, signal, warmUp, command } = plan
  const random = createSeededRandom(seed)
  const folder = createTempFolder()
  const options = [
    '--no-limits',
    '--template',
    writeTemplate({
      pool: { AutoVerifiedAttributes: ['email'] },
      client: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
    }),
  ]
  prepareStore(folder, templateSettings)
  const ledger = createLedger(random)
  const exits: (number | null)[] = []
  let slowestEndMs = 0
  for (let round = 0; round < rounds; round += 1) {
    const pool = await startPool(folder, options, command)
    ledger.settle(join(folder, 'user-pool.sqlite'), 'touched')
    const load = startLoad(pool, ledger, warmUp)
    await load.warmedUp
    const loadMs = shortestLoadMs + random.below(longestLoadMs - shortestLoadMs + 1)
    await new Promise((resolve) => setTimeout(resolve, loadMs))
    const endedAtMs = performance.now()
    const { code } = await pool.stop(signal)
    slowestEndMs = Math.max(slowestEndMs, performance.now() - endedAtMs)
    exits.push(code)
    await load.ended
  }
  ledger.settle(join(folder, 'user-pool.sqlite'), 'all')
  return { ...ledger.report(), slowestEndMs, exits }
}

/** Clients that work until the process no longer answers. */
function startLoad(
  pool: PoolProcess,
  ledger: Ledger,
  warmUp: number,
): { readonly warmedUp: Promise<unknown>; readonly ended: Promise<unknown> } {
  const goal = ledger.report().acknowledged + warmUp
  let reachGoal = () => {}
  const reached = new Promise<void>((resolve) => {
    reachGoal = resolve
  })
  const work = async (client: number) => {
    for (;;) {
      const { entry, request } = ledger.choose(client, pool.printed())
      entry.pending = { state: request.becomes }
      const response = await pool.call(request.operation, request.body).catch(toNothing)
      if (!response) return
      ledger.note(entry, request, response)
      const { acknowledged, invented } = ledger.report()
      // A pool that answers what it must not has failed the test: without an end the load would never warm up.
      if (invented.length > 0) return
      if (acknowledged >= goal) reachGoal()
    }
  }
  const ended = Promise.all(Array.from({ length: clientCount }, (_, one) => work(one)))
  return { warmedUp: Promise.race([reached, ended]), ended }
}

/** A request to a killed process fails with a TypeError; any other error is a bug of the test. */
function toNothing(error: unknown): undefined {
  if (error instanceof TypeError) return undefined
  throw error
}

type Ledger = ReturnType<typeof createLedger>

/** The log of all clients; each user name belongs to one client, so its requests have an order. */
function createLedger(random: SeededRandom) {
  const entries = Array.from({ length: clientCount }, (): Entry[] => [])
  const touched = new Set<Entry>()
  const codes = new Map<string, string>()
  const lost: string[] = []
  const invented: string[] = []
  let [acknowledged, refused, unknown, made] = [0, 0, 0, 0]

  const signUp = (username: string): PlannedRequest => {
    const password = `Passw0rd!${made}`
    return {
      operation: 'SignUp',
      body: {
        ClientId,
        Username: username,
        Password: password,
        UserAttributes: [{ Name: 'email', Value: username }],
      },
      becomes: { status: 'UNCONFIRMED', password, name: '', sessions: 0 },
    }
  }

  function chooseRequest(entry: Entry): PlannedRequest {
    const { username, state, accessToken } = entry
    if (!state) return signUp(username)
    if (random.chance(0.05)) return { ...signUp(username), becomes: state, isWrong: true }
    if (state.status === 'UNCONFIRMED') return confirm(entry, state)
    if (accessToken === undefined) return signIn(entry, state)
    const AccessToken = accessToken
    made += 1
    const version = String(made)
    return random.pick<PlannedRequest>([
      {
        operation: 'ChangePassword',
        body: {
          AccessToken,
          PreviousPassword: state.password,
          ProposedPassword: `Changed-1!${version}`,
        },
        becomes: { ...state, password: `Changed-1!${version}` },
      },
      {
        operation: 'UpdateUserAttributes',
        body: { AccessToken, UserAttributes: [{ Name: 'name', Value: version }] },
        becomes: { ...state, name: version },
      },
      {
        operation: 'ChangePassword',
        body: { AccessToken, PreviousPassword: 'Wr0ng-pw!', ProposedPassword: 'Never-1!x' },
        becomes: state,
        isWrong: true,
      },
      signIn(entry, state),
      ...(random.chance(0.2)
        ? [{ operation: 'DeleteUser', body: { AccessToken }, becomes: undefined }]
        : []),
    ])
  }

  function confirm({ username }: Entry, state: Account): PlannedRequest {
    const code = codes.get(username)
    const isWrong = code === undefined || random.chance(0.2)
    return {
      operation: 'ConfirmSignUp',
      body: {
        ClientId,
        Username: username,
        ConfirmationCode: code === undefined ? 'unknown' : isWrong ? differentCode(code) : code,
      },
      becomes: isWrong ? state : { ...state, status: 'CONFIRMED' },
      isWrong,
    }
  }

  function signIn({ username }: Entry, state: Account): PlannedRequest {
    return {
      operation: 'InitiateAuth',
      body: {
        ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: username, PASSWORD: state.password },
      },
      becomes: { ...state, sessions: state.sessions + 1 },
    }
  }

  function compare(entry: Entry, actual: State): void {
    const same = (state: State) => JSON.stringify(state) === JSON.stringify(actual)
    if (!same(entry.state) && !(entry.pending && same(entry.pending.state))) {
      const told = `${entry.username}: expected ${JSON.stringify(entry.state)}${
        entry.pending ? ` or ${JSON.stringify(entry.pending.state)}` : ''
      }, found ${JSON.stringify(actual)}`
      ;(entry.state ? lost : invented).push(told)
    }
    if (entry.pending) unknown += 1
    entry.pending = undefined
    entry.state = actual
    if (!actual?.sessions) entry.accessToken = undefined
  }

  return {
    /** Chooses the next request of a client, for a new user or one of its newest. */
    choose(client: number, printed: string): { entry: Entry; request: PlannedRequest } {
      for (const [, to = '', code = ''] of printed.matchAll(/^Email to "(.*)": .* (\d{6})$/gm)) {
        codes.set(to, code)
      }
      const own = entries[client] ?? []
      if (own.length === 0 || random.chance(0.25)) {
        made += 1
        const username = `rider-${made}@example.com`
        own.push({ username, state: undefined, pending: undefined, accessToken: undefined })
      }
      const entry = random.pick(own.slice(-8))
      touched.add(entry)
      return { entry, request: chooseRequest(entry) }
    },

    note(entry: Entry, request: PlannedRequest, { status, body, text }: ApiResponse): void {
      entry.pending = undefined
      const isTaken = status === 200
      if (isTaken === (request.isWrong ?? false))
        invented.push(`${request.operation} answered ${text}`)
      if (!isTaken) {
        refused += 1
        return
      }
      acknowledged += 1
      entry.state = request.becomes
      if (request.operation === 'SignUp' || request.operation === 'DeleteUser') {
        entry.accessToken = undefined
      }
      if (request.operation === 'InitiateAuth') {
        entry.accessToken = v.parse(tokens, body.AuthenticationResult).AccessToken
      }
    },

    /** Compares the store of a restarted process with the log. */
    settle(path: string, which: 'touched' | 'all'): void {
      const store = readAccounts(path)
      const known = new Set(entries.flat().map(({ username }) => username))
      for (const username of store.usernames()) {
        if (!known.has(username)) invented.push(`${username}: nobody asked for this user`)
      }
      for (const entry of which === 'all' ? entries.flat() : touched) {
        const expected = [entry.state, entry.pending?.state].flatMap((one) => one?.password ?? [])
        const { state, problem, code } = store.find(entry.username, expected, which === 'touched')
        if (problem !== undefined) invented.push(`${entry.username}: ${problem}`)
        if (code !== undefined) codes.set(entry.username, code)
        compare(entry, state)
      }
      touched.clear()
      store.close()
    },

    report: () => ({ acknowledged, refused, unknown, lost, invented }),
  }
}

const accountRow = v.object({
  sub: v.string(),
  status: v.picklist(['UNCONFIRMED', 'CONFIRMED']),
  salt_hex: v.string(),
  verifier_hex: v.string(),
  name: v.nullable(v.string()),
  email_verified: v.string(),
  sessions: v.number(),
  refresh_tokens: v.number(),
  code: v.nullable(v.string()),
  letters: v.number(),
})

/** The accounts in a store, read by another connection. */
function readAccounts(path: string) {
  const database = new Database(path)
  const names = database.prepare('SELECT username FROM users')
  const account = database.prepare(`
    SELECT sub, status, salt_hex, verifier_hex,
      (SELECT value FROM user_attributes a WHERE a.sub = u.sub AND a.name = 'name') AS name,
      (SELECT value FROM user_attributes a WHERE a.sub = u.sub AND a.name = 'email_verified')
        AS email_verified,
      (SELECT count(*) FROM sessions s WHERE s.sub = u.sub) AS sessions,
      (SELECT count(*) FROM sessions s JOIN refresh_tokens USING (origin_jti) WHERE s.sub = u.sub)
        AS refresh_tokens,
      (SELECT code FROM codes c WHERE c.sub = u.sub) AS code,
      (SELECT count(*) FROM messages l WHERE l.recipient = u.username) AS letters
    FROM users u WHERE username_key = ?`)
  return {
    usernames: () =>
      names.all().map((row) => v.parse(v.object({ username: v.string() }), row).username),
    find(username: string, passwords: readonly string[], isNew: boolean) {
      const found = account.get(username)
      if (found === undefined) return { state: undefined, problem: undefined, code: undefined }
      const row = v.parse(accountRow, found)
      const password = passwords.find((one) => isPasswordOf(row, username, one)) ?? 'another'
      const state: Account = {
        status: row.status,
        password,
        name: row.name ?? '',
        sessions: row.sessions,
      }
      return { state, problem: findHalf(row, isNew), code: row.code ?? undefined }
    },
    close: () => database.close(),
  }
}

/**
 * Finds a partial change: rows that an operation changes together and that do not fit.
 *
 * @param isNew whether its email must still be there: the inbox keeps a thousand
 */
function findHalf(row: v.InferOutput<typeof accountRow>, isNew: boolean): string | undefined {
  const isConfirmed = row.status === 'CONFIRMED'
  if (isNew && row.letters === 0) return 'no letter'
  if (isConfirmed !== (row.code === null)) return `${row.status}, and the code is ${row.code}`
  if (isConfirmed !== (row.email_verified === 'true')) return `${row.status}, address not so`
  if (row.sessions !== row.refresh_tokens) {
    return `${row.sessions} sessions, ${row.refresh_tokens} refresh tokens`
  }
  return undefined
}

function isPasswordOf(
  row: v.InferOutput<typeof accountRow>,
  username: string,
  password: string,
): boolean {
  const identity = { namespace: UserPoolId.replace(/^.*?_/, ''), userId: username }
  const made = createVerifier(identity, { password, saltHex: row.salt_hex })
  return made.toString(16) === row.verifier_hex
}
