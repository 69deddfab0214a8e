// The texts of webhooks, fetched with the list of them.
import { language } from '../texts/language';

const en = {
  hint: 'A webhook is an address to which a program sends what is posted here. It needs no account and sees nothing of the group.',
  name: 'Name of the program',
  namePlaceholder: 'Build, Backup, Grafana, …',
  nameMissing: 'Give it a name: its messages bear it.',
  create: 'Create a webhook',
  ready: (name: string) => `${name} is ready`,
  once: 'Paste this line into a terminal to post the first message. The address is shown only now: whoever has it can post here.',
  line: 'Line for a terminal',
  copyLine: 'Copy the line',
  lineCopied: 'Line copied',
  copyAddress: 'Copy the address',
  addressCopied: 'Address copied',
  list: 'Webhooks that work',
  by: (name: string) => `Created by ${name}`,
  neverUsed: 'never used',
  lastUsed: (when: string) => `last used ${when}`,
  revokeOf: (name: string) => `Revoke ${name}`,
  revokeTitle: (name: string) => `Revoke ${name}?`,
  revokeHint: 'Its address stops working at once. What it posted stays.',
  revoked: (name: string) => `${name} is revoked`,
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
  revokeOf: (name: string) => `${name} widerrufen`,
  revokeTitle: (name: string) => `${name} widerrufen?`,
  revokeHint: 'Seine Adresse gilt sofort nicht mehr. Was darüber kam, bleibt.',
  revoked: (name: string) => `${name} ist widerrufen`,
};

export const webhookTexts = language === 'de' ? de : en;
