// Letters as one types them when one searches: no marks, no case, whatever the keyboard.
import table from '../../../src/echosphere/search/folding.json';

const same = new Map<string, string>(Object.entries(table));

export function folded(text: string): string {
  const letters = Array.from(text, (letter) => same.get(letter) ?? letter).join('');
  const bare = letters.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return Array.from(bare, (letter) => same.get(letter) ?? letter).join('');
}
