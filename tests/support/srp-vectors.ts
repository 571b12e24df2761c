/** The published SRP vectors of `srp-vectors.json`, whose `about` says where they come from. */

import * as v from 'valibot'
import file from './srp-vectors.json' with { type: 'json' }

const vector = v.object({
  name: v.string(),
  namespace: v.optional(v.string()),
  deviceGroupKey: v.optional(v.string()),
  userIdForSrp: v.optional(v.string()),
  deviceKey: v.optional(v.string()),
  password: v.optional(v.string()),
  devicePassword: v.optional(v.string()),
  saltHex: v.string(),
  paddedSalt: v.string(),
  innerHash: v.string(),
  x: v.string(),
  v: v.string(),
  a: v.string(),
  A: v.string(),
  b: v.string(),
  B: v.string(),
  u: v.string(),
  S: v.string(),
  hkdfIkm_paddedS: v.string(),
  hkdfSalt_paddedU: v.string(),
  hkdfPrk: v.string(),
  hkdfKey16: v.string(),
  secretBlockBase64: v.string(),
  timestamp: v.string(),
  signatureMessageHex: v.string(),
  signatureBase64: v.string(),
  mistakes: v.record(v.string(), v.string()),
})

const vectors = v.parse(v.array(vector), file.vectors)

/** The four sign-ins; a device is a user whose namespace is its group key. */
export const srpVectors = vectors.map(
  ({ namespace, deviceGroupKey, userIdForSrp, deviceKey, password, devicePassword, ...rest }) => ({
    ...rest,
    identity: {
      namespace: namespace ?? deviceGroupKey ?? '',
      userId: userIdForSrp ?? deviceKey ?? '',
    },
    password: password ?? devicePassword ?? '',
  }),
)
export type SrpVector = (typeof srpVectors)[number]

export const srpGroup = file.group
export const paddings: readonly { in: string; out: string }[] = file.padHex
