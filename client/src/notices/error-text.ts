// Says in one sentence why something did not work.
import { Refusal, Unreachable } from '../platform/refusal';
import { texts } from '../texts';

export function errorText(error: unknown): string {
  if (error instanceof Unreachable) return texts.common.unreachable;
  if (!(error instanceof Refusal)) return texts.common.failed;
  if (error.code === 'too_many') return texts.common.tooMany;
  return error.detail === '' ? texts.common.failed : error.detail;
}
