// The one place that receives events: each is parsed by its schema and handed to its handler.
import * as v from 'valibot';
import { eventSchemas, type EventName, type ServerEvents } from '../contract/events';

export type Handlers = { readonly [Name in EventName]: (event: ServerEvents[Name]) => void };

export class Dispatcher {
  constructor(
    private readonly handlers: Handlers,
    /** An event that does not parse may have been a change: the caller pulls instead. */
    private readonly onInvalidEvent: (name: string) => void,
  ) {}

  receive(name: string, payload: unknown): void {
    if (!isEventName(name)) return;
    const parsed = v.safeParse(eventSchemas[name], payload);
    if (!parsed.success) {
      this.onInvalidEvent(name);
      return;
    }
    // The schema and the handler of one name belong together: `Handlers` says so for each of them.
    const handle = this.handlers[name] as (event: unknown) => void;
    handle(parsed.output);
  }
}

function isEventName(name: string): name is EventName {
  return Object.hasOwn(eventSchemas, name);
}
