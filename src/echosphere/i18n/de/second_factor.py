"""German sentences about second factors and fresh proofs."""

SECOND_FACTOR = {
    "Confirm that it is you": "Bestätige, dass du es bist",
    "Second factor needed": "Zweiter Faktor nötig",
    "Confirm that it is you: enter your password or a code.": "Bestätige, dass du es bist: Gib dein Passwort oder einen Code ein.",
    "This code is wrong or has already been used. Enter the next one.": (
        "Dieser Code ist falsch oder wurde schon benutzt. Gib den nächsten ein."
    ),
    "The server's secret key was changed, so codes from the app cannot be checked. Use a "
    "recovery code, or contact an administrator.": (
        "Der geheime Schlüssel des Servers wurde geändert, deshalb lassen sich Codes der App "
        "nicht prüfen. Nimm einen Notfallcode oder frag den Betreiber."
    ),
    "This sign-in has expired. Start again with your password.": "Diese Anmeldung ist abgelaufen. Beginne wieder mit deinem Passwort.",
    "This QR code is no longer valid. Start again.": (
        "Beginne von vorn: Dieser QR-Code ist nicht mehr der aktuelle."
    ),
    "App not found.": "Diese App gibt es nicht.",
    "Device not found.": "Dieses Gerät gibt es nicht.",
    "Set up an app or a passkey first: recovery codes are a backup for them.": (
        "Richte zuerst eine App oder einen Passkey ein: Notfallcodes springen dafür ein."
    ),
    "This server requires a second factor. Set up another one first.": (
        "Dieser Server verlangt von dir einen zweiten Faktor. Richte zuerst einen anderen ein."
    ),
    "Enter a code, or use a passkey.": "Gib einen Code ein oder nimm einen Passkey.",
    "Passkeys need a domain name, and this server is reached by an IP address.": (
        "Passkeys brauchen einen Server mit Namen: Dieser ist unter einer Nummer zu erreichen."
    ),
    "Passkeys need HTTPS, and this server is reached without it.": (
        "Passkeys brauchen HTTPS: Dieser Server ist ohne zu erreichen."
    ),
    "This took too long or was sent twice. Try again.": (
        "Das hat zu lange gedauert oder wurde zweimal gesendet. Versuche es noch einmal."
    ),
    "This passkey was not accepted, or it took too long. Try again, or use another method.": (
        "Dieser Passkey passt hier nicht, oder es hat zu lange gedauert. Versuche es noch einmal "
        "oder nimm einen anderen Weg."
    ),
    "Passkey not found.": "Diesen Passkey gibt es nicht.",
    "This passkey is already registered.": "Dieser Passkey ist schon eingetragen.",
    "Give the passkey a name.": "Gib dem Passkey einen Namen.",
    "You have 20 passkeys. Remove one first.": "Du hast 20 Passkeys. Entferne zuerst einen.",
    "Enter your password or a code.": "Gib dein Passwort oder einen Code ein.",
    "Your two-step sign-in was changed. Sign in again to continue where you left off.": "Deine Anmeldung in zwei Schritten wurde geändert. Melde dich wieder an, um dort weiterzumachen, wo du warst.",
    "Two-step sign-in": "Anmeldung in zwei Schritten",
    "Code": "Code",
    "Six digits from your authenticator app, or one of your recovery codes.": "Sechs Ziffern aus deiner Authenticator-App oder einer deiner Notfallcodes.",
    "Do not ask again on this device for 30 days": "Auf diesem Gerät 30 Tage lang nicht fragen",
    "Continue": "Weiter",
    "Lost your phone and recovery codes? Ask an administrator of this server.": "Telefon und Notfallcodes verloren? Frag, wer diesen Server betreibt.",
    "Sign in with another account": "Mit einem anderen Konto anmelden",
    "This server asks for two-step sign-in. Open it in a browser and set it up first.": "Dieser Server verlangt die Anmeldung in zwei Schritten. Öffne ihn im Browser und richte sie zuerst ein.",
    "Keep these recovery codes somewhere other than your phone. Each one works once. They are shown only now.": "Bewahre diese Notfallcodes getrennt vom Telefon auf. Jeder lässt dich einmal hinein, und sie werden nur jetzt gezeigt.",
    "Recovery codes": "Notfallcodes",
    "Save as a file": "Als Datei speichern",
    "I have saved them": "Ich habe sie aufbewahrt",
    "Scan this with an authenticator app, or type the key into it. Then enter the code it shows.": "Lies das mit einer Authenticator-App ein oder tippe den Schlüssel hinein. Gib dann den Code ein, den sie zeigt.",
    "QR code for your authenticator app": "QR-Code für deine Authenticator-App",
    "Turn on": "Einschalten",
    "This server requires two-step sign-in. Set it up to continue.": "Dieser Server verlangt sie: Richte sie ein, um weiterzumachen.",
    "Confirm that it is you.": "Bestätige, dass du es bist.",
    "With a code from an app on your phone, a stolen password is not enough to sign in.": "Mit einem Code aus einer App auf deinem Telefon reicht ein gestohlenes Passwort nicht, um hineinzukommen.",
    "Set up an app": "Eine App einrichten",
    "Open in an app on this device": "In einer App auf diesem Gerät öffnen",
    "Copy key": "Schlüssel kopieren",
    "Key copied": "Der Schlüssel ist kopiert",
    "Sign in with a passkey": "Mit einem Passkey anmelden",
    "No passkey was used. Try again, or use another way to sign in.": "Es wurde kein Passkey benutzt. Versuche es noch einmal oder melde dich anders an.",
    "Use a passkey": "Einen Passkey benutzen",
    "No passkey was used. Try again, or enter a code.": "Es wurde kein Passkey benutzt. Versuche es noch einmal oder gib einen Code ein.",
    "Create a passkey": "Einen Passkey anlegen",
    "No passkey was created. Try again, or set up an app.": "Es wurde kein Passkey angelegt. Versuche es noch einmal oder richte eine App ein.",
    "My passkey": "Mein Passkey",
    "Cancel": "Abbrechen",
    "Sign out": "Abmelden",
}
