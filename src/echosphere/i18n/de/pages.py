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
    "API reference": "API-Referenz",
    "The reference needs JavaScript. Everything it shows is also in /api/v1/openapi.json.": (
        "Die Referenz braucht JavaScript. Alles, was sie zeigt, steht in /api/v1/openapi.json."
    ),
    "EchoSphere needs JavaScript. Turn it on in your browser's settings, then reload this page.": "Der Messenger braucht JavaScript. Schalte es in den Einstellungen des Browsers ein"
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
    "Others can find you by it, but they cannot see it.": "Andere finden dich damit. Sie sehen sie nicht.",
    "At least 10 characters. A few words of your own are best.": "Mindestens 10 Zeichen. Am besten"
    " sind ein paar eigene Wörter.",
    "Your account is ready.": "Dein Konto ist bereit.",
    "You were signed out from another device. Sign in to continue where you left off.": "Du wurdest von einem"
    " anderen Gerät abgemeldet. Melde dich an, um dort weiterzumachen, wo du warst.",
    "Your password was changed. Sign in with the new one to continue where you left off.": "Dein Passwort wurde"
    " geändert. Melde dich mit dem neuen an, um dort weiterzumachen, wo du warst.",
    "Your session has ended. Sign in to continue where you left off.": "Deine Anmeldung ist abgelaufen. Melde"
    " dich an, um dort weiterzumachen, wo du warst.",
    "You are signed out.": "Du bist abgemeldet.",
    "Check the highlighted field.": "Sieh dir ein Feld noch einmal an.",
    "Check the highlighted fields.": "Sieh dir einige Felder noch einmal an.",
    # Invites
    "Invitation": "Einladung",
    "Join %(title)s": "%(title)s beitreten",
    "This invitation is no longer valid": "Diese Einladung gilt nicht mehr",
    "%(name)s invites you to this group of one person.": "%(name)s lädt dich in diese Gruppe mit"
    " einer Person ein.",
    "%(name)s invites you to this group of %(count)s people.": "%(name)s lädt dich in diese Gruppe"
    " mit %(count)s Personen ein.",
    "Join the group": "Der Gruppe beitreten",
    "Not now": "Nicht jetzt",
    "Create an account and join": "Konto anlegen und beitreten",
    # Mails about missed messages
    "E-mails": "E-mails",
    "Unsubscribed": "Keine Mails mehr",
    "You will no longer get e-mails about missed messages. You can turn them on again in the settings.": "Du bekommst keine Mails mehr über verpasste Nachrichten. In den Einstellungen kannst du sie"
    " wieder einschalten.",
    "E-mails about missed messages": "Mails über verpasste Nachrichten",
    "They are sent at most once a day, when you have missed messages.": "Sie kommen höchstens"
    " einmal am Tag, wenn Nachrichten auf dich gewartet haben.",
    "Unsubscribe from these e-mails": "Diese E-Mails abbestellen",
    "Keep these e-mails": "Behalten",
}

NOTIFICATIONS = {
    "None of your devices has asked for notifications. Turn them on first.": "Keines deiner Geräte"
    " hat um Benachrichtigungen gebeten. Schalte sie erst ein.",
    "Link not found.": "Diesen Link gibt es nicht.",
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
    "here is what you missed:": "das wurde gesagt, während du weg warst:",
    "and {} more": "und {} weitere",
    "Open": "Öffnen",
    "You get this e-mail at most once a day, when you have missed messages.": "Diese Mail kommt"
    " höchstens einmal am Tag, weil Nachrichten auf dich warten.",
}
