// The texts of invitations to the server, fetched with them.
import { language } from '../texts/language';

const en = {
  hint: 'On this server people need an invitation to get an account. Give each to those you mean only.',
  hintOpen:
    'An invitation leads to the form for a new account, and into those of your groups that you choose.',
  title: 'Invite people who have no account yet',
  byLink: 'By a link',
  byEmail: 'By e-mail address',
  role: 'They become',
  roles: { member: 'Member', guest: 'Guest' } as Readonly<Record<string, string>>,
  guestHint: 'Guests see only the groups that you choose here.',
  contact: 'They become my contacts at once',
  groups: (count: number) =>
    count === 0 ? 'Groups that they join' : `Groups that they join (${count})`,
  findGroup: 'Find a group',
  noGroup: 'No group found',
  emailExample: 'ben@example.org',
  emails: 'E-mail addresses, one a line',
  emailsHint:
    'Each gets an invitation that only this address can use, once: by mail or, without a mail server, as a link for you to hand over. 200 at most.',
  file: 'Read a CSV file',
  fileHint:
    'An address, a name and groups a line, such as ben@example.org,Ben,Bees|Walkers. Nobody is invited before you have seen who it is.',
  people: (count: number) => (count === 1 ? '1 person' : `${count} people`),
  inviteAll: (count: number) =>
    count === 1 ? 'Invite this person' : `Invite these ${count} people`,
  wrong: 'Mend these lines and read the file again. Nobody was invited.',
  line: (number: string) => `Line ${number}`,
  unreadable: 'This file cannot be read. Save it as CSV in UTF-8.',
  otherFile: 'Cancel',
  noEmails: 'Write at least one address.',
  tooMany: 'These are more than 200 addresses. Invite the others afterwards.',
  about: (address: string, problem: string) => `${address}: ${problem}`,
  invite: 'Invite',
  mailed: (count: number) =>
    count === 1
      ? 'An e-mail with the link is on its way.'
      : `${count} e-mails with the links are on their way.`,
  handOver: 'This server sends no mail. Hand each of them their link.',
  copyAll: 'Copy all',
  copiedAll: 'All links copied',
  copyOne: (address: string) => `Copy the link for ${address}`,
  done: 'Done',
  list: 'Invitations that work',
  none: 'No invitation works at the moment.',
  left: (count: number) => (count === 1 ? '1 use left' : `${count} uses left`),
  anyNumber: (uses: number) =>
    uses === 1 ? 'used once, no limit' : `used ${uses} times, no limit`,
  others: 'Made by somebody else, who alone sees the link',
  show: 'Show the link',
  words: (name: string) => `${name} invites you to EchoSphere`,
  accountNeeded:
    'Whoever opens this link becomes your contact at once. It works for people who have an account here.',
  groupHint:
    'Whoever has the link can join, also people who still have to register. You see it here as long as it works.',
  groupAccountNeeded:
    'Whoever has the link and an account here can join. Who has no account yet needs an invitation to the server, which can lead into the group as well.',
  onlyHere: (setting: string) =>
    `Only this machine opens this link. For others, whoever runs the server sets ${setting}.`,
};

const de: typeof en = {
  hint: 'Auf diesem Server braucht man eine Einladung für ein Konto. Gib jede nur denen, die du meinst.',
  hintOpen:
    'Eine Einladung führt zum Formular für ein neues Konto, und in die deiner Gruppen, die du wählst.',
  title: 'Leute ohne Konto einladen',
  byLink: 'Mit einem Link',
  byEmail: 'Mit E-Mail-Adressen',
  role: 'Sie werden',
  roles: { member: 'Mitglied', guest: 'Gast' },
  guestHint: 'Gäste sehen nur die Gruppen, die du hier wählst.',
  contact: 'Sie werden sofort meine Kontakte',
  groups: (count) =>
    count === 0 ? 'Gruppen, in die sie kommen' : `Gruppen, in die sie kommen (${count})`,
  findGroup: 'Gruppe suchen',
  noGroup: 'Keine Gruppe gefunden',
  emailExample: 'ben@example.org',
  emails: 'E-Mail-Adressen, eine je Zeile',
  emailsHint:
    'Jede bekommt eine Einladung, die nur mit dieser Adresse gilt, einmal: per E-Mail oder, ohne Mailserver, als Link, den du weitergibst. Höchstens 200.',
  file: 'CSV-Datei lesen',
  fileHint:
    'Je Zeile Adresse, Name und Gruppen, etwa ben@example.org,Ben,Bienen|Wandern. Niemand wird eingeladen, bevor du gesehen hast, wer es ist.',
  people: (count) => (count === 1 ? '1 Person' : `${count} Personen`),
  inviteAll: (count) =>
    count === 1 ? 'Diese Person einladen' : `Diese ${count} Personen einladen`,
  wrong: 'Verbessere diese Zeilen und lies die Datei noch einmal. Niemand wurde eingeladen.',
  line: (number) => `Zeile ${number}`,
  unreadable: 'Diese Datei ist nicht lesbar. Speichere sie als CSV in UTF-8.',
  otherFile: 'Abbrechen',
  noEmails: 'Schreib mindestens eine Adresse.',
  tooMany: 'Das sind mehr als 200 Adressen. Lade die übrigen danach ein.',
  about: (address, problem) => `${address}: ${problem}`,
  invite: 'Einladen',
  mailed: (count) =>
    count === 1
      ? 'Eine E-Mail mit dem Link ist unterwegs.'
      : `${count} E-Mails mit den Links sind unterwegs.`,
  handOver: 'Dieser Server verschickt keine E-Mails. Gib allen ihren Link.',
  copyAll: 'Alle kopieren',
  copiedAll: 'Alle Links kopiert',
  copyOne: (address) => `Link für ${address} kopieren`,
  done: 'Fertig',
  list: 'Einladungen, die gelten',
  none: 'Im Moment gilt keine Einladung.',
  left: (count) => (count === 1 ? 'noch 1-mal gültig' : `noch ${count}-mal gültig`),
  anyNumber: (uses) => `${uses}-mal benutzt, unbegrenzt`,
  others: 'Von jemand anderem, nur dort ist der Link zu sehen',
  show: 'Link zeigen',
  words: (name) => `${name} lädt dich zu EchoSphere ein`,
  accountNeeded:
    'Wer diesen Link öffnet, wird sofort dein Kontakt. Er gilt für Leute, die hier ein Konto haben.',
  groupHint:
    'Wer den Link hat, kann beitreten, auch wer sich erst noch registrieren muss. Du siehst ihn hier, solange er gilt.',
  groupAccountNeeded:
    'Wer den Link und hier ein Konto hat, kann beitreten. Wer noch keins hat, braucht eine Einladung auf den Server, die auch in die Gruppe führen kann.',
  onlyHere: (setting) =>
    `Nur dieser Rechner öffnet diesen Link. Für andere setzt, wer den Server betreibt, ${setting}.`,
};

export const texts = language === 'de' ? de : en;
