// Whether and until when somebody is kept out, in words.
import { fullMoment } from '../texts';
import { forever } from './api';
import { texts } from './texts';

/** A word for a list; empty when somebody may come in. */
export function stateOf(until: number | null): string {
  if (until === null) return '';
  return until >= forever ? texts.people.out : texts.people.suspended;
}

export function endOf(until: number): string {
  return until >= forever ? texts.forever : texts.until(fullMoment(until));
}
