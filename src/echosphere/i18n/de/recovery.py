"""What lets people back into their accounts, in German."""

RECOVERY = {
    "Forgot your password?": "Passwort vergessen?",
    "Set a new password": "Neues Passwort setzen",
    "If that is you: the command line of the server makes one, too.": "Wenn du das selbst bist: Auch die"
    " Kommandozeile des Servers macht einen.",
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
    "Confirm your new address": "Neue Adresse bestätigen",
    "From now on you sign in with %(email)s. You will be signed out on your other devices.": "Von jetzt"
    " an meldest du dich mit %(email)s an. Auf deinen anderen Geräten wirst du abgemeldet.",
    "Use this address": "Diese Adresse nehmen",
    "Your new address is confirmed.": "Deine neue Adresse ist bestätigt.",
    "This is your address already.": "Das ist schon deine Adresse.",
    "Your e-mail address was changed. Sign in with the new one to go on where you were.": "Deine"
    " E-Mail-Adresse wurde geändert. Melde dich mit der neuen an, um dort weiterzumachen, wo du warst.",
    "this is to become the address of your account. Confirm it here:": "das soll die Adresse deines"
    " Kontos werden. Bestätige sie hier:",
    "The link works once, within an hour. If it was not you, do nothing.": "Der Link gilt einmal, eine"
    " Stunde lang. Wenn du das nicht warst, tu nichts.",
    "This link is not valid any more. Ask for a new one.": "Dieser Link gilt nicht mehr. Bitte um einen"
    " neuen.",
    "Confirm your address": "Bestätige deine Adresse",
    "you have an account with this address now. Confirm that it is yours here:": "du hast jetzt ein"
    " Konto mit dieser Adresse. Bestätige hier, dass es deine ist:",
    "A mail with a link is on its way. The link works once, within an hour.": "Eine Mail mit einem Link"
    " ist unterwegs. Der Link gilt einmal, eine Stunde lang.",
    "Your address is confirmed.": "Deine Adresse ist bestätigt.",
    "A mail with a link goes to %(email)s. Open the link to go on.": "Eine Mail mit einem Link geht an"
    " %(email)s. Öffne den Link, um fortzufahren.",
    "Nothing there after some minutes? Look among the unwanted mail, or have it sent again.": "Nach"
    " einigen Minuten ist nichts da? Sieh bei den unerwünschten Mails nach, oder lass sie noch einmal"
    " senden.",
    "Send it again": "Noch einmal senden",
    "Is the address wrong?": "Stimmt die Adresse nicht?",
    "Use another address": "Andere Adresse nehmen",
    "Is %(email)s your address?": "Ist %(email)s deine Adresse?",
    "Yes, it is mine": "Ja, das ist meine",
    "This link is for the account %(email)s, and you are signed in to another one. Sign out, and open"
    " the link again.": "Dieser Link ist für das Konto %(email)s, und du bist bei einem anderen"
    " angemeldet. Melde dich ab, und öffne den Link noch einmal.",
    "Ways into your account": "Wege in dein Konto",
    "These open your account besides your password. Remove at once what you have not added yourself.": "Damit kommt man neben dem Passwort in dein Konto. Entferne sofort, was du nicht selbst"
    " hinzugefügt hast.",
    "Authenticator app": "Authenticator-App",
    "Passkey “%(name)s”": "Passkey „%(name)s“",
    "Sign-in service: %(name)s": "Anmeldedienst: %(name)s",
    "Added: %(when)s": "Hinzugefügt: %(when)s",
    "Remove": "Entfernen",
    "Remove %(name)s": "%(name)s entfernen",
    "There is no such way to sign in.": "Diesen Weg, dich anzumelden, gibt es nicht.",
    "It is removed.": "Entfernt.",
    "Confirm your e-mail address first: open the link in the mail that we sent you.": "Bestätige zuerst"
    " deine E-Mail-Adresse: öffne den Link in der Mail an dich.",
    "There is no account with this address.": "Es gibt kein Konto mit dieser Adresse.",
    "somebody asked for a new password for your account. Choose one here:": "jemand hat um ein neues"
    " Passwort für dein Konto gebeten. Wähle es hier:",
    "The link works once, within an hour. If it was not you, do nothing: your password stays.": "Der"
    " Link gilt einmal, eine Stunde lang. Wenn du das nicht warst, tu nichts: dein Passwort bleibt.",
}

SECURITY_NOTICES = {
    "Somebody signed in to your account on a new device.": "Jemand hat sich auf einem neuen Gerät bei"
    " deinem Konto angemeldet.",
    "The password of your account was changed.": "Das Passwort deines Kontos wurde geändert.",
    "The password of your account was set anew by a link. Passkeys, authenticator app and sign-in"
    " services stay: look at them in the settings.": "Das Passwort deines Kontos wurde über einen Link"
    " neu gesetzt. Passkeys, Authenticator-App und Anmeldedienste bleiben: Sieh sie dir in den"
    " Einstellungen an.",
    "All passkeys, the authenticator app, the recovery codes and the sign-in services were removed from"
    " your account.": "Alle Passkeys, die Authenticator-App, die Notfallcodes und die Anmeldedienste"
    " deines Kontos wurden entfernt.",
    "Your account has another e-mail address from now on.": "Dein Konto hat von jetzt an eine andere"
    " E-Mail-Adresse.",
    "An administrator made a link that sets a new password for your account.": "Die Verwaltung hat einen"
    " Link erstellt, der deinem Konto ein neues Passwort gibt.",
    "A second factor was added to your account.": "Dein Konto hat einen weiteren zweiten Faktor.",
    "A second factor was removed from your account.": "Ein zweiter Faktor deines Kontos wurde entfernt.",
    "A passkey was added to your account.": "Dein Konto hat einen weiteren Passkey.",
    "A passkey was removed from your account.": "Ein Passkey deines Kontos wurde entfernt.",
    "A passkey of your account was refused: it may have been copied. Remove it.": "Ein Passkey deines Kontos wurde abgewiesen: Er könnte kopiert worden sein. Entferne ihn.",
    "Your account has new recovery codes.": "Dein Konto hat neue Wiederherstellungscodes.",
    "Your account has another role on the server.": "Dein Konto hat eine andere Rolle auf dem Server.",
    "A download of everything in your account was asked for.": "Jemand hat einen Download von allem in"
    " deinem Konto angefordert.",
    "The download of your data is ready: in the settings, for 24 hours.": "Der Download deiner Daten ist"
    " fertig: in den Einstellungen, 24 Stunden lang.",
    "If this was you, or you know of it, there is nothing to do.": "Wenn du das warst oder davon weißt,"
    " ist nichts zu tun.",
    "If not, change your password at once, and look at your devices in the settings.": "Wenn nicht,"
    " ändere sofort dein Passwort und sieh dir in den Einstellungen deine Geräte an.",
}
