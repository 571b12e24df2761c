/** A local stand-in for an Amazon Cognito user pool, for tests and development. */

export { SettingsError } from '../../shared/settings-error.ts'
export type { InboxMessage } from '../inbox-message.ts'
export type {
  LambdaContext,
  TriggerEvents,
  TriggerHandler,
  TriggerHandlers,
  TriggerName,
} from '../user-pool/triggers/trigger-events.ts'
export {
  type SeedGroup,
  type SeedUser,
  startUserPool,
  type UserPool,
  type UserPoolClient,
  type UserPoolClock,
  type UserPoolInbox,
  type UserPoolOptions,
} from './start-user-pool.ts'
