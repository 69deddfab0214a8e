"""What is refused of accounts, people, groups, messages and searches, in German."""

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
    "The password cannot be checked just now. Try again soon.": "Das Passwort kann gerade nicht"
    " geprüft werden. Versuche es bald noch einmal.",
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
    "Give an emoji or some words; null takes the status away.": "Gib ein Emoji oder ein paar Worte"
    " an; null nimmt den Status weg.",
    "There may be {} settings at most.": "Es darf höchstens {} Einstellungen geben.",
    "There is no such session.": "Diese Sitzung gibt es nicht.",
    "There is no such account.": "Dieses Konto gibt es nicht.",
    "There is no such subscription.": "Dieses Abonnement gibt es nicht.",
}

PEOPLE = {
    "New contact request": "Neue Kontaktanfrage",
    "accepted your request": "hat deine Anfrage angenommen",
    "accepted your invitation": "hat deine Einladung angenommen",
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
    "The title {}.": "Der Titel {}.",
    "The description {}.": "Die Beschreibung {}.",
    "must have 1 to {} visible characters": "muss 1 bis {} sichtbare Zeichen haben",
    "Choose fewer people: {}.": "Wähle weniger Personen: {}.",
    "a group has {} members at most": "Eine Gruppe hat höchstens {} Mitglieder",
    "Only a group has a title, a picture and members that change. Start a group instead.": "Nur eine"
    " Gruppe hat einen Titel, ein Bild und Mitglieder, die wechseln. Gründe stattdessen eine Gruppe.",
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
    "This person is banned from the group. Lift the ban first.": "Diese Person ist für die Gruppe"
    " gesperrt. Hebe die Sperre zuerst auf.",
    "There is no such held message.": "Diese zurückgehaltene Nachricht gibt es nicht.",
    "Only the owner and the admins of the group decide on held messages.": "Über zurückgehaltene"
    " Nachrichten entscheiden nur der Besitzer und die Verwaltung der Gruppe.",
    "This message was refused already.": "Diese Nachricht wurde schon abgelehnt.",
    "Only a group has a filter.": "Nur eine Gruppe hat einen Filter.",
    "{} of your messages wait in this group. Withdraw some of them.": "{} deiner Nachrichten warten"
    " in dieser Gruppe. Ziehe einige zurück.",
    "The reason {}.": "Der Grund {}.",
    "must not be empty": "darf nicht leer sein",
    "The filter {}.": "Der Filter {}.",
    "may have {} entries of 1 to {} characters": "darf {} Einträge mit 1 bis {} Zeichen haben",
    "Its author is not a member any more.": "Wer sie geschrieben hat, ist kein Mitglied mehr.",
    "Its files were given up meanwhile. Refuse it, so that its author knows.": "Ihre Dateien wurden"
    " inzwischen verworfen. Lehne sie ab, damit es erfährt, wer sie geschrieben hat.",
    "The filter of this group holds such a message. Write it there yourself.": "Der Filter dieser"
    " Gruppe hält eine solche Nachricht zurück. Schreibe sie dort selbst.",
    "There is no such ban.": "Diese Sperre gibt es nicht.",
    "You were removed from this group. Only its admins can add you again.": "Du wurdest aus dieser"
    " Gruppe entfernt. Nur ihre Admins können dich wieder aufnehmen.",
    "The group has {} invites already. Revoke some of them.": "Die Gruppe hat schon {} Einladungen."
    " Widerrufe einige davon.",
    "There is no such invite.": "Diese Einladung gibt es nicht.",
}

MESSAGES = {
    "The message {}.": "Die Nachricht {}.",
    "must not be empty without an attachment": "darf ohne Anhang nicht leer sein",
    "There is no such message of this person.": "Diese Nachricht gibt es von dieser Person nicht.",
    "This cannot be done with a system message.": "Mit einer Systemnachricht geht das nicht.",
    "is not a message of this conversation that can be replied to": "nennt keine Nachricht dieser"
    " Unterhaltung, auf die man antworten kann",
    "The list of targets {}.": "Die Liste der Ziele {}.",
    "names a conversation twice": "nennt eine Unterhaltung zweimal",
    "{} messages are pinned here. Unpin one of them first.": "Hier sind {} Nachrichten angeheftet."
    " Löse erst eine davon.",
    "The reaction {}.": "Die Reaktion {}.",
    "must be one emoji": "muss ein Emoji sein",
    "has {} different reactions, which is the most": "hat {} verschiedene Reaktionen; mehr geht nicht",
    "has {} reactions, which is the most": "hat {} Reaktionen; mehr geht nicht",
    "There is no such message.": "Diese Nachricht gibt es nicht.",
    "Only the owner and the admins post in this group.": "In dieser Gruppe schreiben nur der"
    " Besitzer und die Verwaltung.",
    "Only the owner and the admins react in this group.": "In dieser Gruppe reagieren nur der"
    " Besitzer und die Verwaltung.",
    "Slow mode is on in this group.": "In dieser Gruppe gilt der langsame Modus.",
    "Only the author or a group admin can delete a message.": "Löschen kann eine Nachricht"
    " nur, wer sie geschrieben hat oder die Gruppe verwaltet.",
    "This message was changed {} times. Write a new one.": "Diese Nachricht wurde schon {} Mal"
    " geändert. Schreib eine neue.",
    "You cannot edit a forwarded message. Write a new one.": "Eine weitergeleitete Nachricht lässt"
    " sich nicht ändern. Schreib eine neue.",
    "It is too late to undo this.": "Das lässt sich nicht mehr rückgängig machen.",
    "It is too late to change this message. Write a new one.": "Diese Nachricht lässt sich nicht"
    " mehr ändern. Schreib eine neue.",
    "Only the author can edit a message.": "Eine Nachricht ändern kann nur, wer sie geschrieben"
    " hat.",
    "This message was deleted.": "Diese Nachricht wurde gelöscht.",
    "In a group of more than {} members, only admins can pin messages.": "In einer Gruppe mit mehr"
    " als {} Mitgliedern kann nur anheften, wer sie verwaltet.",
}

SEARCH = {
    "The search {}.": "Die Suche {}.",
    "is empty: type a part of a word, or a filter such as 'has:image'": "ist leer: Gib einen Teil"
    " eines Wortes ein oder einen Filter wie 'has:image'",
    "is too short: type at least two characters of a word": "ist zu kurz: Gib mindestens zwei Zeichen"
    " eines Wortes ein",
    "may have {} words at most": "darf höchstens {} Wörter haben",
    "may name {} people and conversations at most": "darf höchstens {} Personen und Unterhaltungen"
    " nennen",
    "knows 'has:' only with link, image, file, audio or video": "kennt 'has:' nur mit link, image,"
    " file, audio oder video",
    "You know nobody called {}. Change what comes after 'from:'.": "Du kennst niemanden namens {}."
    " Ändere, was nach 'from:' steht.",
    "You have no conversation called {}. Change what comes after 'in:'.": "Du hast keine Unterhaltung"
    " namens {}. Ändere, was nach 'in:' steht.",
    "What comes after {} {}.": "Was nach {} steht, {}.",
    "must be a day such as 2026-01-31, or a time in milliseconds": "muss ein Tag wie 2026-01-31 sein"
    " oder eine Zeit in Millisekunden",
    "The cursor {}.": "Der Cursor {}.",
    "did not come from a search; search again without it": "kam nicht von einer Suche; suche ohne ihn"
    " noch einmal",
}
