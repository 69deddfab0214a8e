// The texts of invitations to the server, fetched with them.
import { language } from '../texts/language';

const en = {
  hint: 'People need an invitation to create an account on this server. Send each one only to the people it is meant for.',
  hintOpen: 'With an invitation, people can create an account and join the groups you choose.',
  title: 'Invite people without an account',
  byLink: 'By link',
  byEmail: 'By e-mail',
  role: 'Role',
  roles: { member: 'Member', guest: 'Guest' } as Readonly<Record<string, string>>,
  guestHint: 'Guests can see only the groups you choose here.',
  contact: 'Add them to my contacts right away',
  groups: (count: number) => (count === 0 ? 'Groups to join' : `Groups to join (${count})`),
  findGroup: 'Find a group',
  noGroup: 'No groups found',
  emailExample: 'ben@example.org',
  emails: 'E-mail addresses, one per line',
  emailsHint:
    'Each address gets an invitation that works once and only for that address. It is sent by e-mail or, without a mail server, shown as a link for you to share. 200 addresses at most.',
  file: 'Choose a CSV file',
  fileHint:
    'One person per line: address, name and groups, such as ben@example.org,Ben,Bees|Walkers. You can check the list before anyone is invited.',
  people: (count: number) => (count === 1 ? '1 person' : `${count} people`),
  inviteAll: (count: number) =>
    count === 1 ? 'Invite this person' : `Invite these ${count} people`,
  wrong: 'Fix these lines and choose the file again. No one has been invited.',
  line: (number: string) => `Line ${number}`,
  unreadable: 'This file cannot be read. Save it as CSV in UTF-8 and try again.',
  otherFile: 'Cancel',
  noEmails: 'Enter at least one address.',
  tooMany: 'You can invite up to 200 addresses at a time. Invite the rest afterwards.',
  about: (address: string, problem: string) => `${address}: ${problem}`,
  invite: 'Invite',
  mailed: (count: number) =>
    count === 1
      ? 'An e-mail with the link is on its way.'
      : `${count} e-mails with the links are on their way.`,
  handOver: 'This server does not send e-mail. Send each person their link yourself.',
  copyAll: 'Copy all',
  copiedAll: 'All links copied',
  copyOne: (address: string) => `Copy link for ${address}`,
  done: 'Done',
  list: 'Active invitations',
  none: 'No active invitations',
  left: (count: number) => (count === 1 ? '1 use left' : `${count} uses left`),
  anyNumber: (uses: number) =>
    uses === 1 ? 'used once, no limit' : `used ${uses} times, no limit`,
  others: 'Created by someone else. Only they can see the link.',
  show: 'Show link',
  words: (name: string) => `${name} invites you to EchoSphere`,
  accountNeeded:
    'Anyone who opens this link becomes your contact right away. It works only for people who have an account here.',
  groupHint:
    'Anyone with the link can join, even people who still have to register. It is listed here as long as it works.',
  groupAccountNeeded:
    'Anyone with the link and an account here can join. People without an account need an invitation to the server, which can also add them to the group.',
  onlyHere: (setting: string) =>
    `This link works only on this machine. To share it with others, the server’s operator must set ${setting}.`,
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
