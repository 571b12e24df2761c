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

describe('a config.js', () => {
  test('that names a pool is believed, and its hosts are the ones pages may call', () => {
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

  test('with an endpoint has that host in place of the one in AWS', () => {
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

  test('adds the hashes of inline scripts and styles to the policy, usable or not', () => {
    for (const script of [configScript({ api: { invokeUrl: apiUrl } }), 'throw 1']) {
      expect(toPolicySources(readConfigScript(script), inline)).toMatchObject(inline)
    }
  })

  test('as the workshop ships it, empty, names no pool', () => {
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

  test('with an API and no pool keeps the API', () => {
    const script = configScript({ api: { invokeUrl: apiUrl } })

    expect(readConfigScript(script)).toMatchObject({
      kind: 'not-configured',
      api: { invokeUrl: apiUrl },
    })
    expect(hostsOf(script).connect).toEqual(['https://abc123.execute-api.us-east-1.amazonaws.com'])
  })

  test('with map tiles has their host for pictures alone', () => {
    const map = { tileUrl: 'https://tiles.example.com/{z}/{x}/{y}.png', attribution: '© Mapmakers' }

    expect(hostsOf(configScript({ map }))).toEqual({
      connect: [],
      images: ['https://tiles.example.com'],
    })
  })

  test.each([
    ['missing', ''],
    ['null', 'window._config = null'],
    ['one with nothing in it', 'window._config = { cognito: null, api: {} }'],
  ])('that is %s is empty: the local pool takes the place', (_, script) => {
    expect(readConfigScript(script).kind).toBe('not-configured')
  })

  test.each([
    ['an HTML page', '<!doctype html><title>404</title>'],
    ['a syntax error', 'window._config = {'],
    ['one that throws', 'throw new Error("no")'],
    ['one that never ends', 'for (;;) {}'],
    ['a text', 'window._config = "hello"'],
    ['one with an id that is no text', 'window._config = { cognito: { userPoolId: 7 } }'],
    ['one with a name misspelt', 'window._config = { cognito: { userPoolID: "us-east-1_Ab3" } }'],
    ['one that asks for Node', 'window._config = { cognito: { userPoolId: process.cwd() } }'],
  ])('that is %s is broken: the site shall tell its operator', (_, script) => {
    expect(readConfigScript(script).kind).toBe('invalid')
  })

  test('with an empty endpoint has the host in AWS', () => {
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
    'with the API %j adds no host',
    (invokeUrl) => {
      expect(hostsOf(configScript({ api: { invokeUrl } })).connect).toEqual([])
    },
  )
})

describe('a config.js that is written', () => {
  const cognito = {
    userPoolId: 'eu-central-1_zZ12yX34w',
    userPoolClientId: 'abc',
    region: 'eu-central-1',
    endpoint: 'https://cognito-idp.eu-central-1.amazonaws.com/',
  }

  test.each([
    { cognito, api: { invokeUrl: apiUrl }, map: undefined },
    {
      cognito,
      api: { invokeUrl: undefined },
      map: { tileUrl: 'https://t.example.com/{z}/{x}/{y}.png', attribution: '</script> \u2028 "' },
    },
  ])('is read as what was to be written', (settings) => {
    expect(readConfigScript(toConfigScript(settings))).toEqual({ kind: 'configured', ...settings })
  })
})
