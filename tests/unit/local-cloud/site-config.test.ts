import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { readSiteConfig, toLocalConfigScript } from '../../../src/local-cloud/site-config.ts'

const apiUrl = 'https://abc123.execute-api.us-east-1.amazonaws.com/prod'

function configScript(config: unknown): string {
  return `window._config = ${JSON.stringify(config)}`
}

describe('a config.js', () => {
  test('that names a pool is believed, and its hosts are the ones pages may call', () => {
    const script = configScript({
      cognito: { userPoolId: 'us-east-1_Ab3dEf9Gh', userPoolClientId: 'abc', region: 'us-east-1' },
      api: { invokeUrl: apiUrl },
    })

    expect(readSiteConfig(script)).toEqual({
      kind: 'names-pool',
      hosts: [
        'https://cognito-idp.us-east-1.amazonaws.com',
        'https://abc123.execute-api.us-east-1.amazonaws.com',
      ],
      invokeUrl: apiUrl,
    })
  })

  test('with an endpoint has that host in place of the one in AWS', () => {
    const script = configScript({
      cognito: {
        userPoolId: 'us-east-1_Ab3dEf9Gh',
        region: 'us-east-1',
        endpoint: 'http://localhost:9229/',
      },
    })

    expect(readSiteConfig(script).hosts).toEqual(['http://localhost:9229'])
  })

  test('as the workshop ships it, empty, names no pool', () => {
    const script = `window._config = {
      cognito: { userPoolId: '', userPoolClientId: '', region: '' }, // e.g. us-east-2_uXboG5pAb
      api: { invokeUrl: '' },
    };`

    expect(readSiteConfig(script)).toEqual({ kind: 'empty', hosts: [], invokeUrl: '' })
  })

  test('with an API and no pool keeps the API', () => {
    const script = configScript({ api: { invokeUrl: apiUrl } })

    expect(readSiteConfig(script)).toEqual({
      kind: 'empty',
      hosts: ['https://abc123.execute-api.us-east-1.amazonaws.com'],
      invokeUrl: apiUrl,
    })
  })

  test.each([
    ['missing', ''],
    ['null', 'window._config = null'],
    ['one with nothing in it', 'window._config = { cognito: null, api: {} }'],
  ])('that is %s is empty: the local pool takes the place', (_, script) => {
    expect(readSiteConfig(script).kind).toBe('empty')
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
    expect(readSiteConfig(script).kind).toBe('broken')
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
    expect(readSiteConfig(script).hosts).toEqual(['https://cognito-idp.us-east-1.amazonaws.com'])
  })

  test.each(['not a url', 'data:text/html,x', 'javascript:alert(1)', 'about:blank', ''])(
    'with the API %j adds no host',
    (invokeUrl) => {
      expect(readSiteConfig(configScript({ api: { invokeUrl } })).hosts).toEqual([])
    },
  )
})

describe("the local pool's config.js", () => {
  function run(script: string): unknown {
    const window: { _config?: unknown } = {}
    runInNewContext(script, { window })
    return window._config
  }

  test('points the site at the local pool and keeps the API', () => {
    expect(run(toLocalConfigScript({ invokeUrl: apiUrl }))).toEqual({
      cognito: {
        userPoolId: 'us-east-1_WildRydes',
        userPoolClientId: 'wildrydeswebapplocal000000',
        region: 'us-east-1',
        endpoint: '/cognito-idp/',
      },
      api: { invokeUrl: apiUrl },
    })
  })

  test('carries any text as text', () => {
    const invokeUrl = '"; window._config = null; // \u2028 </script>'

    expect(run(toLocalConfigScript({ invokeUrl }))).toMatchObject({ api: { invokeUrl } })
  })
})
