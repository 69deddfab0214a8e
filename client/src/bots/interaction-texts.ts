// The texts of commands and buttons, fetched with the conversation.
import { language } from '../texts/language';

const en = {
  options: 'Bot commands',
  hint: (bot: string) => `Sent only to ${bot}, not as a message`,
  region: 'Replies from bots',
  onlyYou: 'Only you can see this. It disappears when you reload the page.',
  sending: (bot: string) => `Sending to ${bot} …`,
  sent: (bot: string) => `Sent to ${bot}`,
  late: (bot: string) => `${bot} has not answered yet`,
  over: (bot: string) => `${bot} did not answer`,
  dismiss: 'Dismiss',
  buttons: 'Message buttons',
  waiting: (label: string) => `${label}: sent, waiting for an answer`,
  ask: (label: string) => `Press “${label}”?`,
  link: (label: string) => `${label} (opens a new tab)`,
  unknown: (name: string) => `No bot here knows /${name}`,
  unknownHint:
    'You can send it as a message to everyone here. To skip this question, begin with two slashes, as in //word.',
  sendAsText: 'Send as a message',
  which: (name: string) => `Which bot should get /${name}?`,
  alone: (name: string) =>
    `A command cannot have files or be a reply. Remove them, or write //${name} to send a message.`,
  offline: 'You are offline. The command was not sent, and will not be sent later.',
  offlinePress: 'You are offline. The button press was not sent.',
};

const de: typeof en = {
  options: 'Befehle von Bots',
  hint: (bot: string) => `Geht nur an ${bot} und ist keine Nachricht`,
  region: 'Antworten von Bots an dich',
  onlyYou: 'Nur du siehst das. Nach dem Neuladen der Seite ist es weg.',
  sending: (bot: string) => `Geht an ${bot} …`,
  sent: (bot: string) => `An ${bot} gesendet`,
  late: (bot: string) => `${bot} hat noch nicht geantwortet`,
  over: (bot: string) => `${bot} hat nicht geantwortet`,
  dismiss: 'Ausblenden',
  buttons: 'Knöpfe dieser Nachricht',
  waiting: (label: string) => `${label}: gesendet, wartet auf Antwort`,
  ask: (label: string) => `„${label}“ drücken?`,
  link: (label: string) => `${label} (öffnet einen neuen Tab)`,
  unknown: (name: string) => `Kein Bot hier kennt /${name}`,
  unknownHint:
    'Du kannst es als Nachricht an alle hier senden. Ohne Nachfrage geht das mit zwei Schrägstrichen am Anfang, wie in //Wort.',
  sendAsText: 'Als Nachricht senden',
  which: (name: string) => `Welcher Bot soll /${name} bekommen?`,
  alone: (name: string) =>
    `Ein Befehl hat keine Dateien und ist keine Antwort. Entferne sie, oder schreib //${name} für eine Nachricht.`,
  offline:
    'Es gibt keine Verbindung. Der Befehl wurde nicht gesendet und wird auch später nicht von selbst gesendet.',
  offlinePress: 'Es gibt keine Verbindung. Der Knopfdruck wurde nicht gesendet.',
};

export const interactionTexts = language === 'de' ? de : en;
