"""What pages, mails and notifications say in German."""

PAGES = {
    "Imprint": "Impressum",
    "Privacy": "Datenschutz",
    "Contact": "Kontakt",
    "A private place to talk.": "Ein Ort für eure Gespräche.",
    "Search": "Suchen",
    "Conversations": "Unterhaltungen",
    "Contacts": "Kontakte",
    "Close this notice": "Diesen Hinweis schließen",
    "Back to EchoSphere": "Zurück zu EchoSphere",
    "Open EchoSphere": "EchoSphere öffnen",
    "The messenger needs JavaScript. Switch it on in your browser's settings, then load this page"
    " again.": "Der Messenger braucht JavaScript. Schalte es in den Einstellungen des Browsers ein"
    " und lade diese Seite neu.",
    # Signing in and registering
    "Sign in": "Anmelden",
    "New here?": "Neu hier?",
    "Create an account": "Konto anlegen",
    "Create account": "Konto anlegen",
    "Have an account?": "Hast du schon ein Konto?",
    "Name": "Name",
    "E-mail address": "E-Mail-Adresse",
    "Password": "Passwort",
    "Show": "Zeigen",
    "Show the password": "Das Passwort zeigen",
    "Others find you by it. They do not see it.": "Andere finden dich damit. Sie sehen sie nicht.",
    "At least 10 characters. A few words of your own are best.": "Mindestens 10 Zeichen. Am besten"
    " sind ein paar eigene Wörter.",
    "Your account is ready.": "Dein Konto ist bereit.",
    "You were signed out from another device. Sign in to go on where you were.": "Du wurdest von einem"
    " anderen Gerät abgemeldet. Melde dich an, um dort weiterzumachen, wo du warst.",
    "Your password was changed. Sign in with the new one to go on where you were.": "Dein Passwort wurde"
    " geändert. Melde dich mit dem neuen an, um dort weiterzumachen, wo du warst.",
    "Your session has ended. Sign in to go on where you were.": "Deine Anmeldung ist abgelaufen. Melde"
    " dich an, um dort weiterzumachen, wo du warst.",
    "You are signed out.": "Du bist abgemeldet.",
    "One field needs another look.": "Sieh dir ein Feld noch einmal an.",
    "Some fields need another look.": "Sieh dir einige Felder noch einmal an.",
    # Invites
    "Invite": "Einladung",
    "Join %(title)s": "%(title)s beitreten",
    "This invite has ended": "Diese Einladung gilt nicht mehr",
    "%(name)s invites you to this group of one person.": "%(name)s lädt dich in diese Gruppe mit"
    " einer Person ein.",
    "%(name)s invites you to this group of %(count)s people.": "%(name)s lädt dich in diese Gruppe"
    " mit %(count)s Personen ein.",
    "Join the group": "Der Gruppe beitreten",
    "Not now": "Nicht jetzt",
    "Create an account and join": "Konto anlegen und beitreten",
    # Mails about missed messages
    "Mails": "Mails",
    "No more mails": "Keine Mails mehr",
    "You will get no more mails about missed messages. You can turn them on again in the settings.": "Du bekommst keine Mails mehr über verpasste Nachrichten. In den Einstellungen kannst du sie"
    " wieder einschalten.",
    "Mails about missed messages": "Mails über verpasste Nachrichten",
    "They come once a day at most, when messages have waited for you.": "Sie kommen höchstens"
    " einmal am Tag, wenn Nachrichten auf dich gewartet haben.",
    "Unsubscribe from these e-mails": "Diese E-Mails abbestellen",
    "Keep them": "Behalten",
}

NOTIFICATIONS = {
    "None of your devices has asked for notifications. Turn them on first.": "Keines deiner Geräte"
    " hat um Benachrichtigungen gebeten. Schalte sie erst ein.",
    "There is no such link.": "Diesen Link gibt es nicht.",
    "New message": "Neue Nachricht",
    "Photo": "Foto",
    "Video": "Video",
    "Voice message": "Sprachnachricht",
    "File": "Datei",
    "Notifications work on this device.": "Benachrichtigungen kommen auf diesem Gerät an.",
}

DIGEST = {
    "{} missed messages": "{} verpasste Nachrichten",
    "A missed message": "Eine verpasste Nachricht",
    "Hello": "Hallo",
    "this was said while you were away:": "das wurde gesagt, während du weg warst:",
    "and {} more": "und {} weitere",
    "Open": "Öffnen",
    "You get this mail once a day at most, because messages waited for you.": "Diese Mail kommt"
    " höchstens einmal am Tag, weil Nachrichten auf dich warten.",
}
