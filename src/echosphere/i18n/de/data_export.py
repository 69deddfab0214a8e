"""The download of one's own data, in German."""

DATA_EXPORT = {
    "This download does not exist or has expired.": "Diesen Download gibt es nicht, oder seine Zeit"
    " ist um.",
    "Your data is too large to download from this server. Ask an administrator for it.": "Deine"
    " Daten sind größer, als Downloads auf diesem Server sein dürfen. Wende dich an die Verwaltung.",
    "The server does not have enough space for a download of your data right now. Try again "
    "later.": (
        "Der Server hat gerade keinen Platz für einen Download deiner Daten. Versuche es später "
        "noch einmal."
    ),
    "Pages": "Seiten",
    "All conversations": "Alle Unterhaltungen",
    "All pages": "Alle Seiten",
    "Earlier messages": "Frühere Nachrichten",
    "Later messages": "Spätere Nachrichten",
    "There are no messages.": "Es gibt keine Nachrichten.",
    "This message was deleted.": "Diese Nachricht wurde gelöscht.",
    "sent by a program": "von einem Programm geschrieben",
    "forwarded": "weitergeleitet",
    "edited": "bearbeitet",
    "reply to message": "Antwort auf Nachricht",
    "The file is no longer available.": "Die Datei ist nicht mehr da.",
    "yes": "ja",
    "no": "nein",
    "Notes": "Notizen",
    "Account": "Konto",
    "Conversations": "Unterhaltungen",
    "Created for": "Erstellt für",
    "Your data from EchoSphere": "Deine Daten aus EchoSphere",
    "Everything is included twice: as pages to read, and as JSON for programs. SHA256SUMS contains the hashes of all files.": "Alles ist zweimal da: als Seiten zum Lesen und als JSON für Programme. SHA256SUMS"
    " enthält die Prüfsummen aller Dateien.",
    "Profile and settings": "Profil und Einstellungen",
    "Contacts": "Kontakte",
    "Contact requests": "Kontaktanfragen",
    "Contact requests you sent": "Kontaktanfragen von dir",
    "Blocked people": "Blockierte Personen",
    "Devices": "Geräte",
    "Account security": "Sicherheit des Kontos",
    "Second factor": "Zweiter Faktor",
    "Sign-in services": "Anmeldedienste",
    "Reports you made": "Meldungen von dir",
    "Decisions about you": "Entscheidungen über dich",
    "Administrators' actions on your account": "Was die Verwaltung mit deinem Konto getan hat",
    "Invitations": "Einladungen",
    "API keys": "API-Schlüssel",
    "Bots": "Bots",
    "Invitations to the server": "Einladungen auf den Server",
    "%(actor)s created this conversation": "%(actor)s hat diese Unterhaltung begonnen",
    "%(actor)s added %(user)s": "%(actor)s hat %(user)s hinzugefügt",
    "%(actor)s joined": "%(actor)s ist beigetreten",
    "%(actor)s left": "%(actor)s hat die Gruppe verlassen",
    "%(actor)s removed %(user)s": "%(actor)s hat %(user)s entfernt",
    "%(actor)s changed the role of %(user)s": "%(actor)s hat die Rolle von %(user)s geändert",
    "%(actor)s changed the title": "%(actor)s hat den Titel geändert",
    "%(actor)s changed the description": "%(actor)s hat die Beschreibung geändert",
    "%(actor)s changed the picture": "%(actor)s hat das Bild geändert",
    "%(actor)s added the webhook %(user)s": "%(actor)s hat den Webhook %(user)s angelegt",
    "%(actor)s revoked the webhook %(user)s": "%(actor)s hat den Webhook %(user)s widerrufen",
    "%(actor)s pinned a message": "%(actor)s hat eine Nachricht angeheftet",
    "%(actor)s changed the rules of the conversation": "%(actor)s hat die Regeln der Unterhaltung"
    " geändert",
}
