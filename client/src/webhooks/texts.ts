// The texts of webhooks, fetched with the list of them.
import { language } from '../texts/language';

const en = {
  hint: 'A webhook is an address that a program uses to post messages here. It needs no account and cannot see anything in the group.',
  name: 'Program name',
  namePlaceholder: 'Build, Backup, Grafana, …',
  nameMissing: 'Give the webhook a name. It appears on its messages.',
  create: 'Create webhook',
  ready: (name: string) => `${name} is ready`,
  once: 'Paste this command into a terminal to post the first message. The address is shown only once. Anyone who has it can post here.',
  line: 'Terminal command',
  copyLine: 'Copy command',
  lineCopied: 'Command copied',
  copyAddress: 'Copy address',
  addressCopied: 'Address copied',
  list: 'Active webhooks',
  by: (name: string) => `Created by ${name}`,
  neverUsed: 'never used',
  lastUsed: (when: string) => `last used ${when}`,
  picture: 'Picture',
  pictureOf: (name: string) => `Picture of ${name}`,
  revokeOf: (name: string) => `Revoke ${name}`,
  revokeTitle: (name: string) => `Revoke ${name}?`,
  revokeHint: 'Its address stops working immediately. Its messages stay.',
  revoked: (name: string) => `${name} was revoked`,
};

const de: typeof en = {
  hint: 'Ein Webhook ist eine Adresse, an die ein Programm schickt, was hier erscheinen soll. Es braucht kein Konto und sieht nichts von der Gruppe.',
  name: 'Name des Programms',
  namePlaceholder: 'Build, Backup, Grafana, …',
  nameMissing: 'Gib ihm einen Namen: Seine Nachrichten tragen ihn.',
  create: 'Webhook anlegen',
  ready: (name: string) => `${name} ist bereit`,
  once: 'Füge diese Zeile in ein Terminal ein, um die erste Nachricht zu senden. Die Adresse wird nur jetzt gezeigt: Wer sie hat, kann hier schreiben.',
  line: 'Zeile für ein Terminal',
  copyLine: 'Zeile kopieren',
  lineCopied: 'Zeile kopiert',
  copyAddress: 'Adresse kopieren',
  addressCopied: 'Adresse kopiert',
  list: 'Gültige Webhooks',
  by: (name: string) => `Angelegt von ${name}`,
  neverUsed: 'nie benutzt',
  lastUsed: (when: string) => `zuletzt benutzt: ${when}`,
  picture: 'Bild',
  pictureOf: (name: string) => `Bild von ${name}`,
  revokeOf: (name: string) => `${name} widerrufen`,
  revokeTitle: (name: string) => `${name} widerrufen?`,
  revokeHint: 'Seine Adresse gilt sofort nicht mehr. Was darüber kam, bleibt.',
  revoked: (name: string) => `${name} ist widerrufen`,
};

export const webhookTexts = language === 'de' ? de : en;
