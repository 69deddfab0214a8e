// The texts about one's own data and the end of the account, fetched with the settings.
import { language } from '../texts/language';

const en = {
  title: 'Your data',
  hint: 'Everything you can see here, as a ZIP file: pages to read in any browser, JSON for programs, and all files.',
  ask: 'Prepare a download',
  again: 'Try again',
  waiting:
    'Your download is being prepared. You can carry on meanwhile: you will be notified when it is ready.',
  stop: 'Stop',
  ready: (size: string, until: string) =>
    `Your download is ready (${size}). It is available until ${until}.`,
  fetch: 'Download',
  remove: 'Delete now',
  removed: 'Download deleted',
  problems: {
    too_large: 'Your data is too large to download from this server. Ask an administrator for it.',
    no_room: 'The server ran out of space while preparing your download. Try again later.',
  } as Readonly<Record<string, string>>,
  broken: 'Your download could not be prepared. Try again, or ask an administrator.',
  close: {
    title: 'Close account',
    hint: 'Your name, picture, contacts, devices and settings are deleted. This cannot be undone.',
    open: 'Close account',
    takeFirst: 'Download your data first: it is deleted with the account.',
    choice: 'What should happen to your messages?',
    keep: 'Keep them',
    keepHint: 'Others can still see them, from “Closed account”.',
    remove: 'Delete them for everyone',
    removeHint:
      'Your messages and files disappear everywhere within minutes. Messages that others forwarded stay.',
    now: 'Close my account permanently',
  },
};

const de: typeof en = {
  title: 'Deine Daten',
  hint: 'Alles, was du hier sehen kannst, als ZIP-Datei: Seiten zum Lesen in jedem Browser, JSON für Programme und alle Dateien.',
  ask: 'Download vorbereiten',
  again: 'Noch einmal versuchen',
  waiting:
    'Dein Download wird vorbereitet. Du kannst inzwischen weitermachen: Ein Hinweis sagt dir, wenn er fertig ist.',
  stop: 'Abbrechen',
  ready: (size, until) => `Dein Download ist fertig (${size}). Er ist bis ${until} für dich da.`,
  fetch: 'Herunterladen',
  remove: 'Jetzt löschen',
  removed: 'Der Download ist gelöscht',
  problems: {
    too_large:
      'Deine Daten sind größer, als Downloads auf diesem Server sein dürfen. Wende dich an die Verwaltung.',
    no_room:
      'Dem Server ging beim Vorbereiten deines Downloads der Platz aus. Versuche es später noch einmal.',
  },
  broken:
    'Dein Download konnte nicht vorbereitet werden. Versuche es noch einmal oder wende dich an die Verwaltung.',
  close: {
    title: 'Konto schließen',
    hint: 'Dein Name, dein Bild, deine Kontakte, Geräte und Einstellungen werden gelöscht. Das lässt sich nicht rückgängig machen.',
    open: 'Konto schließen',
    takeFirst: 'Nimm vorher deine Daten mit: Der Download endet mit dem Konto.',
    choice: 'Was geschieht mit dem, was du geschrieben hast?',
    keep: 'Es bleibt',
    keepHint: 'Die anderen sehen es weiterhin, unter „Geschlossenes Konto“.',
    remove: 'Für alle löschen',
    removeHint:
      'Deine Nachrichten und Dateien verschwinden überall innerhalb von Minuten. Was andere weitergeleitet haben, bleibt.',
    now: 'Mein Konto endgültig schließen',
  },
};

export const texts = language === 'de' ? de : en;
