// Prints the letters that are the same for whoever searches, as ICU's collation for searching has it:
//
//   node client/folding.js > src/echosphere/search/folding.json
//
// Server and client read that file; a test compares it with what this prints. Only blocks that have
// been complete for years are asked for, so that every Node.js prints the same.
const collator = new Intl.Collator('en', { usage: 'search', sensitivity: 'base' });

const blocks = [
  [0x00a0, 0x024f], // Latin
  [0x1e00, 0x1eff],
  [0x0370, 0x03ff], // Greek
  [0x0400, 0x052f], // Cyrillic
  [0x05d0, 0x05ea], // Hebrew
  [0x0620, 0x064a], // Arabic
  [0x0671, 0x06d3],
  [0x2018, 0x201f], // quotation marks
];

/** What ICU keeps apart, because it sorts by languages, and people do not when they search. */
const own = {
  ı: 'i', // Turkish without its keyboard
  þ: 'th', // Icelandic
  ŧ: 't', // Northern Sami
  ŋ: 'n',
  ک: 'ك', // Persian and Arabic keyboards write the same word with either
  ی: 'ى',
  ہ: 'ه',
  '\u00b4': "'", // what keyboards have instead of an apostrophe
  '\u02b9': "'",
  '\u02bb': "'",
  '\u02bc': "'",
  '\u2032': "'",
  '\u2033': '"',
  '\u00ab': '"',
  '\u00bb': '"',
  '\u2039': "'",
  '\u203a': "'",
  '\u2010': '-', // dashes, which programs put in for what was typed
  '\u2011': '-',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2015': '-',
  '\u2212': '-',
  '\u05be': '-',
};

const letters = Array.from({ length: 26 }, (_, index) => String.fromCodePoint(97 + index));
const plain = [...letters, "'", '"', ...letters.flatMap((a) => letters.map((b) => a + b))];
const isLetter = /^(?:\p{Ll}|\p{Lo}|[\u2018-\u201f])$/u;

const points = blocks.flatMap(([from, to]) =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index)),
);
const asked = points.filter((one) => isLetter.test(one));
/** Letters first that are not made of others, then the smallest. */
const bases = [...asked].sort(
  (a, b) => Number(a !== a.normalize('NFD')) - Number(b !== b.normalize('NFD')),
);

const table = {};
for (const letter of asked) {
  const base = [...plain, ...bases].find((one) => collator.compare(one, letter) === 0) ?? letter;
  if (base !== letter) table[letter] = base;
}
for (const [letter, base] of Object.entries(own)) table[letter] = base;
for (const letter of Object.keys(table)) {
  while (table[table[letter]] !== undefined) table[letter] = table[table[letter]];
}
const bare = (text) =>
  text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
const european = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u;
const sorted = Object.fromEntries(
  Object.entries(table)
    // Both sides leave out these scripts' accents without being told.
    .filter(([letter, base]) => !european.test(letter) || bare(letter) !== base)
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);
process.stdout.write(`${JSON.stringify(sorted, null, 1)}\n`);
