// When a program last used what it was given: an address, a key, a bot.
import { shortTime } from '../texts';
import { webhookTexts } from './texts';

export function lastUse(at: number | null): string {
  return at === null ? webhookTexts.neverUsed : webhookTexts.lastUsed(shortTime(at, Date.now()));
}
