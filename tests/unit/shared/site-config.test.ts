/** The settings as every reader gets them; what pages make of them is tested in a browser. */

import { describe, expect, test } from 'vitest'
import { readConfig } from '../../../src/shared/site-config.ts'

const cognito = {
  userPoolId: 'us-east-1_Ab3dEf9Gh',
  userPoolClientId: '1h57kf5cpq17m0eml12EXAMPLE',
  region: 'us-east-1',
}
const tileUrl = 'https://tiles.example.com/{z}/{x}/{y}.png'
const attribution = '© Mapmakers'

/** What is said of the settings of the map. */
function problemsOf(map: unknown, others: object = { cognito }) {
  const config = readConfig({ ...others, map })
  return config.kind === 'invalid' ? config.problems : []
}

function mapOf(map: unknown) {
  const config = readConfig({ cognito, map })
  return config.kind === 'invalid' ? config.problems : config.map
}

describe('config.map', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['nothing in it', {}],
    ['empty settings', { tileUrl: '', attribution: '' }],
    ['words and no tiles', { attribution }],
  ])('map: the drawn city where there is %s', (_, map) => {
    expect(mapOf(map)).toBeUndefined()
  })

  test.each([
    tileUrl,
    'https://tiles.example.com:8443/{z}/{x}/{y}.png',
    'https://tiles.example.com/{x}/{y}/{z}',
    'https://tiles.example.com/tile?z={z}&x={x}&y={y}&key=abc',
    'https://tiles.example.com/{z}/{x}/{y}#fragment',
    'http://localhost:8080/{z}/{x}/{y}.png',
    'http://127.0.0.1:8080/{z}/{x}/{y}.png',
    'http://[::1]:8080/{z}/{x}/{y}.png',
    '/tiles/{z}/{x}/{y}.png',
  ])('map: tiles come from %s, unchanged', (url) => {
    expect(mapOf({ tileUrl: url, attribution })).toEqual({ tileUrl: url, attribution })
  })

  test.each(['© <b>OpenStreetMap</b> contributors', '"\'\\ \u2028 </script>', ' © '])(
    'map: the attribution %j is kept as text',
    (words) => {
      expect(mapOf({ tileUrl, attribution: words })).toEqual({ tileUrl, attribution: words })
    },
  )

  test.each([
    ['no place for the zoom', 'https://tiles.example.com/{x}/{y}.png'],
    ['no place for the column', 'https://tiles.example.com/{z}/{y}.png'],
    ['no place for the row', 'https://tiles.example.com/{z}/{x}.png'],
    ['no places', 'https://tiles.example.com/'],
    ['hosts to choose from', 'https://{s}.tiles.example.com/{z}/{x}/{y}.png'],
    ['a host that depends on the tile', 'https://{x}.example.com/{z}/{x}/{y}.png'],
    ['a host that is the zoom, once', 'https://{z}.example.com/{x}/{y}.png'],
    ['a host that ends with a row', 'https://tiles{y}/{z}/{x}.png'],
    ['a port that is the zoom', 'https://tiles.example.com:{z}/{x}/{y}.png'],
    ['a place for the resolution', 'https://tiles.example.com/{z}/{x}/{y}{r}.png'],
    ['a place in other letters', 'https://tiles.example.com/{Z}/{x}/{y}.png'],
    ['a place twice', 'https://tiles.example.com/{z}/{x}/{y}/{y}.png'],
    ['a brace left open', 'https://tiles.example.com/{z}/{x}/{y}/{'],
    ['plain http', 'http://tiles.example.com/{z}/{x}/{y}.png'],
    ['a script', 'javascript:{z}{x}{y}'],
    ['data', 'data:image/png,{z}{x}{y}'],
    ['no host, so that the zoom is taken for one', 'https:///{z}/{x}/{y}.png'],
    ['another host in the guise of a path', '//tiles.example.com/{z}/{x}/{y}.png'],
    ['the same with a backslash', '/\\tiles.example.com/{z}/{x}/{y}.png'],
    ['a path that begins nowhere', 'tiles/{z}/{x}/{y}.png'],
    ['words', 'tiles'],
  ])('map: a tile URL that has %s is rejected', (_, url) => {
    expect(problemsOf({ tileUrl: url, attribution })).toEqual([
      { setting: 'map.tileUrl', expected: 'tile-url' },
    ])
  })

  test.each([undefined, null, '', '  \n'])('map: %j is rejected as an attribution', (words) => {
    expect(problemsOf({ tileUrl, attribution: words })).toEqual([
      { setting: 'map.attribution', expected: 'attribution' },
    ])
  })

  test.each([
    ['a text', 'https://tiles.example.com/'],
    ['an array', [tileUrl]],
    ['true', true],
  ])('map: %s is rejected', (_, map) => {
    expect(problemsOf(map)).toEqual([{ setting: 'map', expected: 'object' }])
  })

  test('map: settings that are no texts are rejected, each named once', () => {
    expect(problemsOf({ tileUrl: 7, attribution: ['©'] })).toEqual([
      { setting: 'map.tileUrl', expected: 'text' },
      { setting: 'map.attribution', expected: 'text' },
    ])
  })

  test('map: a misspelt setting is rejected', () => {
    expect(problemsOf({ tileURL: tileUrl, attribution })).toEqual([
      { setting: 'map.tileURL', expected: 'known-name' },
    ])
  })

  test('map: all problems are reported at once', () => {
    expect(problemsOf({ tileUrl: 'tiles', attribution: '', zoom: 3 })).toEqual([
      { setting: 'map.zoom', expected: 'known-name' },
      { setting: 'map.tileUrl', expected: 'tile-url' },
      { setting: 'map.attribution', expected: 'attribution' },
    ])
  })

  test('map: it is kept, and checked, where no pool is named yet', () => {
    expect(readConfig({ map: { tileUrl, attribution } })).toEqual({
      kind: 'not-configured',
      api: { invokeUrl: undefined },
      map: { tileUrl, attribution },
    })
    expect(problemsOf({ tileUrl, attribution: '' }, {})).toHaveLength(1)
  })
})

test.each([undefined, null, {}])('config: %j means no pool, no API and no tiles', (value) => {
  expect(readConfig(value)).toEqual({
    kind: 'not-configured',
    api: { invokeUrl: undefined },
    map: undefined,
  })
})

describe('config.cognito.signIn', () => {
  const signInOf = (signIn: unknown) => {
    const config = readConfig({ cognito: { ...cognito, signIn } })
    if (config.kind === 'invalid') return config.problems
    return config.kind === 'configured' ? config.cognito.signIn : undefined
  }

  test.each([undefined, null, []])('sign-in: %j means the password alone', (signIn) => {
    expect(signInOf(signIn)).toEqual(['password'])
  })

  test.each([
    [['password']],
    [['password', 'passkey']],
    [['password', 'email-code']],
    [['password', 'passkey', 'email-code']],
  ])('sign-in: %j is taken', (signIn) => {
    expect(signInOf(signIn)).toEqual(signIn)
  })

  test.each([
    ['no password', ['passkey']],
    ['an unknown way', ['password', 'telepathy']],
    ['the password second', ['passkey', 'password']],
    ['a way with capitals', ['password', 'Passkey']],
    ['no text', ['password', 7]],
    ['a text of another kind', 'a password'],
    ['spaces', ['password ', 'passkey']],
    ['nothing after a comma', ['password', '']],
  ])('sign-in: a list with %s is rejected', (_, signIn) => {
    expect(signInOf(signIn)).toEqual([{ setting: 'cognito.signIn', expected: 'sign-in' }])
  })

  test.each([{ password: true }, true, 7])('sign-in: %j is no list', (signIn) => {
    expect(signInOf(signIn)).toEqual([{ setting: 'cognito.signIn', expected: 'sign-in' }])
  })
})

describe('config.api', () => {
  const apiOf = (invokeUrl: unknown) => {
    const config = readConfig({ cognito, api: { invokeUrl } })
    return config.kind === 'invalid' ? config.problems : config.api.invokeUrl
  }

  test.each(['', null, undefined])('ride API: %j means that there is none', (url) => {
    expect(apiOf(url)).toBeUndefined()
  })

  test.each([
    'https://abcde12345.execute-api.us-east-1.amazonaws.com/prod',
    '/ride-api',
    'http://localhost:3000',
  ])('ride API: %s is its URL', (url) => {
    expect(apiOf(url)).toBe(url)
  })

  test.each([
    'http://api.example.com',
    '//api.example.com',
    'javascript:alert(1)',
    'ride-api',
    '/\t/evil.example/',
    '/\n/evil.example/',
    '\t//evil.example/',
    '/\r\\evil.example/',
    '/ride\u0000',
    '/ride\u0085',
    '/ride api',
    'https://api.exam\tple.com',
    ' https://api.example.com',
    'https://api.example.com\n',
  ])('ride API: the URL %j is rejected', (url) => {
    expect(apiOf(url)).toEqual([{ setting: 'api.invokeUrl', expected: 'https-url' }])
  })
})

test.each(['/\t/evil.example/', '/\n\\evil.example/', '/cognito\u0007', 'https://a.example/\t'])(
  'user pool: the endpoint %j is rejected',
  (endpoint) => {
    expect(readConfig({ cognito: { ...cognito, endpoint } })).toEqual({
      kind: 'invalid',
      problems: [{ setting: 'cognito.endpoint', expected: 'https-url' }],
    })
  },
)

test('map: a tile URL with a tab in its path is rejected', () => {
  const url = '/\t/tiles.example/{z}/{x}/{y}.png'
  expect(problemsOf({ tileUrl: url, attribution })).toEqual([
    { setting: 'map.tileUrl', expected: 'tile-url' },
  ])
})
