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
  hint: 'Changes take effect immediately for everyone on this server. Each change is recorded in the audit log.',
  save: 'Save',
  saveName: (label: string) => `Save: ${label}`,
  saved: (label: string) => `Saved: ${label}`,
  fixed: (variable: string) => `Set in the server environment: ${variable}`,
  changed: (when: string) => `Changed ${when}`,
  reset: 'Back to the default',
  resetName: (label: string) => `Back to the default: ${label}`,
  standard: (value: string) => `Default: ${value}`,
  unknown: 'From a different version',
  unknownHint: 'This version does not know these settings. They have no effect.',
  remove: 'Remove',
  removeName: (name: string) => `Remove: ${name}`,
  removed: (name: string) => `Removed: ${name}`,
  none: 'none',
  on: 'on',
  off: 'off',
  groups: {
    entry: 'Joining',
    security: 'Signing in',
    people: 'People and links',
    messages: 'Messages',
    files: 'Files',
    operator: 'About this server',
    other: 'Other settings',
  },
  settings: {
    registration: {
      label: 'Registration',
      hint: 'Invitations work in every mode except “Closed”.',
      choices: {
        auto: 'Automatic: by invitation if others can reach the server',
        open: 'Open to anyone',
        invitation: 'By invitation',
        domain: 'By the domain of the e-mail address',
        approval: 'By approval',
        closed: 'Closed',
      },
    },
    registration_domains: {
      label: 'Allowed domains',
      hint: 'Separated by commas, such as example.org. Used for registration by domain. Confirm addresses as well, or anyone can claim one.',
    },
    confirm_email: {
      label: 'Confirm e-mail addresses',
      hint: 'People who have not confirmed their address must do so before they can continue. Requires a mail server.',
    },
    server_invites: {
      label: 'Who can invite people to the server',
      choices: { administrators: 'Administrators', everybody: 'Everyone except guests' },
    },
    registrations_per_hour: {
      label: 'Registrations from one network address',
      unit: 'per hour',
    },
    local_passwords: {
      label: 'Sign in with passwords',
      hint: 'When this is off, people sign in only with the sign-in services. Link your own account to one first.',
    },
    require_second_factor: {
      label: 'Who needs a second factor',
      hint: 'People without one must set it up before they can do anything else.',
      choices: { nobody: 'No one', administrators: 'Administrators', everybody: 'Everyone' },
    },
    directory: {
      label: 'Directory',
      hint: 'Everyone can find everyone by name, except guests and people who opt out.',
    },
    link_previews: {
      label: 'Link previews',
      hint: 'The server fetches a preview of the linked page.',
    },
    digest_hours: {
      label: 'E-mail about unread messages after',
      unit: 'hours',
      hint: 'Requires a mail server.',
    },
    retention_days: {
      label: 'Delete messages after',
      unit: 'days',
      hint: '0 keeps all messages. Otherwise they are permanently deleted everywhere, within an hour.',
    },
    edit_minutes: {
      label: 'Messages can be edited for',
      unit: 'minutes',
      hint: '0 for no time limit.',
    },
    max_attachment_mib: {
      label: 'Largest file',
      unit: 'MiB',
      hint: 'A proxy in front of the server may have its own limit.',
    },
    allowed_files: {
      label: 'Allowed files',
      hint: 'Leave empty to allow all files. List kinds (images, videos, audio, documents, text, archives, programs), types such as image/png, or extensions such as .dwg. Voice messages are audio.',
    },
    refused_files: {
      label: 'Blocked files',
      hint: 'Listed the same way. Blocked even if allowed above. Files are judged by their content, not their name.',
    },
    storage_per_person_mib: {
      label: 'Storage per person',
      unit: 'MiB',
      hint: '0 for no limit.',
    },
    storage_in_all_mib: {
      label: 'Total storage',
      unit: 'MiB',
      hint: '0 for as much as the disk holds.',
    },
    disk_reserve_mib: {
      label: 'Disk space reserved for messages',
      unit: 'MiB',
      hint: 'With less free space, uploads are refused but messages still work.',
    },
    upload_mib_per_minute: { label: 'Uploads per person', unit: 'MiB per minute' },
    imprint_url: { label: 'Imprint', hint: 'Linked on the sign-in pages.' },
    privacy_url: { label: 'Privacy notice', hint: 'Linked on the sign-in pages.' },
    contact_url: { label: 'Contact', hint: 'A page or mailto: link, on the sign-in pages.' },
    security_contact: {
      label: 'Contact for security reports',
      hint: 'A page or mailto: link. Listed in /.well-known/security.txt.',
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
