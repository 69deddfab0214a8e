"""What lets people back into their accounts, in German."""

RECOVERY = {
    "Forgot your password?": "Passwort vergessen?",
    "Set a new password": "Neues Passwort setzen",
    "This server sends no mail. Ask an administrator for a link that sets a new password.": "Dieser"
    " Server verschickt keine Mails. Bitte jemanden aus der Verwaltung um einen Link, mit dem du ein"
    " neues Passwort setzt.",
    "Nothing there after some minutes? Look among the unwanted mail, or ask an administrator for a"
    " link.": "Nach einigen Minuten ist nichts da? Sieh bei den unerwünschten Mails nach, oder bitte"
    " jemanden aus der Verwaltung um einen Link.",
    "Enter the address of your account. A mail with a link goes there.": "Gib die Adresse deines"
    " Kontos ein. Dorthin geht eine Mail mit einem Link.",
    "Send the link": "Link senden",
    "Back to signing in": "Zurück zur Anmeldung",
    "Ask for a new link": "Einen neuen Link anfordern",
    "You will be signed out on all devices, and sign in with the new password.": "Du wirst auf allen"
    " Geräten abgemeldet und meldest dich mit dem neuen Passwort wieder an.",
    "New password": "Neues Passwort",
    "Set the password": "Passwort setzen",
    "If an account has this address, a mail is on its way. Its link works for an hour.": "Wenn es ein"
    " Konto mit dieser Adresse gibt, ist eine Mail unterwegs. Der Link darin gilt eine Stunde.",
    "Your new password is set. Sign in with it.": "Dein neues Passwort ist gesetzt. Melde dich damit"
    " an.",
    "This link is not valid any more. Ask for a new one.": "Dieser Link gilt nicht mehr. Bitte um einen"
    " neuen.",
    "There is no account with this address.": "Es gibt kein Konto mit dieser Adresse.",
    "somebody asked for a new password for your account. Choose one here:": "jemand hat um ein neues"
    " Passwort für dein Konto gebeten. Wähle es hier:",
    "The link works once, within an hour. If it was not you, do nothing: your password stays.": "Der"
    " Link gilt einmal, eine Stunde lang. Wenn du das nicht warst, tu nichts: dein Passwort bleibt.",
}
