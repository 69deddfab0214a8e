// The texts of the checklist, fetched with it.
import { language } from '../texts/language';

const en = {
  hint: 'Only administrators can see this. Settings are made where the server is started. Who may register can also be changed under Administration, Settings.',
  done: 'Set',
  missing: 'Missing',
  names: {
    address: 'Address',
    https: 'HTTPS',
    registration: 'Who may register',
    mail: 'E-mail',
    push: 'Notifications',
  } as Readonly<Record<string, string>>,
  hints: {
    address: 'The address other people use to open this server.',
    https: 'Put an HTTPS proxy in front of the server, and set the https:// address.',
    registration:
      'Anyone, people with an invitation, people with certain addresses, people you approve, or no one.',
    mail: 'With a mail server, people get e-mails about missed messages and reset their passwords themselves. Without one, you give them links.',
    push: 'Phones and browsers get notifications only with an HTTPS address.',
  } as Readonly<Record<string, string>>,
};

const de: typeof en = {
  hint: 'Nur wer den Server verwaltet, sieht das. Einstellungen stehen dort, wo der Server startet; wer sich registrieren darf, auch in den Einstellungen der Verwaltung.',
  done: 'Eingestellt',
  missing: 'Fehlt',
  names: {
    address: 'Adresse',
    https: 'HTTPS',
    registration: 'Wer sich registrieren darf',
    mail: 'E-Mail',
    push: 'Benachrichtigungen',
  },
  hints: {
    address: 'Die Adresse, unter der andere diesen Server öffnen.',
    https: 'Stell einen Proxy mit HTTPS davor und gib die https://-Adresse an.',
    registration: 'Alle, mit Einladung, mit bestimmten Adressen, nach Freigabe, oder niemand.',
    mail: 'Mit einem Mailserver erfahren alle von verpassten Nachrichten und setzen selbst neue Passwörter. Ohne gibst du Links weiter.',
    push: 'Telefone und Browser werden nur unter einer HTTPS-Adresse benachrichtigt.',
  },
};

export const checklistTexts = language === 'de' ? de : en;
