"""API keys, in German."""

API_KEYS: dict[str, str] = {
    "An API key cannot do this. Sign in instead.": (
        "Mit einem API-Schlüssel geht das nicht. Melde dich an."
    ),
    "Send an API key in the Authorization header: Bearer esb_…": (
        "Sende einen API-Schlüssel im Kopf Authorization: Bearer esb_…"
    ),
    "The API key lacks the scope {}.": "Dem API-Schlüssel fehlt das Recht {}.",
    "API key not found.": "Diesen API-Schlüssel gibt es nicht.",
    "This API key is not valid. It was mistyped, has expired or was revoked, or its bot is disabled.": (
        "Dieser API-Schlüssel gilt nicht. Er ist vertippt, abgelaufen oder widerrufen, oder sein Bot ist"
        " abgeschaltet."
    ),
    "This API key was revoked.": "Dieser API-Schlüssel wurde widerrufen.",
    "You already have {} API keys. Revoke some first.": (
        "Du hast schon {} API-Schlüssel. Widerrufe einige davon."
    ),
    "The name {}.": "Der Name {}.",
    "An API key was created that lets programs act for you.": (
        "Ein API-Schlüssel wurde angelegt, mit dem Programme für dich handeln."
    ),
}
