"""Endpoints of bots, in German."""

ENDPOINTS: dict[str, str] = {
    "Endpoint not found.": "Diesen Endpunkt gibt es nicht.",
    "Delivery not found.": "Diese Zustellung gibt es nicht.",
    "This endpoint was deleted.": "Dieser Endpunkt wurde gelöscht.",
    "This bot already has {} endpoints. Delete one first.": (
        "Dieser Bot hat schon {} Endpunkte. Lösche einen davon."
    ),
    "This endpoint is disabled. Enable it first.": (
        "Dieser Endpunkt ist abgeschaltet. Schalte ihn zuerst ein."
    ),
    "The server no longer has this event.": "Dieses Ereignis hat der Server nicht mehr.",
    "The secret cannot be read, because the server's key has changed. Create a new secret.": (
        "Das Geheimnis ist nicht lesbar, weil der Server einen anderen Schlüssel hat. Gib dem "
        "Endpunkt ein neues."
    ),
    "must name at least one event": "muss mindestens ein Ereignis nennen",
    "names a conversation that the bot is not a member of": (
        "nennt eine Unterhaltung, in der der Bot nicht Mitglied ist"
    ),
    "must be an https:// address without a user name or password": (
        "muss eine Adresse mit https:// sein, ohne Namen und Passwort darin"
    ),
    "must start with https://, because events contain people's messages": (
        "muss mit https:// beginnen, denn Ereignisse enthalten, was Menschen schreiben"
    ),
    "leads to an address that is not public. The server's operator can allow it with "
    "ECHOSPHERE_ENDPOINT_NETWORKS": (
        "führt zu einer Adresse, die nicht öffentlich ist. Wer den Server betreibt, kann sie mit "
        "ECHOSPHERE_ENDPOINT_NETWORKS erlauben"
    ),
    "The endpoint {} of your bot {} answered that it no longer exists, and was disabled.": (
        "Der Endpunkt {} deines Bots {} sagt, dass es ihn nicht mehr gibt, und wurde abgeschaltet."
    ),
    "The endpoint {} of your bot {} failed for a day, and was disabled.": (
        "Der Endpunkt {} deines Bots {} war einen Tag lang nicht zu erreichen oder lehnte ab, und "
        "wurde abgeschaltet."
    ),
    "The endpoint {} of your bot {} was disabled, because the server's secret key has changed. "
    "Create a new secret.": (
        "Der Endpunkt {} deines Bots {} wurde abgeschaltet, weil der geheime Schlüssel des "
        "Servers ein anderer ist. Gib ihm ein neues Geheimnis."
    ),
    "An endpoint was added that receives the events of one of your bots.": (
        "Für einen deiner Bots wurde eine Adresse eingerichtet, an die seine Ereignisse gehen."
    ),
    "The events of one of your bots are now sent to a different address.": (
        "Die Ereignisse eines deiner Bots gehen von jetzt an an eine andere Adresse."
    ),
}
