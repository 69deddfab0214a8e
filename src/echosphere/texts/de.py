"""German."""

PAGES = {
    "A private place to talk.": "Ein Ort für eure Gespräche.",
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
    "Send me no such mails": "Keine solchen Mails mehr",
    "Keep them": "Behalten",
}

ERRORS = {
    "Invalid request": "Ungültige Anfrage",
    "Not signed in": "Nicht angemeldet",
    "Not allowed": "Nicht erlaubt",
    "Not found": "Nicht gefunden",
    "No room": "Kein Platz",
    "Your files may take up {} MiB here. Delete some of them, then try again.": "Deine Dateien dürfen"
    " hier {} MiB belegen. Lösche einige davon und versuche es dann noch einmal.",
    "This server has no room for more files. Ask its operator.": "Dieser Server hat keinen Platz für"
    " weitere Dateien. Frag, wer ihn betreibt.",
    "Not Found": "Nicht gefunden",
    "Bad Request": "Ungültige Anfrage",
    "Method Not Allowed": "So geht es nicht",
    "Conflict": "Widerspruch",
    "The message {}.": "Die Nachricht {}.",
    "must not be empty without an attachment": "darf ohne Anhang nicht leer sein",
    "may have {} characters at most": "darf höchstens {} Zeichen haben",
    "The field {} was refused: {}.": "Das Feld {} wurde abgelehnt: {}.",
    "Expected `str` of length <= {}": "höchstens {} Zeichen",
    "Expected `str` of length >= {}": "mindestens {} Zeichen",
    "Gone": "Nicht mehr da",
    "Too large": "Zu groß",
    "Too many requests": "Zu viele Anfragen",
    "Temporarily unavailable": "Gerade nicht verfügbar",
    "Internal error": "Fehler im Server",
    "Something went wrong on the server. It has been noted; try again.": "Im Server ist etwas"
    " schiefgegangen. Es wurde festgehalten; versuche es noch einmal.",
    "Something went wrong on the server. It has been noted.": "Im Server ist etwas schiefgegangen."
    " Es wurde festgehalten.",
    "The address is too long.": "Die Adresse ist zu lang.",
    "The request could not be understood. Check its form.": "Die Anfrage war nicht zu verstehen.",
    "The request has more bytes than are taken here.": "Die Anfrage ist größer, als hier erlaubt"
    " ist.",
    "The request took too long to arrive. Send it again.": "Die Anfrage kam zu langsam an. Sende"
    " sie noch einmal.",
    "There is nothing at this address. Check it, or go back to the start.": "Unter dieser Adresse"
    " ist nichts. Prüfe sie, oder geh zurück zum Anfang.",
    "That was too often.": "Das war zu oft.",
    "Try again in {} seconds.": "Versuche es in {} Sekunden noch einmal.",
    "Try again in {} minutes.": "Versuche es in {} Minuten noch einmal.",
    "Too many accounts were made from here.": "Von hier aus wurden zu viele Konten angelegt.",
    "Sign in first.": "Melde dich erst an.",
    "The server is stopping. Try again in a moment.": "Der Server wird gerade beendet. Versuche es"
    " gleich noch einmal.",
    "The database does not answer. Try again soon.": "Die Datenbank antwortet nicht. Versuche es"
    " bald noch einmal.",
    "The storage does not answer. Try again soon.": "Der Speicher antwortet nicht. Versuche es"
    " bald noch einmal.",
}

ACCOUNTS = {
    "A description may have {} characters at most.": "Eine Beschreibung darf höchstens {} Zeichen"
    " haben.",
    "A name may have {} characters at most.": "Ein Name darf höchstens {} Zeichen haben.",
    "Enter a name.": "Gib einen Namen ein.",
    "Enter an e-mail address such as ana@example.org.": "Gib eine E-Mail-Adresse wie"
    " ana@example.org ein.",
    "This is too long for an e-mail address.": "Das ist zu lang für eine E-Mail-Adresse.",
    "This name is reserved. Choose another one.": "Dieser Name ist vergeben. Nimm einen anderen.",
    "The password was changed on another device just now.": "Das Passwort wurde eben auf einem"
    " anderen Gerät geändert.",
    "This is not your current password.": "Das ist nicht dein jetziges Passwort.",
    "This server takes no registrations. Ask its operator for an account.": "Hier kann man sich"
    " nicht selbst registrieren. Bitte den Betreiber um ein Konto.",
    "Too many people are signing in at this moment. Try again soon.": "Gerade melden sich zu viele"
    " an. Versuche es bald noch einmal.",
    "A password may have {} bytes at most.": "Ein Passwort darf höchstens {} Bytes haben.",
    "This password is among the first to be guessed. Use another one.": "Dieses Passwort wird als"
    " eines der ersten geraten. Nimm ein anderes.",
    "Use a password that does not contain your name or address.": "Nimm ein Passwort, in dem weder"
    " dein Name noch deine Adresse steht.",
    "Use at least {} characters.": "Nimm mindestens {} Zeichen.",
    "The address or the password is wrong.": "Die Adresse oder das Passwort ist falsch.",
    "There were too many failed attempts.": "Es gab zu viele Fehlversuche.",
    "There is an account with this address already. Sign in instead.": "Mit dieser Adresse gibt es"
    " schon ein Konto. Melde dich damit an.",
    "A status may have {} characters at most.": "Ein Status darf höchstens {} Zeichen haben.",
    "Choose a time to come for the end of the status.": "Wähle für das Ende des Status einen"
    " Zeitpunkt, der noch kommt.",
    "Choose an earlier end of the status, or none.": "Wähle ein früheres Ende des Status oder"
    " keines.",
    "Choose one emoji.": "Wähle ein Emoji.",
}

FILES = {
    "Too many uploaded files wait for a message. Send or remove some of them first.": "Zu viele"
    " hochgeladene Dateien warten auf eine Nachricht. Sende oder entferne erst einige davon.",
    "Images cannot be checked just now.": "Bilder können gerade nicht geprüft werden.",
    "A file may have {} MiB at most.": "Eine Datei darf höchstens {} MiB haben.",
    "The file arrived too slowly. Try again.": "Die Datei kam zu langsam an. Versuche es noch"
    " einmal.",
    "The file is empty.": "Die Datei ist leer.",
    "The animation is too long: {} frames.": "Die Animation ist zu lang: {} Bilder.",
    "This file may tell where, when and with what it was made, and that cannot be removed.": "Diese"
    " Datei verrät vielleicht, wo, wann und womit sie entstanden ist, und das lässt sich nicht"
    " entfernen.",
    "is needed for this file": "ist für diese Datei nötig",
    "The image has a side of more than {} pixels.": "Das Bild hat eine Seite von mehr als {} Pixeln.",
    "The image has more than {} megapixels.": "Das Bild hat mehr als {} Megapixel.",
    "The file storage does not answer. Try again soon.": "Der Dateispeicher antwortet nicht."
    " Versuche es bald noch einmal.",
    "The server's disk is nearly full, so no files can be sent. Messages still can.": "Der"
    " Speicherplatz des Servers ist fast voll, darum können keine Dateien gesendet werden."
    " Nachrichten schon.",
    "The file cannot be stored just now.": "Die Datei kann gerade nicht gespeichert werden.",
    "Too many uploads at once. Wait for one to finish.": "Zu viele Dateien auf einmal. Warte, bis"
    " eine fertig ist.",
    "Another picture of yours is on its way. Wait for it.": "Ein anderes Bild von dir ist noch"
    " unterwegs. Warte darauf.",
    "The picture cannot be stored just now.": "Das Bild kann gerade nicht gespeichert werden.",
}

PEOPLE = {
    "New contact request": "Neue Kontaktanfrage",
    "accepted your request": "hat deine Anfrage angenommen",
    "%(name)s invites you": "%(name)s lädt dich ein",
    "%(name)s invites you to talk here.": "%(name)s lädt dich ein, hier zu schreiben.",
    "Start talking": "Loslegen",
    "Create an account and start talking": "Konto erstellen und loslegen",
    "This is your own invitation. Send it to somebody else.": (
        "Das ist deine eigene Einladung. Schick sie jemand anderem."
    ),
    "You have {} invites already. Revoke some of them.": (
        "Du hast schon {} Einladungen. Widerrufe einige davon."
    ),
    "You cannot send a request to yourself.": "Du kannst dir selbst keine Anfrage senden.",
    "Give either an e-mail address or a person.": (
        "Gib entweder eine E-Mail-Adresse oder eine Person an."
    ),
    "A request to an e-mail address has no message in it.": (
        "Eine Anfrage an eine E-Mail-Adresse enthält keine Nachricht."
    ),
    "This is your own address.": "Das ist deine eigene Adresse.",
    "There is no such request.": "Diese Anfrage gibt es nicht.",
    "There is no such person.": "Diese Person gibt es nicht.",
    "There is no such contact.": "Diesen Kontakt gibt es nicht.",
    "You cannot block yourself.": "Du kannst dich nicht selbst blockieren.",
    "You cannot report yourself.": "Du kannst dich nicht selbst melden.",
    "Only people among your contacts can be reached. Add them by e-mail first.": "Schreiben kannst"
    " du nur deinen Kontakten. Füge sie erst mit ihrer E-Mail-Adresse hinzu.",
    "You cannot write to this person.": "Dieser Person kannst du nicht schreiben.",
}

GROUPS = {
    "There is no such conversation.": "Diese Unterhaltung gibt es nicht.",
    "There is no such member.": "Dieses Mitglied gibt es nicht.",
    "This group is full: it has {} members.": "Diese Gruppe ist voll: Sie hat {} Mitglieder.",
    "Only the owner and the admins of the group may do this.": "Das dürfen nur der Besitzer und die"
    " Admins der Gruppe.",
    "Only the owner of the group may do this to the owner or an admin.": "Das darf bei Besitzer"
    " oder Admins nur der Besitzer der Gruppe.",
    "Only the owner of the group may do this.": "Das darf nur der Besitzer der Gruppe.",
    "You own this group. Hand it over to another member before you leave.": "Die Gruppe gehört dir."
    " Übergib sie einem anderen Mitglied, bevor du sie verlässt.",
    "This invite is not valid any more. Ask whoever sent it for a new one.": "Diese Einladung gilt"
    " nicht mehr. Bitte um eine neue, wo du sie her hast.",
    "You were removed from this group. Only its admins can add you again.": "Du wurdest aus dieser"
    " Gruppe entfernt. Nur ihre Admins können dich wieder aufnehmen.",
    "The group has {} invites already. Revoke some of them.": "Die Gruppe hat schon {} Einladungen."
    " Widerrufe einige davon.",
    "There is no such invite.": "Diese Einladung gibt es nicht.",
}

MESSAGES = {
    "There is no such message.": "Diese Nachricht gibt es nicht.",
    "Only its author, or who runs the group, can delete a message.": "Löschen kann eine Nachricht"
    " nur, wer sie geschrieben hat oder die Gruppe verwaltet.",
    "This message was changed {} times. Write a new one.": "Diese Nachricht wurde schon {} Mal"
    " geändert. Schreib eine neue.",
    "A forwarded message says what somebody else said. Write a new one.": "In einer"
    " weitergeleiteten Nachricht spricht jemand anderes. Schreib eine neue.",
    "It is too late to change this message. Write a new one.": "Diese Nachricht lässt sich nicht"
    " mehr ändern. Schreib eine neue.",
    "Only its author can change a message.": "Eine Nachricht ändern kann nur, wer sie geschrieben"
    " hat.",
    "This message was deleted.": "Diese Nachricht wurde gelöscht.",
    "In a group of more than {} only those who run it can pin.": "In einer Gruppe mit mehr als {}"
    " Mitgliedern kann nur anheften, wer sie verwaltet.",
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

SENTENCES = PAGES | ERRORS | ACCOUNTS | FILES | PEOPLE | GROUPS | MESSAGES | NOTIFICATIONS | DIGEST
