// The texts of the page about signing in, fetched with the settings.
import { language } from '../texts/language';

const en = {
  on: 'Signing in takes more than your password, so a stolen password is not enough.',
  off: 'Anyone who knows your password can sign in. With a passkey or an app, a stolen password is not enough.',
  save: 'Save',
  passkeys: {
    title: 'Passkeys',
    hint: 'Sign in with your fingerprint, face, screen lock or security key instead of your password.',
    add: 'Add a passkey',
    name: 'Passkey',
    label: 'Passkey name',
    made: (when: string) => `Added ${when}`,
    used: (when: string) => `last used ${when}`,
    neverUsed: 'not used yet',
    lost: (host: string) =>
      `No longer works: it was created for ${host}, and this server now has a different address.`,
    renameName: (name: string) => `Rename ${name}`,
    remove: 'Remove',
    removeName: (name: string) => `Remove ${name}`,
    removeTitle: (name: string) => `Remove ${name}?`,
    removeHint: 'You can no longer sign in with it. Delete it on your device, too.',
    cancelled: 'No passkey was added. You can try again at any time.',
    known: 'This device or security key already has a passkey for your account.',
    elsewhere: 'Passkeys work only at this server’s usual address. Open it there.',
    browser: 'This browser does not support passkeys.',
    missing: {
      address:
        'Passkeys are not available: they need a domain name, and this server is reached by an IP address.',
      plain_http: 'Passkeys are not available: they need HTTPS.',
    } as Readonly<Record<string, string>>,
  },
  app: {
    title: 'Authenticator app',
    hint: 'After your password, you enter a code from an app on your phone.',
    since: (when: string) => `Codes from your app have been required since ${when}.`,
    add: 'Set up an app',
    replace: 'Use another app',
    remove: 'Turn off',
    removeTitle: 'Turn the app off?',
    removeHint: 'You will no longer be asked for a code. Your other devices will be signed out.',
    scan: 'Scan this with the app, or type the key into it. Then enter the code it shows.',
    qr: 'QR code for your authenticator app',
    open: 'Open in an app on this device',
    copy: 'Copy key',
    copied: 'Key copied',
    code: 'Code',
    confirm: 'Turn on',
  },
  codes: {
    title: 'Recovery codes',
    keep: 'Keep these codes somewhere other than your phone. Each one works once. They are shown only now.',
    keepTitle: 'Save these codes',
    stay: 'Copy or save them first. They are not shown again.',
    kept: 'I have saved them',
    copy: 'Copy',
    copied: 'Copied',
    save: 'Save as a file',
    left: (count: number) =>
      count === 1
        ? '1 code is left. Use it to sign in if you lose your phone or key.'
        : `${count} codes are left. Use each once to sign in if you lose your phone or key.`,
    renew: 'Create new codes',
    renewTitle: 'Create new recovery codes?',
    renewHint: 'Your current codes stop working, and your other devices will be signed out.',
  },
  remembered: {
    title: 'Remembered devices',
    hint: 'On these devices, your password is enough for a while.',
    until: (when: string) => `until ${when}`,
    forget: 'Ask again',
    forgetName: (device: string) => `Ask again on ${device}`,
    forgotten: 'That device will be asked again',
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
    keepTitle: 'Bewahre diese Codes auf',
    stay: 'Kopiere oder speichere sie erst. Sie werden nicht noch einmal gezeigt.',
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
