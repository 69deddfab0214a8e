// The texts of the page of settings in the administration room.
import { language } from '../texts/language';

type Words = Readonly<Record<string, string>>;

interface About {
  readonly label: string;
  readonly hint?: string;
  /** What stands behind a number. */
  readonly unit?: string;
  readonly choices?: Words;
}

const en = {
  hint: 'They hold at once, for everybody on this server. Each change is in the audit log.',
  save: 'Save',
  saveName: (label: string) => `Save: ${label}`,
  saved: (label: string) => `Saved: ${label}`,
  fixed: (variable: string) => `Set by the environment of the server: ${variable}`,
  changed: (when: string) => `Changed ${when}`,
  reset: 'Back to the default',
  resetName: (label: string) => `Back to the default: ${label}`,
  standard: (value: string) => `Default: ${value}`,
  unknown: 'From another version',
  unknownHint: 'This version has no such settings: they do nothing.',
  remove: 'Remove',
  removeName: (name: string) => `Remove: ${name}`,
  removed: (name: string) => `Removed: ${name}`,
  none: 'none',
  on: 'on',
  off: 'off',
  groups: {
    entry: 'Who comes in',
    security: 'Signing in',
    people: 'People and links',
    messages: 'Messages',
    files: 'Files',
    operator: 'Who runs this server',
    other: 'Further settings',
  },
  settings: {
    registration: {
      label: 'Registration',
      hint: 'Invitations work in every mode but “closed”.',
      choices: {
        auto: 'Automatic: by invitation where others can reach the server',
        open: 'Open to anybody',
        invitation: 'By invitation',
        domain: 'By the domain of the e-mail address',
        approval: 'By approval',
        closed: 'Closed',
      },
    },
    registration_domains: {
      label: 'Domains that may register',
      hint: 'Separated by commas, such as example.org. For registration by domain; confirm addresses as well, or anybody can claim one.',
    },
    confirm_email: {
      label: 'Confirm e-mail addresses',
      hint: 'Whoever has not confirmed theirs is led there at once. Needs a mail server.',
    },
    server_invites: {
      label: 'Who invites people to the server',
      choices: { administrators: 'Administrators', everybody: 'Everybody but guests' },
    },
    registrations_per_hour: {
      label: 'Registrations from one network address',
      unit: 'an hour',
    },
    local_passwords: {
      label: 'Sign in with passwords',
      hint: 'Without them people sign in at the sign-in services only. Link your own account with one first.',
    },
    require_second_factor: {
      label: 'Who must have a second factor',
      hint: 'Whoever has none is led to setting one up at once, and can do nothing else until then.',
      choices: { nobody: 'Nobody', administrators: 'Administrators', everybody: 'Everybody' },
    },
    directory: {
      label: 'Directory',
      hint: 'Everybody finds everybody by name, but for guests and those who take themselves out.',
    },
    link_previews: { label: 'Link previews', hint: 'The server looks where links lead.' },
    digest_hours: {
      label: 'E-mail about unread messages after',
      unit: 'hours',
      hint: 'Needs a mail server.',
    },
    retention_days: {
      label: 'Delete messages after',
      unit: 'days',
      hint: '0 keeps them. They are deleted everywhere and for good, within the hour.',
    },
    edit_minutes: {
      label: 'Messages can be edited for',
      unit: 'minutes',
      hint: '0 for as long as people like.',
    },
    max_attachment_mib: {
      label: 'Largest file',
      unit: 'MiB',
      hint: 'A proxy in front may have a limit of its own.',
    },
    allowed_files: {
      label: 'Files that may be sent',
      hint: 'Empty for all. Kinds (images, videos, audio, documents, text, archives, programs), types such as image/png, endings such as .dwg. Voice messages are audio.',
    },
    refused_files: {
      label: 'Files that may not be sent',
      hint: 'Likewise, whatever is allowed. What a file is decides, not its name.',
    },
    storage_per_person_mib: {
      label: 'Files of one person',
      unit: 'MiB',
      hint: '0 for any number.',
    },
    storage_in_all_mib: {
      label: 'All files together',
      unit: 'MiB',
      hint: '0 for as much as the disk holds.',
    },
    disk_reserve_mib: {
      label: 'Disk kept free for messages',
      unit: 'MiB',
      hint: 'With less, uploads are refused and messages go on.',
    },
    upload_mib_per_minute: { label: 'Uploads of one person', unit: 'MiB a minute' },
    imprint_url: { label: 'Imprint', hint: 'A link on the pages before signing in.' },
    privacy_url: { label: 'Privacy notice', hint: 'Likewise.' },
    contact_url: { label: 'Contact', hint: 'A page or mailto:, likewise.' },
    security_contact: {
      label: 'Contact for security reports',
      hint: 'A page or mailto:. Named in /.well-known/security.txt.',
    },
  } as Readonly<Record<string, About>>,
};

const de: typeof en = {
  hint: 'Sie gelten sofort, für alle auf diesem Server. Jede Änderung steht im Protokoll.',
  save: 'Speichern',
  saveName: (label) => `Speichern: ${label}`,
  saved: (label) => `Gespeichert: ${label}`,
  fixed: (variable) => `In der Umgebung des Servers festgelegt: ${variable}`,
  changed: (when) => `Geändert ${when}`,
  reset: 'Zurück zum Standard',
  resetName: (label) => `Zurück zum Standard: ${label}`,
  standard: (value) => `Standard: ${value}`,
  unknown: 'Aus einer anderen Version',
  unknownHint: 'Diese Version hat solche Einstellungen nicht: Sie bewirken nichts.',
  remove: 'Entfernen',
  removeName: (name) => `Entfernen: ${name}`,
  removed: (name) => `Entfernt: ${name}`,
  none: 'keine',
  on: 'an',
  off: 'aus',
  groups: {
    entry: 'Wer hereinkommt',
    security: 'Anmelden',
    people: 'Personen und Links',
    messages: 'Nachrichten',
    files: 'Dateien',
    operator: 'Wer diesen Server betreibt',
    other: 'Weitere Einstellungen',
  },
  settings: {
    registration: {
      label: 'Registrierung',
      hint: 'Einladungen gelten immer, außer bei „Geschlossen“.',
      choices: {
        auto: 'Automatisch: mit Einladung, wo andere den Server erreichen',
        open: 'Für alle offen',
        invitation: 'Mit Einladung',
        domain: 'Nach der Domain der E-Mail-Adresse',
        approval: 'Mit Freigabe',
        closed: 'Geschlossen',
      },
    },
    registration_domains: {
      label: 'Domains, die sich registrieren dürfen',
      hint: 'Durch Kommas getrennt, etwa example.org. Für die Registrierung nach Domain; lass Adressen auch bestätigen, sonst kann jeder eine behaupten.',
    },
    confirm_email: {
      label: 'E-Mail-Adressen bestätigen',
      hint: 'Wer die eigene nicht bestätigt hat, wird sofort dorthin geführt. Braucht einen Mailserver.',
    },
    server_invites: {
      label: 'Wer auf den Server einlädt',
      choices: { administrators: 'Die Verwaltung', everybody: 'Alle außer Gästen' },
    },
    registrations_per_hour: {
      label: 'Registrierungen von einer Netzadresse',
      unit: 'je Stunde',
    },
    local_passwords: {
      label: 'Mit Passwörtern anmelden',
      hint: 'Ohne sie meldet man sich nur über Anmeldedienste an. Verbinde zuerst dein eigenes Konto mit einem.',
    },
    require_second_factor: {
      label: 'Wer einen zweiten Faktor haben muss',
      hint: 'Wer keinen hat, wird sofort zum Einrichten geführt und kann bis dahin nichts anderes tun.',
      choices: { nobody: 'Niemand', administrators: 'Die Verwaltung', everybody: 'Alle' },
    },
    directory: {
      label: 'Verzeichnis',
      hint: 'Alle finden alle nach Namen, außer Gästen und denen, die sich austragen.',
    },
    link_previews: { label: 'Linkvorschauen', hint: 'Der Server sieht nach, wohin Links führen.' },
    digest_hours: {
      label: 'E-Mail über ungelesene Nachrichten nach',
      unit: 'Stunden',
      hint: 'Braucht einen Mailserver.',
    },
    retention_days: {
      label: 'Nachrichten löschen nach',
      unit: 'Tagen',
      hint: '0 behält sie. Sie werden überall und endgültig gelöscht, binnen einer Stunde.',
    },
    edit_minutes: {
      label: 'Nachrichten lassen sich bearbeiten für',
      unit: 'Minuten',
      hint: '0, solange man mag.',
    },
    max_attachment_mib: {
      label: 'Größte Datei',
      unit: 'MiB',
      hint: 'Ein Proxy davor kann eine eigene Grenze haben.',
    },
    allowed_files: {
      label: 'Dateien, die man senden darf',
      hint: 'Leer für alle. Arten (images, videos, audio, documents, text, archives, programs), Typen wie image/png, Endungen wie .dwg. Sprachnachrichten sind audio.',
    },
    refused_files: {
      label: 'Dateien, die man nicht senden darf',
      hint: 'Ebenso, was auch erlaubt ist. Es zählt, was eine Datei ist, nicht ihr Name.',
    },
    storage_per_person_mib: {
      label: 'Dateien einer Person',
      unit: 'MiB',
      hint: '0 für beliebig viel.',
    },
    storage_in_all_mib: {
      label: 'Alle Dateien zusammen',
      unit: 'MiB',
      hint: '0, so viel die Platte fasst.',
    },
    disk_reserve_mib: {
      label: 'Platte, die für Nachrichten frei bleibt',
      unit: 'MiB',
      hint: 'Bei weniger werden Uploads abgelehnt; Nachrichten gehen weiter.',
    },
    upload_mib_per_minute: { label: 'Uploads einer Person', unit: 'MiB je Minute' },
    imprint_url: { label: 'Impressum', hint: 'Ein Link auf den Seiten vor dem Anmelden.' },
    privacy_url: { label: 'Datenschutzerklärung', hint: 'Ebenso.' },
    contact_url: { label: 'Kontakt', hint: 'Eine Seite oder mailto:, ebenso.' },
    security_contact: {
      label: 'Kontakt für Sicherheitsmeldungen',
      hint: 'Eine Seite oder mailto:. Steht in /.well-known/security.txt.',
    },
  },
};

export const texts = language === 'de' ? de : en;
