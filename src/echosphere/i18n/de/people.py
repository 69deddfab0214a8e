"""What is refused of accounts, people, groups, messages and searches, in German."""

ACCOUNTS = {
    "A description can have up to {} characters.": "Eine Beschreibung darf höchstens {} Zeichen"
    " haben.",
    "A name can have up to {} characters.": "Ein Name darf höchstens {} Zeichen haben.",
    "Enter a name.": "Gib einen Namen ein.",
    "Enter an e-mail address such as ana@example.org.": "Gib eine E-Mail-Adresse wie"
    " ana@example.org ein.",
    "This e-mail address is too long.": "Das ist zu lang für eine E-Mail-Adresse.",
    "This name is reserved. Choose another one.": "Dieser Name ist vergeben. Nimm einen anderen.",
    "The password was just changed on another device.": "Das Passwort wurde eben auf einem"
    " anderen Gerät geändert.",
    "This is not your current password.": "Das ist nicht dein jetziges Passwort.",
    "Registration is closed on this server. Ask an administrator for an account.": (
        "Hier kann man sich nicht selbst registrieren. Bitte den Betreiber um ein Konto."
    ),
    "Too many people are signing in right now. Try again in a moment.": (
        "Gerade melden sich zu viele an. Versuche es bald noch einmal."
    ),
    "A password can be up to {} bytes long.": "Ein Passwort darf höchstens {} Bytes haben.",
    "The password cannot be checked right now. Try again in a moment.": (
        "Das Passwort kann gerade nicht geprüft werden. Versuche es bald noch einmal."
    ),
    "This password is too easy to guess. Use another one.": "Dieses Passwort wird als"
    " eines der ersten geraten. Nimm ein anderes.",
    "Use a password that does not contain your name or address.": "Nimm ein Passwort, in dem weder"
    " dein Name noch deine Adresse steht.",
    "Use at least {} characters.": "Nimm mindestens {} Zeichen.",
    "The address or password is wrong.": "Die Adresse oder das Passwort ist falsch.",
    "Too many failed attempts.": "Es gab zu viele Fehlversuche.",
    "An account with this address already exists. Sign in instead.": "Mit dieser Adresse gibt es"
    " schon ein Konto. Melde dich damit an.",
    "A status can have up to {} characters.": "Ein Status darf höchstens {} Zeichen haben.",
    "The status must end in the future.": "Wähle für das Ende des Status einen"
    " Zeitpunkt, der noch kommt.",
    "Choose an earlier end for the status, or none.": "Wähle ein früheres Ende des Status oder"
    " keines.",
    "Choose one emoji.": "Wähle ein Emoji.",
    "Give an emoji or some words. Use null to clear the status.": (
        "Gib ein Emoji oder ein paar Worte an; null nimmt den Status weg."
    ),
    "There can be up to {} settings.": "Es darf höchstens {} Einstellungen geben.",
    "Session not found.": "Diese Sitzung gibt es nicht.",
    "Account not found.": "Dieses Konto gibt es nicht.",
    "Subscription not found.": "Dieses Abonnement gibt es nicht.",
}

PEOPLE = {
    "New contact request": "Neue Kontaktanfrage",
    "accepted your request": "hat deine Anfrage angenommen",
    "accepted your invitation": "hat deine Einladung angenommen",
    "%(name)s invites you": "%(name)s lädt dich ein",
    "%(name)s invites you to talk here.": "%(name)s lädt dich ein, hier zu schreiben.",
    "Start talking": "Loslegen",
    "Create an account and start talking": "Konto erstellen und loslegen",
    "This is your own invitation. Send it to someone else.": (
        "Das ist deine eigene Einladung. Schick sie jemand anderem."
    ),
    "You already have {} invitations. Revoke some first.": (
        "Du hast schon {} Einladungen. Widerrufe einige davon."
    ),
    "You cannot send a request to yourself.": "Du kannst dir selbst keine Anfrage senden.",
    "Give either an e-mail address or a person.": (
        "Gib entweder eine E-Mail-Adresse oder eine Person an."
    ),
    "A request to an e-mail address cannot include a message.": (
        "Eine Anfrage an eine E-Mail-Adresse enthält keine Nachricht."
    ),
    "This is your own address.": "Das ist deine eigene Adresse.",
    "Request not found.": "Diese Anfrage gibt es nicht.",
    "Person not found.": "Diese Person gibt es nicht.",
    "Contact not found.": "Diesen Kontakt gibt es nicht.",
    "You cannot block yourself.": "Du kannst dich nicht selbst blockieren.",
    "You cannot report yourself.": "Du kannst dich nicht selbst melden.",
    "You can only message your contacts. Add this person by e-mail first.": "Schreiben kannst"
    " du nur deinen Kontakten. Füge sie erst mit ihrer E-Mail-Adresse hinzu.",
    "You cannot write to this person.": "Dieser Person kannst du nicht schreiben.",
}

GROUPS = {
    "The title {}.": "Der Titel {}.",
    "The description {}.": "Die Beschreibung {}.",
    "must have 1 to {} visible characters": "muss 1 bis {} sichtbare Zeichen haben",
    "Choose fewer people: {}.": "Wähle weniger Personen: {}.",
    "a group can have up to {} members": "Eine Gruppe hat höchstens {} Mitglieder",
    "Only groups have a title, a picture and changing members. Start a group instead.": "Nur eine"
    " Gruppe hat einen Titel, ein Bild und Mitglieder, die wechseln. Gründe stattdessen eine Gruppe.",
    "Conversation not found.": "Diese Unterhaltung gibt es nicht.",
    "Member not found.": "Dieses Mitglied gibt es nicht.",
    "This group is full: it has {} members.": "Diese Gruppe ist voll: Sie hat {} Mitglieder.",
    "Only the group's owner and admins can do this.": "Das dürfen nur der Besitzer und die"
    " Admins der Gruppe.",
    "Only the group's owner can do this to the owner or an admin.": "Das darf bei Besitzer"
    " oder Admins nur der Besitzer der Gruppe.",
    "Only the group's owner can do this.": "Das darf nur der Besitzer der Gruppe.",
    "You own this group. Hand it over to another member before you leave.": "Die Gruppe gehört dir."
    " Übergib sie einem anderen Mitglied, bevor du sie verlässt.",
    "This invitation is no longer valid. Ask the person who sent it for a new one.": (
        "Diese Einladung gilt nicht mehr. Bitte um eine neue, wo du sie her hast."
    ),
    "This person is banned from the group. Unban them first.": "Diese Person ist für die Gruppe"
    " gesperrt. Hebe die Sperre zuerst auf.",
    "Held message not found.": "Diese zurückgehaltene Nachricht gibt es nicht.",
    "Only the group's owner and admins can review held messages.": "Über zurückgehaltene"
    " Nachrichten entscheiden nur der Besitzer und die Verwaltung der Gruppe.",
    "This message has already been rejected.": "Diese Nachricht wurde schon abgelehnt.",
    "Only groups have a word filter.": "Nur eine Gruppe hat einen Filter.",
    "{} of your messages are already held in this group. Withdraw some first.": (
        "{} deiner Nachrichten warten in dieser Gruppe. Ziehe einige zurück."
    ),
    "The reason {}.": "Der Grund {}.",
    "must not be empty": "darf nicht leer sein",
    "The filter {}.": "Der Filter {}.",
    "can have up to {} entries of 1 to {} characters": (
        "darf {} Einträge mit 1 bis {} Zeichen haben"
    ),
    "The author is no longer a member.": "Wer sie geschrieben hat, ist kein Mitglied mehr.",
    "Its files no longer exist. Reject it, so that the author knows.": "Ihre Dateien wurden"
    " inzwischen verworfen. Lehne sie ab, damit es erfährt, wer sie geschrieben hat.",
    "The word filter of this group holds this message. Write it there yourself.": (
        "Der Filter dieser Gruppe hält eine solche Nachricht zurück. Schreibe sie dort selbst."
    ),
    "Ban not found.": "Diese Sperre gibt es nicht.",
    "You were removed from this group. Only its admins can add you again.": "Du wurdest aus dieser"
    " Gruppe entfernt. Nur ihre Admins können dich wieder aufnehmen.",
    "The group already has {} invitations. Revoke some first.": (
        "Die Gruppe hat schon {} Einladungen. Widerrufe einige davon."
    ),
    "Invitation not found.": "Diese Einladung gibt es nicht.",
}

MESSAGES = {
    "The message {}.": "Die Nachricht {}.",
    "must not be empty unless it has an attachment": "darf ohne Anhang nicht leer sein",
    "This person did not write that message.": "Diese Nachricht gibt es von dieser Person nicht.",
    "This cannot be done with a system message.": "Mit einer Systemnachricht geht das nicht.",
    "is not a message in this conversation that can be replied to": "nennt keine Nachricht dieser"
    " Unterhaltung, auf die man antworten kann",
    "The list of targets {}.": "Die Liste der Ziele {}.",
    "names a conversation twice": "nennt eine Unterhaltung zweimal",
    "{} messages are already pinned here. Unpin one first.": "Hier sind {} Nachrichten angeheftet."
    " Löse erst eine davon.",
    "The reaction {}.": "Die Reaktion {}.",
    "must be one emoji": "muss ein Emoji sein",
    "already has {} different reactions, the maximum": (
        "hat {} verschiedene Reaktionen; mehr geht nicht"
    ),
    "already has {} reactions, the maximum": "hat {} Reaktionen; mehr geht nicht",
    "Message not found.": "Diese Nachricht gibt es nicht.",
    "Only the owner and admins can write in this group.": "In dieser Gruppe schreiben nur der"
    " Besitzer und die Verwaltung.",
    "Only the owner and admins can react in this group.": "In dieser Gruppe reagieren nur der"
    " Besitzer und die Verwaltung.",
    "Slow mode is on in this group.": "In dieser Gruppe gilt der langsame Modus.",
    "Only the author or a group admin can delete a message.": "Löschen kann eine Nachricht"
    " nur, wer sie geschrieben hat oder die Gruppe verwaltet.",
    "This message has already been edited {} times. Write a new one.": (
        "Diese Nachricht wurde schon {} Mal geändert. Schreib eine neue."
    ),
    "You cannot edit a forwarded message. Write a new one.": "Eine weitergeleitete Nachricht lässt"
    " sich nicht ändern. Schreib eine neue.",
    "It is too late to undo this.": "Das lässt sich nicht mehr rückgängig machen.",
    "It is too late to edit this message. Write a new one.": "Diese Nachricht lässt sich nicht"
    " mehr ändern. Schreib eine neue.",
    "Only the author can edit a message.": "Eine Nachricht ändern kann nur, wer sie geschrieben"
    " hat.",
    "This message was deleted.": "Diese Nachricht wurde gelöscht.",
    "In groups with more than {} members, only admins can pin messages.": "In einer Gruppe mit mehr"
    " als {} Mitgliedern kann nur anheften, wer sie verwaltet.",
}

SEARCH = {
    "The search {}.": "Die Suche {}.",
    "is empty: enter part of a word, or a filter such as 'has:image'": "ist leer: Gib einen Teil"
    " eines Wortes ein oder einen Filter wie 'has:image'",
    "is too short: enter at least two characters of a word": (
        "ist zu kurz: Gib mindestens zwei Zeichen eines Wortes ein"
    ),
    "can have up to {} words": "darf höchstens {} Wörter haben",
    "can name up to {} people and conversations": "darf höchstens {} Personen und Unterhaltungen"
    " nennen",
    "accepts 'has:' only with link, image, file, audio or video": (
        "kennt 'has:' nur mit link, image, file, audio oder video"
    ),
    "You know no one called {}. Change the name after 'from:'.": "Du kennst niemanden namens {}."
    " Ändere, was nach 'from:' steht.",
    "You have no conversation called {}. Change the name after 'in:'.": "Du hast keine Unterhaltung"
    " namens {}. Ändere, was nach 'in:' steht.",
    "The value after {} {}.": "Was nach {} steht, {}.",
    "must be a day such as 2026-01-31, or a time in milliseconds": "muss ein Tag wie 2026-01-31 sein"
    " oder eine Zeit in Millisekunden",
    "The cursor {}.": "Der Cursor {}.",
    "did not come from a search; search again without it": "kam nicht von einer Suche; suche ohne ihn"
    " noch einmal",
}
