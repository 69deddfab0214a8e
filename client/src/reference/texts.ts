// The texts of the API's reference. What the documents say is English in every language.
import { language } from '../texts/language';

const en = {
  product: 'EchoSphere',
  title: 'API reference',
  loading: 'Loading the reference …',
  broken: 'The reference could not be loaded. Check the connection, then try again.',
  again: 'Try again',
  search: 'Search calls and events',
  contents: 'Contents',
  skip: 'Skip to the reference',
  found: (count: number) =>
    count === 0 ? 'No calls or events found.' : count === 1 ? '1 entry' : `${count} entries`,
  socket: { call: 'Socket calls', event: 'Socket events' },
  kinds: { call: 'call', event: 'event' } as Readonly<Record<string, string>>,
  prefix: (path: string) => `All paths below begin with \`${path}\`.`,
  link: (name: string) => `Link to ${name}`,
  scopes: 'Required scopes',
  noKeys: 'Not available with an API key. Sign in, or send a session token.',
  anonymous: 'No sign-in needed.',
  parameters: 'Parameters',
  body: 'Body',
  form: 'A form (multipart/form-data) with the file in the field “file”.',
  argument: 'Argument',
  payload: 'Payload',
  answer: 'Answer',
  acknowledgement: 'Acknowledgement',
  noContent: 'No body.',
  refusals: 'Errors',
  other: 'other',
  required: 'required',
  length: (range: string) => `length ${range}`,
  pattern: (pattern: string) => `pattern ${pattern}`,
  fieldsOf: (name: string) => `Fields of ${name}`,
  example: 'Example',
  command: 'Command',
  copy: 'Copy',
  copied: 'Copied',
};

const de: typeof en = {
  product: 'EchoSphere',
  title: 'API-Referenz',
  loading: 'Die Referenz wird geladen …',
  broken: 'Die Referenz ließ sich nicht laden. Prüfe die Verbindung und versuche es noch einmal.',
  again: 'Noch einmal',
  search: 'Aufrufe und Ereignisse suchen',
  contents: 'Inhalt',
  skip: 'Zur Referenz springen',
  found: (count: number) =>
    count === 0
      ? 'Kein Aufruf oder Ereignis gefunden.'
      : count === 1
        ? '1 Eintrag'
        : `${count} Einträge`,
  socket: { call: 'Aufrufe über den Socket', event: 'Ereignisse über den Socket' },
  kinds: { call: 'Aufruf', event: 'Ereignis' },
  prefix: (path: string) => `Alle Pfade unten beginnen mit \`${path}\`.`,
  link: (name: string) => `Link zu ${name}`,
  scopes: 'Rechte, die ein Schlüssel braucht',
  noKeys: 'Nicht mit einem API-Schlüssel: melde dich an, oder sende das Token einer Sitzung.',
  anonymous: 'Ohne Anmeldung.',
  parameters: 'Parameter',
  body: 'Inhalt der Anfrage',
  form: 'Ein Formular (multipart/form-data) mit der Datei im Feld „file“.',
  argument: 'Argument',
  payload: 'Inhalt',
  answer: 'Antwort',
  acknowledgement: 'Bestätigung',
  noContent: 'Ohne Inhalt.',
  refusals: 'Ablehnungen',
  other: 'sonst',
  required: 'nötig',
  length: (range: string) => `Länge ${range}`,
  pattern: (pattern: string) => `Muster ${pattern}`,
  fieldsOf: (name: string) => `Felder von ${name}`,
  example: 'Beispiel',
  command: 'Befehl',
  copy: 'Kopieren',
  copied: 'Kopiert',
};

export const referenceTexts = language === 'de' ? de : en;
