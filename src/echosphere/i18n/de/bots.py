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
}
