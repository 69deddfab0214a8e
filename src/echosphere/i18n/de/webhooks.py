"""Incoming webhooks, in German."""

WEBHOOKS: dict[str, str] = {
    "There is no such webhook.": "Diesen Webhook gibt es nicht.",
    "This webhook was revoked. Ask those who run the group for a new address.": (
        "Dieser Webhook wurde widerrufen. Eine neue Adresse geben die, die die Gruppe verwalten."
    ),
    "Whoever made this webhook may not use this server now. Have another admin make a new one.": (
        "Wer diesen Webhook angelegt hat, darf diesen Server zurzeit nicht benutzen. "
        "Jemand anderes aus der Verwaltung der Gruppe kann einen neuen anlegen."
    ),
    "The group has {} webhooks already. Revoke some of them.": (
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
    "The field 'file' has no file in it. With curl, write -F file=@PATH.": (
        "Das Feld 'file' enthält keine Datei. Mit curl schreibt man -F file=@PFAD."
    ),
    "Send files in the field 'file'.": "Sende Dateien im Feld 'file'.",
    "Send {} files at most with a message.": "Sende höchstens {} Dateien mit einer Nachricht.",
    "The fields beside the files have more bytes than are taken here.": (
        "Die Felder neben den Dateien sind größer, als hier erlaubt ist."
    ),
    "is not a file": "ist keine Datei",
    "is given too often": "kommt zu oft vor",
    "The body contains a NUL character.": "Der Inhalt enthält ein NUL-Zeichen.",
    "must be text of 1 to {} characters": "muss ein Text von 1 bis {} Zeichen sein",
}
