"""What is refused of any request, and of files, in German."""

ERRORS = {
    "Invalid request": "Ungültige Anfrage",
    "Not signed in": "Nicht angemeldet",
    "Not allowed": "Nicht erlaubt",
    "Not found": "Nicht gefunden",
    "Out of space": "Kein Platz",
    "Your files can use up to {} GiB here. Delete some, then try again.": "Deine Dateien dürfen"
    " hier {} GiB belegen. Lösche einige davon und versuche es dann noch einmal.",
    "Your files can use up to {} MiB here. Delete some, then try again.": "Deine Dateien dürfen"
    " hier {} MiB belegen. Lösche einige davon und versuche es dann noch einmal.",
    "The person who created this program can use up to {} GiB for files here, including the "
    "program's. They must delete some first.": "Die Dateien der Person, die dieses Programm angelegt hat, dürfen hier samt"
    " seinen eigenen {} GiB belegen. Sie muss einige löschen.",
    "The person who created this program can use up to {} MiB for files here, including the "
    "program's. They must delete some first.": "Die Dateien der Person, die dieses Programm angelegt hat, dürfen hier samt"
    " seinen eigenen {} MiB belegen. Sie muss einige löschen.",
    "This server is out of space for files. Contact an administrator.": (
        "Dieser Server hat keinen Platz für weitere Dateien. Frag, wer ihn betreibt."
    ),
    "Conflict": "Widerspruch",
    "Gone": "Nicht mehr da",
    "Too large": "Zu groß",
    "Too many requests": "Zu viele Anfragen",
    "Temporarily unavailable": "Gerade nicht verfügbar",
    "Internal error": "Fehler im Server",
    "Something went wrong on the server. The error was logged. Try again.": "Im Server ist etwas"
    " schiefgegangen. Es wurde festgehalten; versuche es noch einmal.",
    "Something went wrong on the server. The error was logged.": (
        "Im Server ist etwas schiefgegangen. Es wurde festgehalten."
    ),
    "The address is too long.": "Die Adresse ist zu lang.",
    "The request is malformed.": "Die Anfrage war nicht zu verstehen.",
    "The request is too large.": "Die Anfrage ist größer, als hier erlaubt ist.",
    "The request took too long to arrive. Send it again.": "Die Anfrage kam zu langsam an. Sende"
    " sie noch einmal.",
    "The server is busy. Try again in a moment.": "Der Server ist gerade voll. Versuche es bald"
    " noch einmal.",
    "The client has not been built.": "Die Oberfläche wurde nicht gebaut.",
    "Not found.": "Das gibt es nicht.",
    "Page not found.": "Diese Seite gibt es nicht.",
    "File not found.": "Diese Datei gibt es nicht.",
    "There is nothing at this address. Check it, or go back to the start page.": (
        "Unter dieser Adresse ist nichts. Prüfe sie, oder geh zurück zum Anfang."
    ),
    "Too many requests.": "Das war zu oft.",
    "Try again in {} seconds.": "Versuche es in {} Sekunden noch einmal.",
    "Try again in {} minutes.": "Versuche es in {} Minuten noch einmal.",
    "Too many accounts were created from your network.": (
        "Von hier aus wurden zu viele Konten angelegt."
    ),
    "Sign in first.": "Melde dich erst an.",
    "The server is stopping. Try again in a moment.": "Der Server wird gerade beendet. Versuche es"
    " gleich noch einmal.",
    "The server was interrupted. Try again.": "Der Server wurde unterbrochen. Versuche es noch einmal.",
    "The server is being replaced by another version. Try again in a moment.": "Der Server wird"
    " gerade durch eine andere Version ersetzt. Versuche es gleich noch einmal.",
    "The database is not responding. Try again in a moment.": (
        "Die Datenbank antwortet nicht. Versuche es bald noch einmal."
    ),
    "The storage is not responding. Try again in a moment.": (
        "Der Speicher antwortet nicht. Versuche es bald noch einmal."
    ),
}

FIELDS = {
    "The field {} {}.": "Das Feld {} {}.",
    "The field 'reply_to' {}.": "Das Feld 'reply_to' {}.",
    "The field {} was refused: {}.": "Das Feld {} wurde abgelehnt: {}.",
    "must have at most {} characters": "darf höchstens {} Zeichen haben",
    "must have at least {} characters": "muss mindestens {} Zeichen haben",
    "must have at most {} entries": "darf höchstens {} Einträge haben",
    "must have at least {} entries": "muss mindestens {} Einträge haben",
    "must be at most {}": "darf höchstens {} sein",
    "must be at least {}": "muss mindestens {} sein",
    "must have 8 to 64 letters, digits, hyphens or underscores": (
        "muss aus 8 bis 64 Buchstaben, Ziffern, Binde- oder Unterstrichen bestehen"
    ),
    "is missing": "fehlt",
    "is empty": "ist leer",
    "is unknown": "ist hier nicht bekannt",
    "is given more than once": "steht mehr als einmal da",
    "contains a NUL character": "enthält ein NUL-Zeichen",
    "is not a time zone such as Europe/Berlin": "ist keine Zeitzone wie Europe/Berlin",
    "belongs to another kind of conversation": "gehört zu einer anderen Art von Unterhaltung",
    "is required too, because a message is identified by its conversation and number": "ist auch"
    " nötig, denn eine Nachricht findet man an ihrer Unterhaltung und ihrer Nummer",
    "must be a JSON object that maps conversations to versions": (
        "muss ein JSON-Objekt aus Unterhaltungen und Versionen sein"
    ),
    "'users' {}.": "'users' {}.",
    "must be at most {} user ids, separated by commas": "müssen höchstens {} Kennungen von"
    " Personen sein, durch Kommas getrennt",
    "Give only one of 'before', 'after' and 'around'.": "Gib nur eines von 'before', 'after'"
    " und 'around' an, nicht mehrere.",
    "The endpoint {}.": "Der Endpunkt {}.",
    "must be the https:// address of a push service": "muss die https://-Adresse eines Push-Dienstes"
    " sein",
    "The key 'p256dh' {}.": "Der Schlüssel 'p256dh' {}.",
    "must be an uncompressed point of P-256 in base64url": "muss ein unkomprimierter Punkt von P-256"
    " in base64url sein",
    "The key 'auth' {}.": "Der Schlüssel 'auth' {}.",
    "must be {} bytes in base64url": "muss aus {} Bytes in base64url bestehen",
    "Send the body as JSON, with the content type application/json.": "Sende den Inhalt als JSON, mit"
    " dem Inhaltstyp application/json.",
    "The body can be up to {} bytes.": "Der Inhalt darf höchstens {} Bytes haben.",
    "The body is not valid JSON.": "Der Inhalt ist kein gültiges JSON.",
    "This page was opened at an address other than {}, the address of this server. Open it "
    "there. The operator can change the address with ECHOSPHERE_BASE_URL.": "Diese Seite wurde unter einer anderen"
    " Adresse geöffnet als {}, der dieses Servers. Öffne jene. Wer den Server betreibt, ändert sie mit"
    " ECHOSPHERE_BASE_URL.",
    "The request's origin is not a page of this server. Programs must use a bearer token "
    "instead of the cookie.": "Die Anfrage nennt keine Seite dieses Servers als ihren Ursprung. Programme"
    " nehmen statt des Cookies ein Bearer-Token.",
    "This method is not allowed here. The Allow header lists the allowed methods.": (
        "Diese Adresse nimmt diese Methode nicht an. Der Header Allow nennt die, die sie annimmt."
    ),
    "This content type is not accepted here.": "Diese Art von Inhalt wird hier nicht angenommen.",
}

FILES = {
    "Attachment not found.": "Diesen Anhang gibt es nicht.",
    "This attachment has no thumbnail.": "Zu diesem Anhang gibt es kein Vorschaubild.",
    "Picture not found.": "Dieses Bild gibt es nicht.",
    "The group has no picture.": "Die Gruppe hat kein Bild.",
    "The file {}. Send a JPEG, PNG, GIF, WebP or AVIF.": "Die Datei {}. Sende ein JPEG, PNG, GIF,"
    " WebP oder AVIF.",
    "is not a readable picture": "ist kein Bild, das sich lesen lässt",
    "A message uses this file. Delete the message instead.": "Diese Datei gehört zu einer Nachricht."
    " Lösche stattdessen die Nachricht.",
    "The list of attachments {}.": "Die Liste der Anhänge {}.",
    "has more than {} files": "hat mehr als {} Dateien",
    "names a file twice": "nennt eine Datei zweimal",
    "names a file that you did not upload or have already used": (
        "nennt eine Datei, die du nicht hochgeladen oder schon gesendet hast"
    ),
    "Too many files are arriving right now. Try again in a moment.": (
        "Gerade kommen zu viele Dateien an. Versuche es bald noch einmal."
    ),
    "Send the file as multipart/form-data, in the field 'file'.": "Sende die Datei als"
    " multipart/form-data, im Feld 'file'.",
    "Send one file in the field 'file'.": "Sende eine Datei im Feld 'file'.",
    "Send one file at a time.": "Sende eine Datei nach der anderen.",
    "The form's headers are not text in UTF-8.": "Die Kopfzeilen des Formulars sind kein Text in"
    " UTF-8.",
    "The form's parts or headers are too long.": "Teile oder Kopfzeilen des Formulars sind zu lang.",
    "The body is not a complete multipart form.": "Der Inhalt ist kein vollständiges Formular.",
    "The form continues after its end.": "Das Formular geht nach seinem Ende weiter.",
    "Too many uploaded files are waiting for a message. Send or remove some first.": "Zu viele"
    " hochgeladene Dateien warten auf eine Nachricht. Sende oder entferne erst einige davon.",
    "The file cannot be checked right now. Try again in a moment.": (
        "Die Datei kann gerade nicht geprüft werden. Versuche es bald noch einmal."
    ),
    "A file can be up to {} MiB.": "Eine Datei darf höchstens {} MiB haben.",
    "The file arrived too slowly. Try again.": "Die Datei kam zu langsam an. Versuche es noch"
    " einmal.",
    "The file is empty.": "Die Datei ist leer.",
    "The animation is too long: {} frames.": "Die Animation ist zu lang: {} Bilder.",
    "This file may reveal where, when and with what device it was made, and that cannot be "
    "removed.": (
        "Diese Datei verrät vielleicht, wo, wann und womit sie entstanden ist, und das lässt "
        "sich nicht entfernen."
    ),
    "is required for this file": "ist für diese Datei nötig",
    "The image has a side longer than {} pixels.": (
        "Das Bild hat eine Seite von mehr als {} Pixeln."
    ),
    "The image has more than {} megapixels.": "Das Bild hat mehr als {} Megapixel.",
    "The file storage is not responding. Try again in a moment.": (
        "Der Dateispeicher antwortet nicht. Versuche es bald noch einmal."
    ),
    "The server's disk is nearly full, so files cannot be sent. Messages still can.": "Der"
    " Speicherplatz des Servers ist fast voll, darum können keine Dateien gesendet werden."
    " Nachrichten schon.",
    "The file cannot be stored right now.": "Die Datei kann gerade nicht gespeichert werden.",
    "Too many uploads at once. Wait for one to finish.": "Zu viele Dateien auf einmal. Warte, bis"
    " eine fertig ist.",
    "Another picture of yours is being uploaded. Wait for it to finish.": (
        "Ein anderes Bild von dir ist noch unterwegs. Warte darauf."
    ),
    "The picture cannot be stored right now.": "Das Bild kann gerade nicht gespeichert werden.",
}
