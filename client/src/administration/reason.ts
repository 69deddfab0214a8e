// Why somebody reported something, in the words that they chose from.
import { texts } from '../texts';

export function reasonOf(reason: string): string {
  const words: Readonly<Record<string, string>> = texts.card.reasons;
  return words[reason] ?? reason;
}
