// The texts of the page about signing in, fetched with the settings.
import { language } from '../texts/language';

const en = {
  on: 'Signing in asks for more than your password: a stolen one is not enough to get in.',
  off: 'So far your password alone lets somebody in. A passkey or an app makes a stolen one worthless.',
  save: 'Save',
  passkeys: {
    title: 'Passkeys',
    hint: 'Sign in with your fingerprint, face, screen lock or security key instead of the password.',
    add: 'Add a passkey',
    name: 'Passkey',
    label: 'Name of the passkey',
    made: (when: string) => `Added ${when}`,
    used: (when: string) => `last used ${when}`,
    neverUsed: 'not used yet',
    lost: (host: string) =>
      `Does not work any more: it was made for ${host}, and this server has another address now.`,
    renameName: (name: string) => `Rename ${name}`,
    remove: 'Remove',
    removeName: (name: string) => `Remove ${name}`,
    removeTitle: (name: string) => `Remove ${name}?`,
    removeHint: 'It does not let you in any more. Delete it on your device as well.',
    cancelled: 'No passkey was added. Try again whenever you like.',
    known: 'This device or security key has a passkey for your account already.',
    elsewhere: 'Passkeys work only at the address that people use for this server. Open it there.',
    browser: 'This browser has no passkeys.',
    missing: {
      address:
        'There are no passkeys here: browsers make them for a name, and this server is reached by a number.',
      plain_http: 'There are no passkeys here: browsers make them only over HTTPS.',
    } as Readonly<Record<string, string>>,
  },
  app: {
    title: 'Authenticator app',
    hint: 'An app on your phone shows a code that is asked for after your password.',
    since: (when: string) => `Codes of your app are asked for since ${when}.`,
    add: 'Set up an app',
    replace: 'Use another app',
    remove: 'Switch off',
    removeTitle: 'Switch the app off?',
    removeHint: 'No code is asked for any more. Your other devices are signed out.',
    scan: 'Scan this with the app, or type the key into it. Then enter the code that it shows.',
    qr: 'QR code for your authenticator app',
    open: 'Open in an app on this device',
    copy: 'Copy the key',
    copied: 'The key is copied',
    code: 'Code',
    confirm: 'Switch on',
  },
  codes: {
    title: 'Recovery codes',
    keep: 'Keep these apart from your phone. Each lets you in once, and they are shown only now.',
    kept: 'I have kept them',
    copy: 'Copy',
    copied: 'Copied',
    save: 'Save as a file',
    left: (count: number) =>
      count === 1
        ? 'One code is left. It lets you in when your phone or key is lost.'
        : `${count} codes are left. Each lets you in once when your phone or key is lost.`,
    renew: 'Make new ones',
    renewTitle: 'Make new recovery codes?',
    renewHint: 'The earlier ones end, and your other devices are signed out.',
  },
  remembered: {
    title: 'Remembered devices',
    hint: 'There the password is enough for a while.',
    until: (when: string) => `until ${when}`,
    forget: 'Ask again',
    forgetName: (device: string) => `Ask again on ${device}`,
    forgotten: 'It is asked again there',
  },
};

const de: typeof en = {
  on: 'Zum Anmelden gehört mehr als dein Passwort: Ein gestohlenes allein reicht nicht.',
  off: 'Bisher reicht dein Passwort, um hineinzukommen. Mit einem Passkey oder einer App ist ein gestohlenes wertlos.',
  save: 'Speichern',
  passkeys: {
    title: 'Passkeys',
    hint: 'Melde dich mit Fingerabdruck, Gesicht, Displaysperre oder Sicherheitsschlüssel statt mit dem Passwort an.',
    add: 'Passkey hinzufügen',
    name: 'Passkey',
    label: 'Name des Passkeys',
    made: (when) => `Hinzugefügt ${when}`,
    used: (when) => `zuletzt benutzt ${when}`,
    neverUsed: 'noch nicht benutzt',
    lost: (host) =>
      `Geht nicht mehr: Er wurde für ${host} angelegt, und dieser Server hat jetzt eine andere Adresse.`,
    renameName: (name) => `${name} umbenennen`,
    remove: 'Entfernen',
    removeName: (name) => `${name} entfernen`,
    removeTitle: (name) => `${name} entfernen?`,
    removeHint: 'Er lässt dich nicht mehr hinein. Lösche ihn auch auf deinem Gerät.',
    cancelled: 'Es wurde kein Passkey hinzugefügt. Versuche es noch einmal, wann du magst.',
    known: 'Dieses Gerät oder dieser Sicherheitsschlüssel hat schon einen Passkey für dein Konto.',
    elsewhere:
      'Passkeys gehen nur unter der Adresse, unter der dieser Server benutzt wird. Öffne ihn dort.',
    browser: 'Dieser Browser hat keine Passkeys.',
    missing: {
      address:
        'Hier gibt es keine Passkeys: Browser legen sie für einen Namen an, und dieser Server ist unter einer Nummer zu erreichen.',
      plain_http: 'Hier gibt es keine Passkeys: Browser legen sie nur über HTTPS an.',
    },
  },
  app: {
    title: 'Authenticator-App',
    hint: 'Eine App auf deinem Telefon zeigt einen Code, nach dem nach dem Passwort gefragt wird.',
    since: (when) => `Nach Codes deiner App wird gefragt seit ${when}.`,
    add: 'App einrichten',
    replace: 'Andere App nehmen',
    remove: 'Ausschalten',
    removeTitle: 'Die App ausschalten?',
    removeHint:
      'Es wird nicht mehr nach einem Code gefragt. Deine anderen Geräte werden abgemeldet.',
    scan: 'Lies das mit der App ein oder tippe den Schlüssel hinein. Gib dann den Code ein, den sie zeigt.',
    qr: 'QR-Code für deine Authenticator-App',
    open: 'In einer App auf diesem Gerät öffnen',
    copy: 'Schlüssel kopieren',
    copied: 'Der Schlüssel ist kopiert',
    code: 'Code',
    confirm: 'Einschalten',
  },
  codes: {
    title: 'Notfallcodes',
    keep: 'Bewahre sie getrennt vom Telefon auf. Jeder lässt dich einmal hinein, und sie werden nur jetzt gezeigt.',
    kept: 'Ich habe sie aufbewahrt',
    copy: 'Kopieren',
    copied: 'Kopiert',
    save: 'Als Datei speichern',
    left: (count) =>
      count === 1
        ? 'Ein Code ist übrig. Er lässt dich hinein, wenn Telefon oder Schlüssel verloren ist.'
        : `${count} Codes sind übrig. Jeder lässt dich einmal hinein, wenn Telefon oder Schlüssel verloren ist.`,
    renew: 'Neue erstellen',
    renewTitle: 'Neue Notfallcodes erstellen?',
    renewHint: 'Die bisherigen enden, und deine anderen Geräte werden abgemeldet.',
  },
  remembered: {
    title: 'Gemerkte Geräte',
    hint: 'Dort reicht eine Weile das Passwort.',
    until: (when) => `bis ${when}`,
    forget: 'Wieder fragen',
    forgetName: (device) => `Auf ${device} wieder fragen`,
    forgotten: 'Dort wird wieder gefragt',
  },
};

export const texts = language === 'de' ? de : en;
