// The texts of the page of the server's health, beside its figures.
import { language } from '../texts/language';

const en = {
  examined: 'Server checks',
  examine: 'Check again',
  examining: 'Checking …',
  parts: {
    settings: 'Settings',
    'stored settings': 'Changed settings',
    client: 'Browser client',
    disk: 'Disk',
    database: 'Database',
    processes: 'Processes',
    addresses: 'Addresses',
    passkeys: 'Passkeys',
    'secret key': 'Secret key',
    storage: 'Storage',
    'sign-in services': 'Sign-in services',
    endpoints: 'Bot endpoints',
  } as Readonly<Record<string, string>>,
  states: { ok: 'OK', warning: 'Warning', problem: 'Problem' } as Readonly<Record<string, string>>,
  discard: 'Discard',
  discardName: (kind: string) => `Discard: ${kind}`,
  discardTitle: 'Discard this job?',
  discardHint: 'Its work will not be done. This cannot be undone.',
  discarded: 'The job was discarded.',
  recurs: 'Runs again automatically',
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
    processes: 'Prozesse',
    addresses: 'Adressen',
    passkeys: 'Passkeys',
    'secret key': 'Geheimer Schlüssel',
    storage: 'Dateiablage',
    'sign-in services': 'Anmeldedienste',
    endpoints: 'Endpunkte von Bots',
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
