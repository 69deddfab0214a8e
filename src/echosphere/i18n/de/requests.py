"""What is refused of any request, and of files, in German."""

ERRORS = {
    "Invalid request": "Ungültige Anfrage",
    "Not signed in": "Nicht angemeldet",
    "Not allowed": "Nicht erlaubt",
    "Not found": "Nicht gefunden",
    "No room": "Kein Platz",
    "Your files may take up {} GiB here. Delete some of them, then try again.": "Deine Dateien dürfen"
    " hier {} GiB belegen. Lösche einige davon und versuche es dann noch einmal.",
    "Your files may take up {} MiB here. Delete some of them, then try again.": "Deine Dateien dürfen"
    " hier {} MiB belegen. Lösche einige davon und versuche es dann noch einmal.",
    "The files of whoever made this program may take up {} GiB here, its own among them. They have"
    " to delete some.": "Die Dateien der Person, die dieses Programm angelegt hat, dürfen hier samt"
    " seinen eigenen {} GiB belegen. Sie muss einige löschen.",
    "The files of whoever made this program may take up {} MiB here, its own among them. They have"
    " to delete some.": "Die Dateien der Person, die dieses Programm angelegt hat, dürfen hier samt"
    " seinen eigenen {} MiB belegen. Sie muss einige löschen.",
    "This server has no room for more files. Ask its operator.": "Dieser Server hat keinen Platz für"
    " weitere Dateien. Frag, wer ihn betreibt.",
    "Conflict": "Widerspruch",
    "Gone": "Nicht mehr da",
    "Too large": "Zu groß",
    "Too many requests": "Zu viele Anfragen",
    "Temporarily unavailable": "Gerade nicht verfügbar",
    "Internal error": "Fehler im Server",
    "Something went wrong on the server. It has been noted; try again.": "Im Server ist etwas"
    " schiefgegangen. Es wurde festgehalten; versuche es noch einmal.",
    "Something went wrong on the server. It has been noted.": "Im Server ist etwas schiefgegangen."
    " Es wurde festgehalten.",
    "The address is too long.": "Die Adresse ist zu lang.",
    "The request could not be understood. Check its form.": "Die Anfrage war nicht zu verstehen.",
    "The request has more bytes than are taken here.": "Die Anfrage ist größer, als hier erlaubt"
    " ist.",
    "The request took too long to arrive. Send it again.": "Die Anfrage kam zu langsam an. Sende"
    " sie noch einmal.",
    "The server is full just now. Try again soon.": "Der Server ist gerade voll. Versuche es bald"
    " noch einmal.",
    "The client has not been built.": "Die Oberfläche wurde nicht gebaut.",
    "There is no such thing.": "Das gibt es nicht.",
    "There is no such page.": "Diese Seite gibt es nicht.",
    "There is no such file.": "Diese Datei gibt es nicht.",
    "There is nothing at this address. Check it, or go back to the start.": "Unter dieser Adresse"
    " ist nichts. Prüfe sie, oder geh zurück zum Anfang.",
    "That was too often.": "Das war zu oft.",
    "Try again in {} seconds.": "Versuche es in {} Sekunden noch einmal.",
    "Try again in {} minutes.": "Versuche es in {} Minuten noch einmal.",
    "Too many accounts were made from here.": "Von hier aus wurden zu viele Konten angelegt.",
    "Sign in first.": "Melde dich erst an.",
    "The server is stopping. Try again in a moment.": "Der Server wird gerade beendet. Versuche es"
    " gleich noch einmal.",
    "The server was interrupted. Try again.": "Der Server wurde unterbrochen. Versuche es noch einmal.",
    "The server is being replaced by another version. Try again in a moment.": "Der Server wird"
    " gerade durch eine andere Version ersetzt. Versuche es gleich noch einmal.",
    "The database does not answer. Try again soon.": "Die Datenbank antwortet nicht. Versuche es"
    " bald noch einmal.",
    "The storage does not answer. Try again soon.": "Der Speicher antwortet nicht. Versuche es"
    " bald noch einmal.",
}

FIELDS = {
    "The field {} {}.": "Das Feld {} {}.",
    "The field 'reply_to' {}.": "Das Feld 'reply_to' {}.",
    "The field {} was refused: {}.": "Das Feld {} wurde abgelehnt: {}.",
    "may have {} characters at most": "darf höchstens {} Zeichen haben",
    "must have {} characters at least": "muss mindestens {} Zeichen haben",
    "must have 8 to 64 letters, digits, hyphens or underscores": (
        "muss aus 8 bis 64 Buchstaben, Ziffern, Binde- oder Unterstrichen bestehen"
    ),
    "may have {} entries at most": "darf höchstens {} Einträge haben",
    "must have {} entries at least": "muss mindestens {} Einträge haben",
    "must be {} at most": "darf höchstens {} sein",
    "must be {} at least": "muss mindestens {} sein",
    "is missing": "fehlt",
    "is empty": "ist leer",
    "is not known here": "ist hier nicht bekannt",
    "is given more than once": "steht mehr als einmal da",
    "contains a NUL character": "enthält ein NUL-Zeichen",
    "is not a time zone such as Europe/Berlin": "ist keine Zeitzone wie Europe/Berlin",
    "belongs to another kind of conversation": "gehört zu einer anderen Art von Unterhaltung",
    "is needed too, because a message is found by its conversation and its number": "ist auch"
    " nötig, denn eine Nachricht findet man an ihrer Unterhaltung und ihrer Nummer",
    "must be a JSON object of conversations and versions": "muss ein JSON-Objekt aus Unterhaltungen"
    " und Versionen sein",
    "'users' {}.": "'users' {}.",
    "must be at most {} ids of people with commas between them": "müssen höchstens {} Kennungen von"
    " Personen sein, durch Kommas getrennt",
    "Give one of 'before', 'after' and 'around', not several.": "Gib nur eines von 'before', 'after'"
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
    "The body may have {} bytes at most.": "Der Inhalt darf höchstens {} Bytes haben.",
    "The body is not valid JSON.": "Der Inhalt ist kein gültiges JSON.",
    "This page was opened at another address than {}, which is that of this server. Open that one."
    " Whoever runs the server changes it by ECHOSPHERE_BASE_URL.": "Diese Seite wurde unter einer anderen"
    " Adresse geöffnet als {}, der dieses Servers. Öffne jene. Wer den Server betreibt, ändert sie mit"
    " ECHOSPHERE_BASE_URL.",
    "The request names no page of this server as its origin. Programs use a bearer token instead of"
    " the cookie.": "Die Anfrage nennt keine Seite dieses Servers als ihren Ursprung. Programme"
    " nehmen statt des Cookies ein Bearer-Token.",
    "This address does not take this method. The header Allow says which it takes.": "Diese Adresse"
    " nimmt diese Methode nicht an. Der Header Allow nennt die, die sie annimmt.",
    "This kind of content is not taken here.": "Diese Art von Inhalt wird hier nicht angenommen.",
}

FILES = {
    "There is no such attachment.": "Diesen Anhang gibt es nicht.",
    "There is no thumbnail of this attachment.": "Zu diesem Anhang gibt es kein Vorschaubild.",
    "There is no such picture.": "Dieses Bild gibt es nicht.",
    "The group has no picture.": "Die Gruppe hat kein Bild.",
    "The file {}. Send a JPEG, PNG, GIF, WebP or AVIF.": "Die Datei {}. Sende ein JPEG, PNG, GIF,"
    " WebP oder AVIF.",
    "is not a picture that can be read": "ist kein Bild, das sich lesen lässt",
    "A message uses this file. Delete the message instead.": "Diese Datei gehört zu einer Nachricht."
    " Lösche stattdessen die Nachricht.",
    "The list of attachments {}.": "Die Liste der Anhänge {}.",
    "has more than {} files": "hat mehr als {} Dateien",
    "names a file twice": "nennt eine Datei zweimal",
    "names a file that is not an unused upload of yours": "nennt eine Datei, die du nicht hochgeladen"
    " oder schon gesendet hast",
    "Too many files are arriving just now. Try again soon.": "Gerade kommen zu viele Dateien an."
    " Versuche es bald noch einmal.",
    "Send the file as multipart/form-data, in the field 'file'.": "Sende die Datei als"
    " multipart/form-data, im Feld 'file'.",
    "Send one file in the field 'file'.": "Sende eine Datei im Feld 'file'.",
    "Send one file at a time.": "Sende eine Datei nach der anderen.",
    "The form's headers are not text in UTF-8.": "Die Kopfzeilen des Formulars sind kein Text in"
    " UTF-8.",
    "The form's parts or headers are too long.": "Teile oder Kopfzeilen des Formulars sind zu lang.",
    "The body is not a complete multipart form.": "Der Inhalt ist kein vollständiges Formular.",
    "The form goes on after its end.": "Das Formular geht nach seinem Ende weiter.",
    "Too many uploaded files wait for a message. Send or remove some of them first.": "Zu viele"
    " hochgeladene Dateien warten auf eine Nachricht. Sende oder entferne erst einige davon.",
    "The file cannot be checked just now. Try again soon.": "Die Datei kann gerade nicht geprüft"
    " werden. Versuche es bald noch einmal.",
    "A file may have {} MiB at most.": "Eine Datei darf höchstens {} MiB haben.",
    "The file arrived too slowly. Try again.": "Die Datei kam zu langsam an. Versuche es noch"
    " einmal.",
    "The file is empty.": "Die Datei ist leer.",
    "The animation is too long: {} frames.": "Die Animation ist zu lang: {} Bilder.",
    "This file may tell where, when and with what it was made, and that cannot be removed.": "Diese"
    " Datei verrät vielleicht, wo, wann und womit sie entstanden ist, und das lässt sich nicht"
    " entfernen.",
    "is needed for this file": "ist für diese Datei nötig",
    "The image has a side of more than {} pixels.": "Das Bild hat eine Seite von mehr als {} Pixeln.",
    "The image has more than {} megapixels.": "Das Bild hat mehr als {} Megapixel.",
    "The file storage does not answer. Try again soon.": "Der Dateispeicher antwortet nicht."
    " Versuche es bald noch einmal.",
    "The server's disk is nearly full, so no files can be sent. Messages still can.": "Der"
    " Speicherplatz des Servers ist fast voll, darum können keine Dateien gesendet werden."
    " Nachrichten schon.",
    "The file cannot be stored just now.": "Die Datei kann gerade nicht gespeichert werden.",
    "Too many uploads at once. Wait for one to finish.": "Zu viele Dateien auf einmal. Warte, bis"
    " eine fertig ist.",
    "Another picture of yours is on its way. Wait for it.": "Ein anderes Bild von dir ist noch"
    " unterwegs. Warte darauf.",
    "The picture cannot be stored just now.": "Das Bild kann gerade nicht gespeichert werden.",
}
