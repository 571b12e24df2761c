/** The user pool store, in memory and in a file. */

import { describe, expect, test } from 'vitest'
import {
  CredentialTakenError,
  GroupTakenError,
  type Store,
  type StoredAppClient,
  type UserFilter,
  UsernameTakenError,
} from '../../../src/local-cloud/user-pool/store/store.ts'
import {
  createGroup,
  createSession,
  createUser,
  createWebAuthnCredential,
  openStore,
  storeLocations,
} from '../../support/store-fixtures.ts'

const day = 86_400_000

function listNames(
  store: Store,
  page: Partial<Parameters<Store['listUsers']>[0]> = {},
): readonly string[] {
  return store.listUsers({ limit: 100, ...page }).map(({ username }) => username)
}

describe.each(storeLocations)('store %s', (_, findPlace) => {
  describe('users', () => {
    test('users: every field is stored', () => {
      const store = openStore(findPlace())
      const user = createUser('rider', {
        status: 'RESET_REQUIRED',
        enabled: false,
        attributes: new Map([
          ['email', 'rider@example.com'],
          ['name', '<b>"Rîder" 🦄\\\'</b>'],
        ]),
      })
      store.insertUser(user)

      expect(store.findUser('rider')).toEqual(user)
      expect(store.findUserBySub(user.sub)).toEqual(user)
      expect(store.findUser('somebody')).toBeUndefined()
      expect(store.findUserBySub('somebody')).toBeUndefined()
    })

    test('users: an update is found by user name and by sub', () => {
      const store = openStore(findPlace())
      const user = createUser('rider')
      store.insertUser(user)
      const changed = createUser('rider', {
        status: 'CONFIRMED',
        enabled: false,
        saltHex: '1',
        verifierHex: '2',
        hasPassword: false,
        attributes: new Map([['name', 'Rider']]),
        modifiedAtMs: user.modifiedAtMs + 1,
      })
      store.updateUser({ ...changed, username: 'RIDER' })

      expect(store.findUser('rider')).toEqual(changed)
    })

    test.each(['__proto__', 'constructor', "Robert'); DROP TABLE users;--", '🦄', 'a'.repeat(128)])(
      'users: the user name %s is stored',
      (username) => {
        const store = openStore(findPlace())
        store.insertUser(createUser(username))

        expect(store.findUser(username)?.username).toBe(username)
        expect(listNames(store)).toEqual([username])
      },
    )
  })

  test('MFA by email: it is stored, replaced and deleted with its user', () => {
    const store = openStore(findPlace())
    const user = createUser('rider')
    store.insertUser(user)
    expect(store.findMessageMfa(user.sub, 'EMAIL_OTP')).toBeUndefined()

    store.saveMessageMfa(user.sub, 'EMAIL_OTP', { enabled: true, preferred: true })
    expect(store.findMessageMfa(user.sub, 'EMAIL_OTP')).toEqual({ enabled: true, preferred: true })
    store.saveMessageMfa(user.sub, 'EMAIL_OTP', { enabled: false, preferred: false })
    expect(store.findMessageMfa(user.sub, 'EMAIL_OTP')).toEqual({
      enabled: false,
      preferred: false,
    })
    store.deleteUser(user.sub)
    expect(store.findMessageMfa(user.sub, 'EMAIL_OTP')).toBeUndefined()
  })

  test('groups: they are stored, changed, listed by name, and of a user by precedence', () => {
    const store = openStore(findPlace())
    const rider = createUser('rider')
    store.insertUser(rider)
    const described = { description: 'Who owns', roleArn: 'arn:aws:iam::1:role/x', precedence: 0 }
    const groups = [
      createGroup('badgers'),
      createGroup('owners', described),
      createGroup('ants'),
      createGroup('zebras', { precedence: 3 }),
    ]
    for (const group of groups) {
      store.insertGroup(group)
      store.addToGroup({ groupName: group.name, sub: rider.sub })
    }
    const names = (found: readonly { name: string }[]) => found.map(({ name }) => name)

    expect(store.findGroup('owners')).toEqual(groups[1])
    expect(names(store.listGroups({ limit: 10 }))).toEqual(['ants', 'badgers', 'owners', 'zebras'])
    expect(names(store.listGroups({ limit: 2, after: 'ants' }))).toEqual(['badgers', 'owners'])
    expect(names(store.listGroupsOf(rider.sub))).toEqual(['owners', 'zebras', 'ants', 'badgers'])
    expect(() => store.insertGroup(createGroup('ants'))).toThrow(GroupTakenError)
    store.updateGroup(createGroup('owners', { precedence: 9 }))
    expect(store.findGroup('owners')).toEqual(createGroup('owners', { precedence: 9 }))
  })

  test('groups: members join once, leave, and go with their group or their user', () => {
    const store = openStore(findPlace())
    const [first, second] = [createUser('a'), createUser('b')]
    store.insertUser(first)
    store.insertUser(second)
    store.insertGroup(createGroup('riders'))
    for (const { sub } of [first, second, first]) store.addToGroup({ groupName: 'riders', sub })
    const members = () => store.listUsersInGroup('riders', { limit: 10 })

    expect(members()).toEqual([first, second])
    expect(store.listUsersInGroup('riders', { limit: 10, after: 'A' })).toEqual([second])
    store.removeFromGroup({ groupName: 'riders', sub: first.sub })
    expect(members()).toEqual([second])
    store.deleteUser(second.sub)
    expect(members()).toEqual([])
    store.addToGroup({ groupName: 'riders', sub: first.sub })
    store.deleteGroup('riders')
    expect(store.listGroupsOf(first.sub)).toEqual([])
    expect(() => store.addToGroup({ groupName: 'riders', sub: first.sub })).toThrow()
  })

  test('passkeys: they are stored, listed by age, changed, and deleted with their user', () => {
    const store = openStore(findPlace())
    const user = createUser('rider')
    const other = createUser('other')
    store.insertUser(user)
    store.insertUser(other)
    const second = createWebAuthnCredential(user.sub, { credentialId: 'AAAA', createdAtMs: 2 })
    const first = createWebAuthnCredential(user.sub, { credentialId: 'BBBB', createdAtMs: 1 })
    const others = createWebAuthnCredential(other.sub, { credentialId: 'CCCC' })
    for (const credential of [second, first, others]) store.insertWebAuthnCredential(credential)

    expect(store.listWebAuthnCredentialsOf(user.sub)).toEqual([first, second])
    expect(store.findWebAuthnCredential('CCCC')).toEqual(others)
    expect(store.findWebAuthnCredential('DDDD')).toBeUndefined()
    expect(() => store.insertWebAuthnCredential({ ...second, sub: other.sub })).toThrow(
      CredentialTakenError,
    )
    store.updateWebAuthnCredential({ credentialId: 'AAAA', counter: 7, backedUp: true })
    expect(store.findWebAuthnCredential('AAAA')).toEqual({ ...second, counter: 7, backedUp: true })
    expect(store.deleteWebAuthnCredential({ sub: other.sub, credentialId: 'AAAA' })).toBe(false)
    expect(store.deleteWebAuthnCredential({ sub: user.sub, credentialId: 'AAAA' })).toBe(true)
    store.deleteUser(user.sub)
    expect(store.findWebAuthnCredential('BBBB')).toBeUndefined()
    expect(store.findWebAuthnCredential('CCCC')).toEqual(others)
  })

  test('passkeys as MFA: it is on or off, and off with its user', () => {
    const store = openStore(findPlace())
    const user = createUser('rider')
    store.insertUser(user)
    for (const enabled of [true, true, false, false, true]) {
      store.saveWebAuthnMfa(user.sub, enabled)
      expect(store.hasWebAuthnMfa(user.sub)).toBe(enabled)
    }
    store.deleteUser(user.sub)
    expect(store.hasWebAuthnMfa(user.sub)).toBe(false)
  })

  test('dummy email: it takes an id and is not listed', () => {
    const store = openStore(findPlace())
    const email = {
      medium: 'EMAIL',
      to: 'a@b.c',
      subject: 's',
      text: 't',
      code: '1',
      sentAtMs: 1,
    } as const
    store.insertDummyMessage(email)
    store.insertMessage(email)

    expect(store.listMessages(10)).toEqual([{ ...email, id: 2 }])
  })

  describe('unique user names', () => {
    test('unique user names: a second user of that name is rejected and the first is kept', () => {
      const store = openStore(findPlace())
      const first = createUser('rider')
      store.insertUser(first)

      const second = createUser('rider', { sub: 'another', attributes: new Map([['name', 'x']]) })
      expect(() => store.insertUser(second)).toThrow(UsernameTakenError)
      expect(store.findUser('rider')).toEqual(first)
      expect(store.findUserBySub('another')).toBeUndefined()
    })

    test.each(['RIDER', 'Rider', 'rIDER'])(
      'unique user names: %s is the same name as rider',
      (username) => {
        const store = openStore(findPlace())
        store.insertUser(createUser('rider'))

        expect(() => store.insertUser(createUser(username))).toThrow(UsernameTakenError)
        expect(store.findUser(username)?.username).toBe('rider')
      },
    )

    test('unique user names: case is ignored beyond ASCII', () => {
      const store = openStore(findPlace())
      store.insertUser(createUser('ÄRGER@example.com'))

      expect(() => store.insertUser(createUser('ärger@example.com'))).toThrow(UsernameTakenError)
    })

    test('unique user names: case counts in a case-sensitive pool', () => {
      const store = openStore(findPlace(), { caseSensitive: true })
      store.insertUser(createUser('rider'))
      store.insertUser(createUser('RIDER'))

      expect(store.findUser('Rider')).toBeUndefined()
      expect(listNames(store)).toEqual(['RIDER', 'rider'])
    })
  })

  describe('transactions', () => {
    test('transaction: on success it keeps every change and returns the result', () => {
      const store = openStore(findPlace())

      const result = store.transaction(() => {
        store.insertUser(createUser('rider'))
        store.saveCode({
          sub: 'sub of rider',
          purpose: 'sign-up',
          code: '123456',
          address: 'a',
          expiresAtMs: 1,
        })
        return 'done'
      })

      expect(result).toBe('done')
      expect(store.findUser('rider')).toBeDefined()
      expect(store.findCode('sub of rider', 'sign-up')).toBeDefined()
    })

    test('transaction: an exception rolls every change back', () => {
      const store = openStore(findPlace())
      store.insertUser(createUser('before'))
      store.insertSession(createSession('sub of before'))

      const change = () => {
        store.insertUser(createUser('rider'))
        store.updateUser(createUser('before', { status: 'CONFIRMED' }))
        store.revokeSessionsOf('sub of before')
        store.consumeChallenge({ nonce: 'n', expiresAtMs: 1 })
        store.insertMessage({
          medium: 'SMS',
          to: 'a',
          subject: '',
          text: 'c',
          code: 'd',
          sentAtMs: 1,
        })
        store.writeSecret('s', 'x')
        throw new Error('the disk is full')
      }

      expect(() => store.transaction(change)).toThrow('the disk is full')
      expect(listNames(store)).toEqual(['before'])
      expect(store.findUser('before')?.status).toBe('UNCONFIRMED')
      expect(store.findSession('origin of sub of before')?.revoked).toBe(false)
      expect(store.consumeChallenge({ nonce: 'n', expiresAtMs: 1 })).toBe(true)
      expect(store.listMessages(10)).toEqual([])
      expect(store.readSecret('s')).toBeUndefined()
    })

    test('transaction: the next one succeeds after an exception', () => {
      const store = openStore(findPlace())
      expect(() =>
        store.transaction(() => {
          throw new Error('no')
        }),
      ).toThrow('no')

      store.transaction(() => store.insertUser(createUser('rider')))
      expect(listNames(store)).toEqual(['rider'])
    })

    test('transaction: a foreign key violation rolls every change back', () => {
      const store = openStore(findPlace())

      expect(() =>
        store.transaction(() => {
          store.insertUser(createUser('rider'))
          store.insertSession(createSession('nobody'))
        }),
      ).toThrow(/FOREIGN KEY/)
      expect(listNames(store)).toEqual([])
    })
  })

  describe('codes', () => {
    const code = {
      sub: 'sub of rider',
      purpose: 'sign-up',
      code: '111111',
      address: 'rider@example.com',
      expiresAtMs: 5,
    } as const

    function openWithUser(): Store {
      const store = openStore(findPlace())
      store.insertUser(createUser('rider'))
      return store
    }

    test('codes: the newest one is found and older ones are known as superseded', () => {
      const store = openWithUser()
      store.saveCode(code)
      store.saveCode({ ...code, code: '222222', expiresAtMs: 9 })

      expect(store.findCode(code.sub, 'sign-up')).toEqual({
        ...code,
        code: '222222',
        expiresAtMs: 9,
      })
      expect(store.isSupersededCode(code)).toBe(true)
      expect(store.isSupersededCode({ ...code, code: '222222' })).toBe(false)
      expect(store.isSupersededCode({ ...code, code: '333333' })).toBe(false)
    })

    test('codes: a code becomes valid again when the same digits are drawn again', () => {
      const store = openWithUser()
      store.saveCode(code)
      store.saveCode({ ...code, code: '222222' })
      store.saveCode(code)

      expect(store.findCode(code.sub, 'sign-up')).toEqual(code)
      expect(store.isSupersededCode(code)).toBe(false)
      expect(store.isSupersededCode({ ...code, code: '222222' })).toBe(true)
    })

    test('codes: those of different purposes are independent', () => {
      const store = openWithUser()
      store.saveCode(code)
      store.saveCode({ ...code, purpose: 'password-reset', code: '222222' })
      store.deleteCodes(code.sub, 'sign-up')

      expect(store.findCode(code.sub, 'sign-up')).toBeUndefined()
      expect(store.findCode(code.sub, 'password-reset')?.code).toBe('222222')
    })

    test('codes: leading zeros are kept', () => {
      const store = openWithUser()
      store.saveCode({ ...code, code: '000012' })

      expect(store.findCode(code.sub, 'sign-up')?.code).toBe('000012')
    })

    test('codes: expired codes are kept while current, and deleted once superseded', () => {
      const store = openWithUser()
      store.saveCode(code)
      store.saveCode({ ...code, code: '222222' })
      store.deleteExpired(code.expiresAtMs + 1)

      expect(store.findCode(code.sub, 'sign-up')?.code).toBe('222222')
      expect(store.isSupersededCode(code)).toBe(false)
    })
  })

  describe('sessions', () => {
    const session = createSession('sub of rider')

    function openWithSession(): Store {
      const store = openStore(findPlace())
      store.insertUser(createUser('rider'))
      store.insertSession(session)
      return store
    }

    test('sessions: one is found by origin_jti and by event id', () => {
      const store = openWithSession()
      const { sub, eventId } = session

      expect(store.findSession(session.originJti)).toEqual(session)
      expect(store.findSessionByEvent({ sub, eventId })).toEqual(session)
      expect(store.findSession('another')).toBeUndefined()
      expect(store.findSessionByEvent({ sub, eventId: 'another' })).toBeUndefined()
      expect(store.findSessionByEvent({ sub: 'another', eventId })).toBeUndefined()
    })

    test('sessions: one is revoked', () => {
      const store = openWithSession()
      store.insertSession({ ...session, originJti: 'second' })
      store.revokeSession(session.originJti)

      expect(store.findSession(session.originJti)?.revoked).toBe(true)
      expect(store.findSession('second')?.revoked).toBe(false)
    })

    test('sessions: all those of one user are revoked and no others', () => {
      const store = openWithSession()
      store.insertSession({ ...session, originJti: 'second' })
      store.insertUser(createUser('other'))
      store.insertSession(createSession('sub of other'))
      store.revokeSessionsOf(session.sub)

      expect(store.findSession(session.originJti)?.revoked).toBe(true)
      expect(store.findSession('second')?.revoked).toBe(true)
      expect(store.findSession('origin of sub of other')?.revoked).toBe(false)
    })

    test('sessions: expired ones and their refresh tokens are kept for a month', () => {
      const store = openWithSession()
      const { originJti, expiresAtMs } = session
      store.insertRefreshToken({ hash: 'h', originJti, replacedAtMs: undefined })

      store.deleteExpired(expiresAtMs + 30 * day)
      expect(store.findSession(originJti)).toEqual(session)
      store.deleteExpired(expiresAtMs + 30 * day + 1)
      expect(store.findSession(originJti)).toBeUndefined()
      expect(store.findRefreshToken('h')).toBeUndefined()
    })

    test('sessions: refresh tokens know when they were rotated', () => {
      const store = openWithSession()
      const token = { hash: 'h', originJti: session.originJti, replacedAtMs: undefined }
      store.insertRefreshToken(token)

      expect(store.findRefreshToken('h')).toEqual(token)
      store.markReplaced('h', 7)
      expect(store.findRefreshToken('h')).toEqual({ ...token, replacedAtMs: 7 })
      expect(store.findRefreshToken('H')).toBeUndefined()
    })
  })

  describe('app clients', () => {
    const client: StoredAppClient = {
      clientId: 'kiosk',
      properties: { ClientName: 'Kiosk', ReadAttributes: ['email'] },
      template: undefined,
      clientSecret: 'secret',
      createdAtMs: 1_793_000_000_200,
      modifiedAtMs: 1_793_000_000_300,
    }
    const deleted: StoredAppClient = {
      ...client,
      clientId: 'web',
      properties: undefined,
      template: '{}',
      clientSecret: undefined,
      createdAtMs: 1_793_000_000_100,
    }

    test('app clients: they are listed oldest first, and one of the same id takes the place of the other', () => {
      const store = openStore(findPlace())
      store.saveAppClient(client)
      store.saveAppClient(deleted)
      expect(store.listAppClients()).toEqual([deleted, client])

      const changed = { ...client, clientSecret: undefined, modifiedAtMs: 1_793_000_000_400 }
      store.saveAppClient(changed)
      store.deleteAppClient(deleted.clientId)
      store.deleteAppClient('nobody')
      expect(store.listAppClients()).toEqual([changed])
    })

    test('app clients: the sessions of one are revoked, and no others', () => {
      const store = openStore(findPlace())
      const user = createUser('rider')
      store.insertUser(user)
      for (const clientId of ['web', 'kiosk']) {
        store.insertSession(createSession(user.sub, { clientId, originJti: clientId }))
      }
      store.revokeSessionsOfClient('kiosk')

      expect(store.findSession('kiosk')?.revoked).toBe(true)
      expect(store.findSession('web')?.revoked).toBe(false)
    })
  })

  describe('single-use challenges', () => {
    test('challenges: one can be consumed once', () => {
      const store = openStore(findPlace())

      expect(store.consumeChallenge({ nonce: 'n', expiresAtMs: 5 })).toBe(true)
      expect(store.consumeChallenge({ nonce: 'n', expiresAtMs: 5 })).toBe(false)
      expect(store.consumeChallenge({ nonce: 'm', expiresAtMs: 5 })).toBe(true)
    })

    test('challenges: a consumed one is remembered as long as it could be answered', () => {
      const store = openStore(findPlace())
      store.consumeChallenge({ nonce: 'n', expiresAtMs: 5 })

      store.deleteExpired(5)
      expect(store.consumeChallenge({ nonce: 'n', expiresAtMs: 5 })).toBe(false)
      store.deleteExpired(6)
      expect(store.consumeChallenge({ nonce: 'n', expiresAtMs: 5 })).toBe(true)
    })
  })

  describe('emails', () => {
    const letter = {
      medium: 'EMAIL' as const,
      to: 'rider@example.com',
      subject: 'Code',
      text: 'It is 1.',
      code: '1',
      sentAtMs: 3,
    }

    test('emails: the newest ones are listed first', () => {
      const store = openStore(findPlace())
      for (const code of ['1', '2', '3']) store.insertMessage({ ...letter, code })

      expect(store.listMessages(2)).toEqual([
        { ...letter, id: 3, code: '3' },
        { ...letter, id: 2, code: '2' },
      ])
    })

    test('emails: a thousand are kept and older ones are deleted', () => {
      const store = openStore(findPlace())
      store.transaction(() => {
        for (let index = 1; index <= 1010; index += 1) {
          store.insertMessage({ ...letter, code: String(index) })
        }
      })
      const codes = store.listMessages(5000).map(({ code }) => code)

      expect(codes).toHaveLength(1000)
      expect([codes.at(0), codes.at(-1)]).toEqual(['1010', '11'])
    })
  })

  test('secrets: the value written last is read', () => {
    const store = openStore(findPlace())

    expect(store.readSecret('key')).toBeUndefined()
    store.writeSecret('key', 'first')
    store.writeSecret('key', 'second')
    expect(store.readSecret('key')).toBe('second')
  })

  describe('list of users', () => {
    function openWithUsers(...names: readonly string[]): Store {
      const store = openStore(findPlace())
      for (const name of names) store.insertUser(createUser(name))
      return store
    }

    test('list of users: it is sorted by name without regard to case, with limit and start', () => {
      const store = openWithUsers('delta', 'Alpha', 'charlie', 'BRAVO')

      expect(listNames(store)).toEqual(['Alpha', 'BRAVO', 'charlie', 'delta'])
      expect(listNames(store, { limit: 2 })).toEqual(['Alpha', 'BRAVO'])
      expect(listNames(store, { limit: 2, after: 'bravo' })).toEqual(['charlie', 'delta'])
      expect(listNames(store, { after: 'bz' })).toEqual(['charlie', 'delta'])
      expect(listNames(store, { after: 'delta' })).toEqual([])
    })

    test.each([
      ['username', ['amber', 'Bruno', 'coral', 'daisy'], 'am', 'amber'],
      ['email', ['daisy', 'coral', 'Bruno', 'amber'], 'Z-AM', 'amber'],
    ] as const)(
      'list of users: in a pool of usernameModel %s it is sorted and searched by what signs in',
      (usernameModel, names, prefix, match) => {
        const store = openStore(findPlace(), { usernameModel })
        for (const [name, order] of [
          ['coral', 'x'],
          ['amber', 'Z'],
          ['daisy', 'w'],
          ['Bruno', 'y'],
        ] as const) {
          const attributes = new Map([['email', `${order}-${name}@example.com`]])
          store.insertUser(createUser(name, { attributes }))
        }
        const list = (page: { limit: number; after?: string }, startsWith = '') =>
          store.listUsersByName({ ...page, prefix: startsWith }).map(({ username }) => username)
        const [first, second = ''] = names
        const after =
          usernameModel === 'email' ? store.findUser(second)?.attributes.get('email') : second

        expect(list({ limit: 4 })).toEqual(names)
        expect(list({ limit: 1 })).toEqual([first])
        expect(list({ limit: 9, after: after?.toUpperCase() ?? '' })).toEqual(names.slice(2))
        expect(list({ limit: 9 }, prefix)).toEqual([match])
        expect(list({ limit: 9 }, '%')).toEqual([])
      },
    )

    const filters: readonly [UserFilter, readonly string[]][] = [
      [{ name: 'username', match: 'equals', value: 'ALPHA' }, ['alpha']],
      [{ name: 'username', match: 'starts-with', value: 'AL' }, ['alpha', 'alto']],
      [{ name: 'email', match: 'equals', value: 'bravo@example.com' }, ['bravo']],
      [{ name: 'email', match: 'starts-with', value: 'al' }, ['alpha', 'alto']],
      [{ name: 'email', match: 'starts-with', value: '%' }, []],
      [{ name: 'email', match: 'starts-with', value: '_' }, []],
      [{ name: 'email', match: 'equals', value: 'al' }, []],
      [{ name: 'name', match: 'starts-with', value: '' }, []],
      [{ name: 'sub', match: 'equals', value: 'sub of bravo' }, ['bravo']],
      [{ name: 'status', match: 'equals', value: 'Disabled' }, ['🦄']],
      [{ name: 'status', match: 'starts-with', value: 'E' }, ['alpha', 'alto', 'bravo']],
      [{ name: 'cognito:user_status', match: 'equals', value: 'CONFIRMED' }, ['🦄']],
      [{ name: 'username', match: 'starts-with', value: '🦄' }, ['🦄']],
    ]
    test.each(filters)('list of users: the filter %j finds the matching users', (filter, names) => {
      const store = openWithUsers('alpha', 'alto', 'bravo')
      store.insertUser(createUser('🦄', { status: 'CONFIRMED', enabled: false }))

      expect(listNames(store, { filter })).toEqual(names)
    })
  })
})
