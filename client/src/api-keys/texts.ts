// The texts of API keys, fetched with their page.
import { language } from '../texts/language';

const en = {
  hint: 'With a key a program acts for you, as far as you let it: it posts, reads or sends files where you can. It cannot sign in or change your account.',
  name: 'Name of the key',
  namePlaceholder: 'Backup script, …',
  nameMissing: 'Give it a name, so that you know later what it is for.',
  may: 'What it may do',
  scopeMissing: 'Choose something that it may do.',
  scopes: {
    'messages:read': 'Read and search conversations, and see who is in them',
    'messages:write': 'Write, edit and delete messages',
    'reactions:write': 'React to messages that it reads',
    'files:write': 'Send files',
    'members:read': 'See your account, people, and members of groups',
  },
  spans: { month: '30 days', quarter: '90 days', year: 'A year', never: 'No end' },
  create: 'Create a key',
  once: 'This is shown only now. Whoever has it can do for you what you chose.',
  secret: 'New API key',
  copy: 'Copy the key',
  copied: 'Key copied',
  list: 'Your keys',
  expired: 'expired',
  revokeHint: 'Whatever uses it stops working at once.',
  revoked: (name: string) => `${name} is revoked`,
};

const de: typeof en = {
  hint: 'Mit einem Schlüssel handelt ein Programm für dich, soweit du es zulässt: Es schreibt, liest oder sendet Dateien, wo du es kannst. Anmelden oder dein Konto ändern kann es nicht.',
  name: 'Name des Schlüssels',
  namePlaceholder: 'Sicherung, …',
  nameMissing: 'Gib ihm einen Namen, damit du später weißt, wofür er ist.',
  may: 'Was er darf',
  scopeMissing: 'Wähle etwas, das er darf.',
  scopes: {
    'messages:read': 'Unterhaltungen lesen und durchsuchen, und sehen, wer darin ist',
    'messages:write': 'Nachrichten schreiben, ändern und löschen',
    'reactions:write': 'Auf Nachrichten reagieren, die er liest',
    'files:write': 'Dateien senden',
    'members:read': 'Dein Konto, Leute und Mitglieder von Gruppen sehen',
  },
  spans: { month: '30 Tage', quarter: '90 Tage', year: 'Ein Jahr', never: 'Immer' },
  create: 'Schlüssel anlegen',
  once: 'Er wird nur jetzt gezeigt. Wer ihn hat, kann für dich tun, was du gewählt hast.',
  secret: 'Neuer API-Schlüssel',
  copy: 'Schlüssel kopieren',
  copied: 'Schlüssel kopiert',
  list: 'Deine Schlüssel',
  expired: 'abgelaufen',
  revokeHint: 'Was ihn benutzt, funktioniert sofort nicht mehr.',
  revoked: (name: string) => `${name} ist widerrufen`,
};

export const keyTexts = language === 'de' ? de : en;
