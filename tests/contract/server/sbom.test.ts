/** The list of the packages that ship, beside what the built site and the ride API's function contain. */

import { describe, expect, test } from 'vitest'
import { createSbom, toSbom } from '../../../src/aws/hosting/shipped-packages.ts'

const entry = (ref: string) => ({ 'bom-ref': ref, properties: [{ name: 'x' }] })
const installed = {
  bomFormat: 'CycloneDX',
  metadata: { component: entry('site@1.0.0') },
  components: ['a@1.0.0', 'b@2.0.0', 'b@1.0.0', 'test-tool@1.0.0'].map(entry),
  dependencies: [
    { ref: 'site@1.0.0', dependsOn: ['a@1.0.0', 'test-tool@1.0.0'] },
    { ref: 'a@1.0.0', dependsOn: ['b@2.0.0', 'test-tool@1.0.0'] },
    { ref: 'test-tool@1.0.0', dependsOn: ['b@1.0.0'] },
  ],
}

describe('SBOM', () => {
  test('lists what ships, in the version that ships, and nothing else', () => {
    expect(toSbom(installed, ['a@1.0.0', 'b@2.0.0'])).toMatchObject({
      bomFormat: 'CycloneDX',
      components: [{ 'bom-ref': 'a@1.0.0' }, { 'bom-ref': 'b@2.0.0' }],
      dependencies: [
        { ref: 'site@1.0.0', dependsOn: ['a@1.0.0'] },
        { ref: 'a@1.0.0', dependsOn: ['b@2.0.0'] },
      ],
    })
  })

  test('a package that ships and that npm does not know is an error', () => {
    expect(() => toSbom(installed, ['c@1.0.0'])).toThrow('expected npm to list c@1.0.0')
  })

  test('the list of this project is that of its two bundles', async () => {
    const { components } = (await createSbom()) as { components: { name: string }[] }

    // aws-sdk is part of Lambda's runtime; js-cookie and fetch polyfills of the client library are left out.
    expect(components.map(({ name }) => name).sort()).toEqual([
      '@noble/hashes',
      '@zootools/email-spell-checker',
      'amazon-cognito-identity-js',
      'leaflet',
      'uqr',
      'valibot',
    ])
  }, 60_000)
})
