"""Bots, in German."""

BOTS: dict[str, str] = {
    "There is no such bot.": "Diesen Bot gibt es nicht.",
    "Nobody owns this server yet. Say whose the bot is, with --owner.": (
        "Noch gehört dieser Server niemandem. Sage mit --owner, wessen Bot es ist."
    ),
    "This bot was deleted.": "Dieser Bot wurde gelöscht.",
    "You have {} bots already. Delete some of them.": (
        "Du hast schon {} Bots. Lösche einige davon."
    ),
    "This group has {} bots already. Remove one of them first.": (
        "Diese Gruppe hat schon {} Bots. Entferne zuerst einen davon."
    ),
    "A bot cannot run a group. Give this role to a person.": (
        "Ein Bot kann keine Gruppe verwalten. Gib diese Rolle einem Menschen."
    ),
    "Only bots receive events. Use the key of a bot.": (
        "Nur Bots empfangen Ereignisse. Benutze den Schlüssel eines Bots."
    ),
    "Only bots receive events. Make a bot, and give its key this scope.": (
        "Nur Bots empfangen Ereignisse. Lege einen Bot an, und gib seinem Schlüssel dieses Recht."
    ),
    "What happened since is not kept any more. Read what you need, and ask without 'after'.": (
        "Was seitdem geschah, ist nicht mehr da. Lies, was du brauchst, und frage ohne 'after'."
    ),
    "This bot waits for events {} times already. Wait once at a time.": (
        "Dieser Bot wartet schon {}-mal auf Ereignisse. Warte nur einmal zugleich."
    ),
    "is not a cursor of this server": "ist keine Marke dieses Servers",
    "names an event that does not exist": "nennt ein Ereignis, das es nicht gibt",
    "Only bots put buttons under messages. Use the key of a bot.": (
        "Nur Bots setzen Knöpfe unter Nachrichten. Benutze den Schlüssel eines Bots."
    ),
    "The buttons {}.": "Die Knöpfe {}.",
    "name an id twice": "nennen eine id zweimal",
    "may have {} characters together, as JSON": "dürfen zusammen {} Zeichen haben, als JSON",
    "need labels of 1 to {} visible characters": (
        "brauchen Aufschriften mit 1 bis {} sichtbaren Zeichen"
    ),
    "have either 'url' or 'value' and 'confirm'": (
        "haben entweder 'url' oder 'value' und 'confirm'"
    ),
    "may only lead to addresses that begin with https:// and have no spaces": (
        "dürfen nur zu Adressen führen, die mit https:// beginnen und keine Leerzeichen haben"
    ),
    "ask with 1 to {} visible characters": "fragen mit 1 bis {} sichtbaren Zeichen nach",
    "The filter of this group finds this. Say it in other words.": (
        "Der Filter dieser Gruppe findet das. Sag es mit anderen Worten."
    ),
    "The commands {}.": "Die Befehle {}.",
    "need names of 1 to {} of the characters a-z, 0-9, _ and -": (
        "brauchen Namen mit 1 bis {} der Zeichen a-z, 0-9, _ und -"
    ),
    "name one twice": "nennen einen zweimal",
    "need an 'about' of 1 to {} visible characters": (
        "brauchen ein 'about' mit 1 bis {} sichtbaren Zeichen"
    ),
    "may have a 'usage' of {} characters at most": "dürfen ein 'usage' mit höchstens {} Zeichen haben",
    "This address does not exist, or its 30 minutes are over. Post a message instead.": (
        "Diese Adresse gibt es nicht, oder ihre 30 Minuten sind vorbei. Schicke stattdessen eine "
        "Nachricht."
    ),
    "All {} answers were given. Post a message instead.": (
        "Alle {} Antworten sind gegeben. Schicke stattdessen eine Nachricht."
    ),
    "The bot is not in the conversation any more, or is switched off.": (
        "Der Bot ist nicht mehr in der Unterhaltung, oder er ist abgeschaltet."
    ),
    "The person is not in the conversation any more.": (
        "Die Person ist nicht mehr in der Unterhaltung."
    ),
    "There is no such bot in this conversation.": "In dieser Unterhaltung gibt es diesen Bot nicht.",
    "This bot is switched off. Ask whoever made it.": (
        "Dieser Bot ist abgeschaltet. Frag die Person, die ihn angelegt hat."
    ),
    "The bot has no such command now. Type / to see which there are.": (
        "Diesen Befehl hat der Bot gerade nicht. Tippe /, um zu sehen, welche es gibt."
    ),
    "The message has no such button now.": "Die Nachricht hat diesen Knopf gerade nicht.",
    "The button {}.": "Der Knopf {}.",
    "is a link: open it": "ist ein Link: Öffne ihn",
    "has nothing to change: a command has no message. Send 'text'": (
        "hat nichts zu ändern: Ein Befehl hat keine Nachricht. Schicke 'text'"
    ),
    "may only be links where 'only' is given: such an answer is not kept": (
        "dürfen mit 'only' nur Links sein: Eine solche Antwort wird nicht aufbewahrt"
    ),
    "The answer {}.": "Die Antwort {}.",
    "needs one of 'text', 'update' and 'notice'": (
        "braucht eines von 'text', 'update' und 'notice'"
    ),
}
