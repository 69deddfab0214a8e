"""What lets people back into their accounts, in German."""

RECOVERY = {
    "Forgot your password?": "Passwort vergessen?",
    "Set a new password": "Neues Passwort setzen",
    "If you are the administrator, you can create one on the server's command line:": "Wenn du das selbst bist: Auch die"
    " Kommandozeile des Servers macht einen.",
    "This server does not send e-mail. Ask an administrator for a password reset link.": "Dieser"
    " Server verschickt keine Mails. Bitte jemanden aus der Verwaltung um einen Link, mit dem du ein"
    " neues Passwort setzt.",
    "No e-mail after a few minutes? Check your spam folder, or ask an administrator for a link.": "Nach einigen Minuten ist nichts da? Sieh bei den unerwünschten Mails nach, oder bitte"
    " jemanden aus der Verwaltung um einen Link.",
    "Enter your account's e-mail address to get a link by e-mail.": "Gib die Adresse deines"
    " Kontos ein. Dorthin geht eine Mail mit einem Link.",
    "Send link": "Link senden",
    "Back to sign-in": "Zurück zur Anmeldung",
    "Request a new link": "Einen neuen Link anfordern",
    "You will be signed out on all devices. Sign in again with the new password.": "Du wirst auf allen"
    " Geräten abgemeldet und meldest dich mit dem neuen Passwort wieder an.",
    "New password": "Neues Passwort",
    "Set password": "Passwort setzen",
    "If there is an account with this address, an e-mail is on its way. Its link works for an hour.": "Wenn es ein"
    " Konto mit dieser Adresse gibt, ist eine Mail unterwegs. Der Link darin gilt eine Stunde.",
    "Your new password is set. Sign in with it.": "Dein neues Passwort ist gesetzt. Melde dich damit"
    " an.",
    "Confirm your new address": "Neue Adresse bestätigen",
    "From now on, you sign in with %(email)s. You will be signed out on your other devices.": "Von jetzt"
    " an meldest du dich mit %(email)s an. Auf deinen anderen Geräten wirst du abgemeldet.",
    "Use this address": "Diese Adresse nehmen",
    "Your new address is confirmed.": "Deine neue Adresse ist bestätigt.",
    "This is already your address.": "Das ist schon deine Adresse.",
    "Your e-mail address was changed. Sign in with the new one to continue where you left off.": "Deine"
    " E-Mail-Adresse wurde geändert. Melde dich mit der neuen an, um dort weiterzumachen, wo du warst.",
    "confirm that this is the new address of your account:": "das soll die Adresse deines"
    " Kontos werden. Bestätige sie hier:",
    "The link works once, within an hour. If you did not request it, ignore this e-mail.": "Der Link gilt einmal, eine"
    " Stunde lang. Wenn du das nicht warst, tu nichts.",
    "This link is no longer valid. Request a new one.": (
        "Dieser Link gilt nicht mehr. Bitte um einen neuen."
    ),
    "Confirm your address": "Bestätige deine Adresse",
    "an account was created with this address. Confirm that it is yours:": "du hast jetzt ein"
    " Konto mit dieser Adresse. Bestätige hier, dass es deine ist:",
    "An e-mail with a link is on its way. The link works once, within an hour.": "Eine Mail mit einem Link"
    " ist unterwegs. Der Link gilt einmal, eine Stunde lang.",
    "Your address is confirmed.": "Deine Adresse ist bestätigt.",
    "An e-mail with a link is on its way to %(email)s. Open the link to continue.": "Eine Mail mit einem Link geht an"
    " %(email)s. Öffne den Link, um fortzufahren.",
    "No e-mail after a few minutes? Check your spam folder, or send it again.": "Nach"
    " einigen Minuten ist nichts da? Sieh bei den unerwünschten Mails nach, oder lass sie noch einmal"
    " senden.",
    "Send again": "Noch einmal senden",
    "Wrong address?": "Stimmt die Adresse nicht?",
    "Use a different address": "Andere Adresse nehmen",
    "Is %(email)s your address?": "Ist %(email)s deine Adresse?",
    "Yes, this is my address": "Ja, das ist meine",
    "This link is for the account %(email)s, but you are signed in to a different one. Sign out, and open the link again.": "Dieser Link ist für das Konto %(email)s, und du bist bei einem anderen"
    " angemeldet. Melde dich ab, und öffne den Link noch einmal.",
    "Other sign-in methods": "Wege in dein Konto",
    "These also let you sign in, besides your password. Remove any that you did not add yourself immediately.": "Damit kommt man neben dem Passwort in dein Konto. Entferne sofort, was du nicht selbst"
    " hinzugefügt hast.",
    "Authenticator app": "Authenticator-App",
    "Passkey “%(name)s”": "Passkey „%(name)s“",
    "Sign-in service: %(name)s": "Anmeldedienst: %(name)s",
    "Added: %(when)s": "Hinzugefügt: %(when)s",
    "Remove": "Entfernen",
    "Remove %(name)s": "%(name)s entfernen",
    "Sign-in method not found.": "Diesen Weg, dich anzumelden, gibt es nicht.",
    "Sign-in method removed.": "Entfernt.",
    "Confirm your e-mail address first: open the link in the e-mail we sent you.": (
        "Bestätige zuerst deine E-Mail-Adresse: öffne den Link in der Mail an dich."
    ),
    "There is no account with this address.": "Es gibt kein Konto mit dieser Adresse.",
    "someone requested a new password for your account. Choose one here:": "jemand hat um ein neues"
    " Passwort für dein Konto gebeten. Wähle es hier:",
    "The link works once, within an hour. If you did not request it, ignore this e-mail: your password stays the same.": "Der"
    " Link gilt einmal, eine Stunde lang. Wenn du das nicht warst, tu nichts: dein Passwort bleibt.",
}

SECURITY_NOTICES = {
    "Someone signed in to your account on a new device.": "Jemand hat sich auf einem neuen Gerät bei"
    " deinem Konto angemeldet.",
    "Your password was changed.": "Das Passwort deines Kontos wurde geändert.",
    "Your password was reset by a link. Passkeys, authenticator app and sign-in services were "
    "kept: check them in the settings.": (
        "Das Passwort deines Kontos wurde über einen Link neu gesetzt. Passkeys, "
        "Authenticator-App und Anmeldedienste bleiben: Sieh sie dir in den Einstellungen an."
    ),
    "All passkeys, the authenticator app, the recovery codes and the sign-in services were removed from"
    " your account.": "Alle Passkeys, die Authenticator-App, die Notfallcodes und die Anmeldedienste"
    " deines Kontos wurden entfernt.",
    "Your e-mail address was changed.": "Dein Konto hat von jetzt an eine andere E-Mail-Adresse.",
    "An administrator created a password reset link for your account.": "Die Verwaltung hat einen"
    " Link erstellt, der deinem Konto ein neues Passwort gibt.",
    "A second factor was added to your account.": "Dein Konto hat einen weiteren zweiten Faktor.",
    "A second factor was removed from your account.": "Ein zweiter Faktor deines Kontos wurde entfernt.",
    "A passkey was added to your account.": "Dein Konto hat einen weiteren Passkey.",
    "A passkey was removed from your account.": "Ein Passkey deines Kontos wurde entfernt.",
    "A passkey on your account was rejected: it may have been copied. Remove it.": (
        "Ein Passkey deines Kontos wurde abgewiesen: Er könnte kopiert worden sein. Entferne ihn."
    ),
    "Your account has new recovery codes.": "Dein Konto hat neue Wiederherstellungscodes.",
    "Your role on the server was changed.": "Dein Konto hat eine andere Rolle auf dem Server.",
    "A download of all your data was requested.": "Jemand hat einen Download von allem in"
    " deinem Konto angefordert.",
    "The download of your data is ready. You can find it in the settings for 24 hours.": "Der Download deiner Daten ist"
    " fertig: in den Einstellungen, 24 Stunden lang.",
    "If this was you or you expected it, you do not need to do anything.": "Wenn du das warst oder davon weißt,"
    " ist nichts zu tun.",
    "If not, change your password immediately and check your devices in the settings.": "Wenn nicht,"
    " ändere sofort dein Passwort und sieh dir in den Einstellungen deine Geräte an.",
}
