// The texts of the page of the server's health, beside its figures.
import { language } from '../texts/language';

const en = {
  examined: 'What the server finds about itself',
  examine: 'Examine again',
  examining: 'Examining …',
  parts: {
    settings: 'Settings',
    'stored settings': 'Changed settings',
    client: 'Browser client',
    disk: 'Disk',
    database: 'Database',
    addresses: 'Addresses',
    passkeys: 'Passkeys',
    storage: 'Storage',
    'sign-in services': 'Sign-in services',
  } as Readonly<Record<string, string>>,
  states: { ok: 'All right', warning: 'Warning', problem: 'Problem' } as Readonly<
    Record<string, string>
  >,
  discard: 'Discard',
  discardName: (kind: string) => `Discard: ${kind}`,
  discardTitle: 'Discard this job?',
  discardHint: 'What it was to do is not done. It cannot be brought back.',
  discarded: 'The job was discarded.',
  recurs: 'Runs again by itself',
};

const de: typeof en = {
  examined: 'Was der Server über sich herausfindet',
  examine: 'Noch einmal untersuchen',
  examining: 'Wird untersucht …',
  parts: {
    settings: 'Einstellungen',
    'stored settings': 'Geänderte Einstellungen',
    client: 'Programm im Browser',
    disk: 'Festplatte',
    database: 'Datenbank',
    addresses: 'Adressen',
    passkeys: 'Passkeys',
    storage: 'Dateiablage',
    'sign-in services': 'Anmeldedienste',
  },
  states: { ok: 'In Ordnung', warning: 'Warnung', problem: 'Problem' },
  discard: 'Verwerfen',
  discardName: (kind) => `Verwerfen: ${kind}`,
  discardTitle: 'Diese Aufgabe verwerfen?',
  discardHint: 'Was sie tun sollte, wird nicht getan. Sie lässt sich nicht zurückholen.',
  discarded: 'Die Aufgabe wurde verworfen.',
  recurs: 'Läuft von selbst wieder',
};

export const texts = language === 'de' ? de : en;
