/** What can be wrong with a setting of `/js/config.js`. */

export type Expectation =
  | 'object'
  | 'text'
  | 'known-name'
  | 'pool-id'
  | 'pool-region'
  | 'client-id'
  | 'https-url'
  | 'tile-url'
  | 'attribution'

export interface ConfigProblem {
  /** path of the setting, such as `cognito.userPoolId` */
  readonly setting: string
  readonly expected: Expectation
}
