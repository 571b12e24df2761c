/**
 * The real process under load, ended again and again, and its store held against what its clients were
 * told: what was acknowledged is there, what was refused or never asked for is not, and a request without
 * an answer has happened wholly or not at all.
 */

import { join } from 'node:path'
import Database from 'libsql'
import * as v from 'valibot'
import { createVerifier } from '../../../src/local-cloud/user-pool/srp/srp.ts'
import { type PoolProcess, poolCommand, prepareStore, startPool } from '../pool-process.ts'
import { createTempFolder } from '../temp-folder.ts'
import { writeTemplate } from '../template-file.ts'
import { ClientId, otherThan, tokens, UserPoolId } from '../users.ts'
import type { Answer } from '../wire.ts'
import { createSeededRandom, type SeededRandom } from './seeded-random.ts'

export interface CrashPlan {
  readonly seed: number
  readonly rounds: number
  readonly signal: NodeJS.Signals
  /** acknowledged requests of a round after which its clock starts: a cold process is slow */
  readonly warmUp: number
  readonly command?: readonly string[]
}

export interface CrashReport {
  readonly acknowledged: number
  readonly refused: number
  readonly unknown: number
  /** what was acknowledged and is not there, in sentences */
  readonly lost: readonly string[]
  /** what is there and was refused, never asked for, or only half done, in sentences */
  readonly invented: readonly string[]
  /** milliseconds from the signal to the end of the process, the longest */
  readonly slowestEndMs: number
  readonly exits: readonly (number | null)[]
}

const clientCount = 4
/** milliseconds of load before the signal, drawn evenly */
const shortestLoadMs = 20
const longestLoadMs = 200

/** What a user is, as far as clients can tell. */
interface Account {
  readonly status: 'UNCONFIRMED' | 'CONFIRMED'
  readonly password: string
  readonly name: string
  readonly sessions: number
}

/** `undefined` while there is no such user */
type State = Account | undefined

/** A user name and what its one client knows of it. */
interface Entry {
  readonly username: string
  state: State
  /** what it is instead, if the request that got no answer has happened */
  pending: { readonly state: State } | undefined
  accessToken: string | undefined
}

interface Act {
  readonly operation: string
  readonly body: unknown
  readonly becomes: State
  /** whether the pool must refuse it */
  readonly isWrong?: boolean
}

export async function runCrashRounds(plan: CrashPlan): Promise<CrashReport> {
  const { seed, rounds, signal, warmUp, command = poolCommand } = plan
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
  prepareStore(folder)
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
      const { entry, act } = ledger.choose(client, pool.printed())
      entry.pending = { state: act.becomes }
      const answer = await pool.call(act.operation, act.body).catch(toNothing)
      if (!answer) return
      ledger.note(entry, act, answer)
      if (ledger.report().acknowledged >= goal) reachGoal()
    }
  }
  const ended = Promise.all(Array.from({ length: clientCount }, (_, one) => work(one)))
  return { warmedUp: Promise.race([reached, ended]), ended }
}

/** A request whose process has ended fails like this; anything else is a mistake of the test. */
function toNothing(error: unknown): undefined {
  if (error instanceof TypeError) return undefined
  throw error
}

type Ledger = ReturnType<typeof createLedger>

/** The log of all clients: each user name belongs to one of them, so its requests have an order. */
function createLedger(random: SeededRandom) {
  const entries = Array.from({ length: clientCount }, (): Entry[] => [])
  const touched = new Set<Entry>()
  const codes = new Map<string, string>()
  const lost: string[] = []
  const invented: string[] = []
  let [acknowledged, refused, unknown, made] = [0, 0, 0, 0]

  const signUp = (username: string): Act => {
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

  function chooseAct(entry: Entry): Act {
    const { username, state, accessToken } = entry
    if (!state) return signUp(username)
    if (random.chance(0.05)) return { ...signUp(username), becomes: state, isWrong: true }
    if (state.status === 'UNCONFIRMED') return confirm(entry, state)
    if (accessToken === undefined) return signIn(entry, state)
    const AccessToken = accessToken
    made += 1
    const version = String(made)
    return random.pick<Act>([
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

  function confirm({ username }: Entry, state: Account): Act {
    const code = codes.get(username)
    const isWrong = code === undefined || random.chance(0.2)
    return {
      operation: 'ConfirmSignUp',
      body: {
        ClientId,
        Username: username,
        ConfirmationCode: code === undefined ? 'unknown' : isWrong ? otherThan(code) : code,
      },
      becomes: isWrong ? state : { ...state, status: 'CONFIRMED' },
      isWrong,
    }
  }

  function signIn({ username }: Entry, state: Account): Act {
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
    /** What a client does next: something new, or something with one of its newest users. */
    choose(client: number, printed: string): { entry: Entry; act: Act } {
      for (const [, to = '', code = ''] of printed.matchAll(/^mail to "(.*)": .* (\d{6})$/gm)) {
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
      return { entry, act: chooseAct(entry) }
    },

    note(entry: Entry, act: Act, { status, body, text }: Answer): void {
      entry.pending = undefined
      const isTaken = status === 200
      if (isTaken === (act.isWrong ?? false)) invented.push(`${act.operation} answered ${text}`)
      if (!isTaken) {
        refused += 1
        return
      }
      acknowledged += 1
      entry.state = act.becomes
      if (act.operation === 'SignUp' || act.operation === 'DeleteUser') {
        entry.accessToken = undefined
      }
      if (act.operation === 'InitiateAuth') {
        entry.accessToken = v.parse(tokens, body.AuthenticationResult).AccessToken
      }
    },

    /** Holds the store of a process that has just begun again against the log. */
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

/** The accounts in a store, read as another program would. */
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
      (SELECT count(*) FROM letters l WHERE l.recipient = u.username) AS letters
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
 * What an operation must have changed together with the rest and has not.
 *
 * @param isNew whether its letter must still be there: the inbox keeps a thousand
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
