"""Bots, in German."""

BOTS: dict[str, str] = {
    "Bot not found.": "Diesen Bot gibt es nicht.",
    "This server has no owner yet. Name the owner of the bot with --owner.": (
        "Noch gehört dieser Server niemandem. Sage mit --owner, wessen Bot es ist."
    ),
    "This bot was deleted.": "Dieser Bot wurde gelöscht.",
    "You already have {} bots. Delete some first.": ("Du hast schon {} Bots. Lösche einige davon."),
    "This group already has {} bots. Remove one first.": (
        "Diese Gruppe hat schon {} Bots. Entferne zuerst einen davon."
    ),
    "A bot cannot manage a group. Give this role to a person.": (
        "Ein Bot kann keine Gruppe verwalten. Gib diese Rolle einem Menschen."
    ),
    "Only bots receive events. Use a bot's key.": (
        "Nur Bots empfangen Ereignisse. Benutze den Schlüssel eines Bots."
    ),
    "Only bots receive events. Create a bot and give its key this scope.": (
        "Nur Bots empfangen Ereignisse. Lege einen Bot an, und gib seinem Schlüssel dieses Recht."
    ),
    "The events since then are no longer stored. Read what you need, then ask without 'after'.": (
        "Was seitdem geschah, ist nicht mehr da. Lies, was du brauchst, und frage ohne 'after'."
    ),
    "This bot is already waiting for events {} times. Send one request at a time.": (
        "Dieser Bot wartet schon {}-mal auf Ereignisse. Warte nur einmal zugleich."
    ),
    "is not a cursor from this server": "ist keine Marke dieses Servers",
    "names an event that does not exist": "nennt ein Ereignis, das es nicht gibt",
    "Only bots can add buttons to messages. Use a bot's key.": (
        "Nur Bots setzen Knöpfe unter Nachrichten. Benutze den Schlüssel eines Bots."
    ),
    "The buttons {}.": "Die Knöpfe {}.",
    "use an id twice": "nennen eine id zweimal",
    "must have at most {} characters in total, as JSON": (
        "dürfen zusammen {} Zeichen haben, als JSON"
    ),
    "must have labels of 1 to {} visible characters": (
        "brauchen Aufschriften mit 1 bis {} sichtbaren Zeichen"
    ),
    "must have either 'url', or 'value' and 'confirm'": (
        "haben entweder 'url' oder 'value' und 'confirm'"
    ),
    "can only lead to addresses that start with https:// and contain no spaces": (
        "dürfen nur zu Adressen führen, die mit https:// beginnen und keine Leerzeichen haben"
    ),
    "can have a 'confirm' of 1 to {} visible characters": (
        "fragen mit 1 bis {} sichtbaren Zeichen nach"
    ),
    "The word filter of this group matched this text. Rephrase it.": (
        "Der Filter dieser Gruppe findet das. Sag es mit anderen Worten."
    ),
    "The commands {}.": "Die Befehle {}.",
    "must have names of 1 to {} characters from a-z, 0-9, _ and -": (
        "brauchen Namen mit 1 bis {} der Zeichen a-z, 0-9, _ und -"
    ),
    "include a name twice": "nennen einen zweimal",
    "must have an 'about' of 1 to {} visible characters": (
        "brauchen ein 'about' mit 1 bis {} sichtbaren Zeichen"
    ),
    "can have a 'usage' of up to {} characters": (
        "dürfen ein 'usage' mit höchstens {} Zeichen haben"
    ),
    "This address does not exist, or its 30 minutes have passed. Post a message instead.": (
        "Diese Adresse gibt es nicht, oder ihre 30 Minuten sind vorbei. Schicke stattdessen eine "
        "Nachricht."
    ),
    "All {} answers have been used. Post a message instead.": (
        "Alle {} Antworten sind gegeben. Schicke stattdessen eine Nachricht."
    ),
    "The bot is no longer in the conversation, or it is disabled.": (
        "Der Bot ist nicht mehr in der Unterhaltung, oder er ist abgeschaltet."
    ),
    "The person is no longer in the conversation.": (
        "Die Person ist nicht mehr in der Unterhaltung."
    ),
    "This bot is not in this conversation.": "In dieser Unterhaltung gibt es diesen Bot nicht.",
    "This bot is disabled. Ask its owner.": (
        "Dieser Bot ist abgeschaltet. Frag die Person, die ihn angelegt hat."
    ),
    "The bot does not have this command. Type / to see its commands.": (
        "Diesen Befehl hat der Bot gerade nicht. Tippe /, um zu sehen, welche es gibt."
    ),
    "The message no longer has this button.": "Die Nachricht hat diesen Knopf gerade nicht.",
    "The button {}.": "Der Knopf {}.",
    "is a link: open it": "ist ein Link: Öffne ihn",
    "cannot change anything, because a command has no message. Send 'text'": (
        "hat nichts zu ändern: Ein Befehl hat keine Nachricht. Schicke 'text'"
    ),
    "can only be links when 'only' is given, because that answer is not stored": (
        "dürfen mit 'only' nur Links sein: Eine solche Antwort wird nicht aufbewahrt"
    ),
    "The answer {}.": "Die Antwort {}.",
    "needs one of 'text', 'update' or 'notice'": (
        "braucht eines von 'text', 'update' und 'notice'"
    ),
}
