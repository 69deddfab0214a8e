"""Incoming webhooks, in German."""

WEBHOOKS: dict[str, str] = {
    "Webhook not found.": "Diesen Webhook gibt es nicht.",
    "This webhook was revoked. Ask the group's owner or admins for a new one.": (
        "Dieser Webhook wurde widerrufen. Eine neue Adresse geben die, die die Gruppe verwalten."
    ),
    "The person who created this webhook cannot use this server at the moment. Ask another "
    "admin to create a new one.": (
        "Wer diesen Webhook angelegt hat, darf diesen Server zurzeit nicht benutzen. Jemand "
        "anderes aus der Verwaltung der Gruppe kann einen neuen anlegen."
    ),
    "The group already has {} webhooks. Revoke some first.": (
        "Die Gruppe hat schon {} Webhooks. Widerrufe einige davon."
    ),
    "The body has no text. Send it as the field text, in JSON or in a form.": (
        "Der Inhalt hat keinen Text. Sende ihn im Feld text, als JSON oder als Formular."
    ),
    "The body must be a JSON object.": "Der Inhalt muss ein JSON-Objekt sein.",
    "The body is not text in UTF-8.": "Der Inhalt ist kein Text in UTF-8.",
    "Send JSON, a form, or plain text; files as multipart/form-data.": (
        "Sende JSON, ein Formular oder reinen Text; Dateien als multipart/form-data."
    ),
    "The field 'file' contains no file. With curl, use -F file=@PATH.": (
        "Das Feld 'file' enthält keine Datei. Mit curl schreibt man -F file=@PFAD."
    ),
    "Send files in the field 'file'.": "Sende Dateien im Feld 'file'.",
    "Send at most {} files with a message.": "Sende höchstens {} Dateien mit einer Nachricht.",
    "The fields sent with the files are too large.": (
        "Die Felder neben den Dateien sind größer, als hier erlaubt ist."
    ),
    "is not a file": "ist keine Datei",
    "is given too many times": "kommt zu oft vor",
    "The body contains a NUL character.": "Der Inhalt enthält ein NUL-Zeichen.",
    "must be text of 1 to {} characters": "muss ein Text von 1 bis {} Zeichen sein",
}
