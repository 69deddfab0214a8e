// The texts of API keys, fetched with their page.
import { language } from '../texts/language';

const en = {
  hint: 'A key lets a program act for you, with the permissions you choose: it can post, read or send files wherever you can. It cannot sign in or change your account.',
  reference: 'All calls and events',
  name: 'Key name',
  namePlaceholder: 'Backup script, …',
  nameMissing: 'Give the key a name, so you know later what it is for.',
  may: 'Permissions',
  scopeMissing: 'Choose at least one permission.',
  scopes: {
    'messages:read': 'Read and search conversations, and see who is in them',
    'messages:write': 'Write, edit and delete messages',
    'reactions:write': 'React to messages it can read',
    'files:write': 'Send files',
    'members:read': 'See your account, people, and members of groups',
  },
  spans: { month: '30 days', quarter: '90 days', year: '1 year', never: 'Never' },
  create: 'Create key',
  once: 'This key is shown only once. Anyone who has it can act for you with these permissions.',
  secret: 'New API key',
  copy: 'Copy key',
  copied: 'Key copied',
  list: 'Your keys',
  expired: 'expired',
  revokeHint: 'Programs that use it stop working immediately.',
  revoked: (name: string) => `${name} was revoked`,
};

const de: typeof en = {
  hint: 'Mit einem Schlüssel handelt ein Programm für dich, soweit du es zulässt: Es schreibt, liest oder sendet Dateien, wo du es kannst. Anmelden oder dein Konto ändern kann es nicht.',
  reference: 'Alle Aufrufe und Ereignisse',
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
