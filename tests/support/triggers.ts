/** Functions of Lambda triggers that keep the events they get. */

import type {
  TriggerEvents,
  TriggerHandler,
  TriggerName,
} from '../../src/local-cloud/user-pool/triggers/trigger-events.ts'

export interface Recorder<Name extends TriggerName> {
  readonly events: readonly TriggerEvents[Name][]
  readonly handler: TriggerHandler<TriggerEvents[Name]>
}

/**
 * @param respond the response to an event; what it leaves out stays as it came
 * @returns a function as Lambda has it, and the events that it got
 */
export function recordTrigger<Name extends TriggerName>(
  _name: Name,
  respond: (event: TriggerEvents[Name]) => Partial<TriggerEvents[Name]['response']> = () => ({}),
): Recorder<Name> {
  const events: TriggerEvents[Name][] = []
  return {
    events,
    handler: async (event) => {
      events.push(structuredClone(event))
      return { ...event, response: { ...event.response, ...respond(event) } }
    },
  }
}
