// How an endpoint does, in words.
import type { Endpoint } from '../contract/endpoints';
import { shortTime } from '../texts';
import { endpointTexts } from './texts';

export function stateText(endpoint: Endpoint): string {
  const { state, disabled, failing_since, paused_until } = endpoint;
  const now = Date.now();
  if (state === 'disabled') return endpointTexts.disabled[disabled ?? 'owner'] ?? endpointTexts.off;
  if (paused_until !== null) return endpointTexts.pausedUntil(shortTime(paused_until, now));
  if (failing_since === null) return endpointTexts.working;
  return endpointTexts.failingSince(shortTime(failing_since, now));
}
