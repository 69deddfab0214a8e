"""Endpoints of bots, in German."""

ENDPOINTS: dict[str, str] = {
    "There is no such endpoint.": "Diesen Endpunkt gibt es nicht.",
    "There is no such delivery.": "Diese Zustellung gibt es nicht.",
    "This endpoint was deleted.": "Dieser Endpunkt wurde gelöscht.",
    "This bot has {} endpoints already. Delete one of them.": (
        "Dieser Bot hat schon {} Endpunkte. Lösche einen davon."
    ),
    "This endpoint is disabled. Enable it first.": (
        "Dieser Endpunkt ist abgeschaltet. Schalte ihn zuerst ein."
    ),
    "The server does not have this event any more.": "Dieses Ereignis hat der Server nicht mehr.",
    "The secret cannot be read, because the server's key has changed. Create a new secret.": (
        "Das Geheimnis ist nicht lesbar, weil der Server einen anderen Schlüssel hat. Gib dem "
        "Endpunkt ein neues."
    ),
    "must name at least one event": "muss mindestens ein Ereignis nennen",
    "names a conversation of which the bot is not a member": (
        "nennt eine Unterhaltung, in der der Bot nicht Mitglied ist"
    ),
    "must be an https:// address without a name or password in it": (
        "muss eine Adresse mit https:// sein, ohne Namen und Passwort darin"
    ),
    "must begin with https://, as events carry what people write": (
        "muss mit https:// beginnen, denn Ereignisse enthalten, was Menschen schreiben"
    ),
    (
        "leads to an address that is not public. The operator of the server can allow it, by"
        " ECHOSPHERE_ENDPOINT_NETWORKS"
    ): (
        "führt zu einer Adresse, die nicht öffentlich ist. Wer den Server betreibt, kann sie mit"
        " ECHOSPHERE_ENDPOINT_NETWORKS erlauben"
    ),
    "The endpoint {} of your bot {} answered that it no longer exists, and was disabled.": (
        "Der Endpunkt {} deines Bots {} sagt, dass es ihn nicht mehr gibt, und wurde abgeschaltet."
    ),
    "The endpoint {} of your bot {} failed for a day, and was disabled.": (
        "Der Endpunkt {} deines Bots {} war einen Tag lang nicht zu erreichen oder lehnte ab, und "
        "wurde abgeschaltet."
    ),
    (
        "The endpoint {} of your bot {} was disabled, because the server's secret key has changed."
        " Create a new secret."
    ): (
        "Der Endpunkt {} deines Bots {} wurde abgeschaltet, weil der geheime Schlüssel des Servers "
        "ein anderer ist. Gib ihm ein neues Geheimnis."
    ),
    "An endpoint was added that receives the events of one of your bots.": (
        "Für einen deiner Bots wurde eine Adresse eingerichtet, an die seine Ereignisse gehen."
    ),
    "The events of one of your bots are now sent to a different address.": (
        "Die Ereignisse eines deiner Bots gehen von jetzt an an eine andere Adresse."
    ),
}
