/** Reading and writing `public/js/config.js`. */

import { describe, expect, test } from 'vitest'
import {
  readConfigScript,
  toConfigScript,
  toPolicySources,
} from '../../../src/aws/hosting/config-script.ts'

const apiUrl = 'https://abc123.execute-api.us-east-1.amazonaws.com/prod'

const inline = { scripts: ['sha256-abc='], styles: ['sha256-def='] }

function configScript(config: unknown): string {
  return `window._config = ${JSON.stringify(config)}`
}

function hostsOf(script: string) {
  const { connect, images } = toPolicySources(readConfigScript(script), inline)
  return { connect, images }
}

describe('reading config.js', () => {
  test('config.js with a user pool: its settings are read and its hosts are allowed by the CSP', () => {
    const script = configScript({
      cognito: { userPoolId: 'us-east-1_Ab3dEf9Gh', userPoolClientId: 'abc', region: 'us-east-1' },
      api: { invokeUrl: apiUrl },
    })

    expect(readConfigScript(script)).toEqual({
      kind: 'configured',
      cognito: {
        userPoolId: 'us-east-1_Ab3dEf9Gh',
        userPoolClientId: 'abc',
        region: 'us-east-1',
        endpoint: 'https://cognito-idp.us-east-1.amazonaws.com/',
        signIn: ['password'],
      },
      api: { invokeUrl: apiUrl },
      map: undefined,
    })
    expect(hostsOf(script)).toEqual({
      connect: [
        'https://cognito-idp.us-east-1.amazonaws.com',
        'https://abc123.execute-api.us-east-1.amazonaws.com',
      ],
      images: [],
    })
  })

  test('config.js with an endpoint: that host is allowed instead of the one of AWS', () => {
    const script = configScript({
      cognito: {
        userPoolId: 'us-east-1_Ab3dEf9Gh',
        userPoolClientId: 'abc',
        region: 'us-east-1',
        endpoint: 'http://localhost:9229/',
      },
    })

    expect(hostsOf(script).connect).toEqual(['http://localhost:9229'])
  })

  test('Content-Security-Policy: hashes of inline scripts and styles are added to usable and broken configs', () => {
    for (const script of [configScript({ api: { invokeUrl: apiUrl } }), 'throw 1']) {
      expect(toPolicySources(readConfigScript(script), inline)).toMatchObject(inline)
    }
  })

  test('config.js as the workshop ships it: empty values mean no user pool', () => {
    const script = `window._config = {
      cognito: { userPoolId: '', userPoolClientId: '', region: '' }, // e.g. us-east-2_uXboG5pAb
      api: { invokeUrl: '' },
    };`

    expect(readConfigScript(script)).toEqual({
      kind: 'not-configured',
      api: { invokeUrl: undefined },
      map: undefined,
    })
  })

  test('config.js with an API and no user pool: the API is kept', () => {
    const script = configScript({ api: { invokeUrl: apiUrl } })

    expect(readConfigScript(script)).toMatchObject({
      kind: 'not-configured',
      api: { invokeUrl: apiUrl },
    })
    expect(hostsOf(script).connect).toEqual(['https://abc123.execute-api.us-east-1.amazonaws.com'])
  })

  test('config.js with map tiles: their host is allowed for images only', () => {
    const map = { tileUrl: 'https://tiles.example.com/{z}/{x}/{y}.png', attribution: '© Mapmakers' }

    expect(hostsOf(configScript({ map }))).toEqual({
      connect: [],
      images: ['https://tiles.example.com'],
    })
  })

  test.each([
    ['missing', ''],
    ['null', 'window._config = null'],
    ['without values', 'window._config = { cognito: null, api: {} }'],
  ])('config.js that is %s is empty, so the local pool is used', (_, script) => {
    expect(readConfigScript(script).kind).toBe('not-configured')
  })

  test.each([
    ['an HTML page', '<!doctype html><title>404</title>'],
    ['a syntax error', 'window._config = {'],
    ['a script that throws', 'throw new Error("no")'],
    ['a script that never ends', 'for (;;) {}'],
    ['a string', 'window._config = "hello"'],
    ['a config with an id that is not a string', 'window._config = { cognito: { userPoolId: 7 } }'],
    [
      'a config with a misspelled setting',
      'window._config = { cognito: { userPoolID: "us-east-1_Ab3" } }',
    ],
    ['a script that uses Node', 'window._config = { cognito: { userPoolId: process.cwd() } }'],
  ])('config.js that is %s is broken, so that the site can tell its operator', (_, script) => {
    expect(readConfigScript(script).kind).toBe('invalid')
  })

  test('config.js with an empty endpoint: the host of AWS is allowed', () => {
    const script = configScript({
      cognito: {
        userPoolId: 'us-east-1_Ab3dEf9Gh',
        userPoolClientId: 'abc',
        region: 'us-east-1',
        endpoint: '',
      },
    })
    expect(hostsOf(script).connect).toEqual(['https://cognito-idp.us-east-1.amazonaws.com'])
  })

  test.each(['not a url', 'data:text/html,x', 'javascript:alert(1)', 'about:blank', ''])(
    'config.js with the API %j: no host is added to the CSP',
    (invokeUrl) => {
      expect(hostsOf(configScript({ api: { invokeUrl } })).connect).toEqual([])
    },
  )
})

describe('writing config.js', () => {
  const cognito = {
    userPoolId: 'eu-central-1_zZ12yX34w',
    userPoolClientId: 'abc',
    region: 'eu-central-1',
    endpoint: 'https://cognito-idp.eu-central-1.amazonaws.com/',
    signIn: ['password'] as const,
  }
  const signIn = ['password', 'passkey', 'email-code'] as const

  test.each([
    { cognito, api: { invokeUrl: apiUrl }, map: undefined },
    {
      cognito: { ...cognito, signIn },
      api: { invokeUrl: undefined },
      map: { tileUrl: 'https://t.example.com/{z}/{x}/{y}.png', attribution: '</script> \u2028 "' },
    },
  ])('config.js round trip: %j is read back as written', (settings) => {
    expect(readConfigScript(toConfigScript(settings))).toEqual({ kind: 'configured', ...settings })
  })
})
