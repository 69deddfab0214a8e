"""German sentences about signing in at a sign-in service."""

OPENID_CONNECT = {
    "or": "oder",
    "Continue with %(service)s": "Weiter mit %(service)s",
    "You are not signed in yet": "Du bist noch nicht angemeldet",
    "Sign in another way": "Anders anmelden",
    "You are being redirected to %(service)s to sign out there, too.": "Du wirst zu %(service)s weitergeleitet, um dich auch dort abzumelden.",
    "Stay signed in there": "Dort angemeldet bleiben",
    "This link signs you in once, without a password.": "Dieser Link meldet dich einmal an, ohne Passwort.",
    "This server does not accept passwords. Continue with one of its sign-in services.": (
        "Dieser Server nimmt keine Passwörter. Mach mit einem Anmeldedienst weiter, den er "
        "anbietet."
    ),
    "This server does not use passwords. Sign in with one of its sign-in services.": "Dieser Server nimmt keine Passwörter. Melde dich mit einem seiner Anmeldedienste an.",
    "Enter your password.": "Gib dein Passwort ein.",
    "Your sign-in service signed you out. Sign in to continue where you left off.": "Dein Anmeldedienst hat dich abgemeldet. Melde dich an, um dort weiterzumachen, wo du warst.",
    "A sign-in service was linked to your account.": "Ein Anmeldedienst wurde mit deinem Konto verbunden.",
    "A sign-in service was unlinked from your account.": "Ein Anmeldedienst wurde von deinem Konto getrennt.",
    "This sign-in was started in another browser, has already finished, or took too long. "
    "Start again.": (
        "Diese Anmeldung wurde in einem anderen Browser begonnen, ist schon abgeschlossen oder "
        "hat zu lange gedauert. Beginne von vorn."
    ),
    "You canceled the sign-in, or the sign-in service rejected it. Start again.": (
        "Du hast die Anmeldung abgebrochen, oder der Anmeldedienst hat dich nicht durchgelassen. "
        "Beginne von vorn."
    ),
    "The sign-in service is not responding. Try again in a moment.": (
        "Der Anmeldedienst antwortet im Moment nicht. Versuche es bald noch einmal."
    ),
    "The sign-in service's answer could not be accepted. Start again. If this keeps happening, "
    "contact an administrator of this server.": (
        "Die Antwort des Anmeldedienstes konnte nicht angenommen werden. Beginne von vorn, und "
        "sag dem Betreiber dieses Servers Bescheid, wenn es so bleibt."
    ),
    "Sign-in service not found.": "Diesen Anmeldedienst gibt es nicht.",
    "You do not have an account here. Ask an administrator of this server for one.": (
        "Es gibt hier kein Konto für dich. Bitte den Betreiber dieses Servers um eines."
    ),
    "The sign-in service has not confirmed your e-mail address, so you cannot register with it.": "Der Anmeldedienst hat deine E-Mail-Adresse nicht bestätigt, deshalb kannst du dich damit nicht registrieren.",
    "An account with your e-mail address already exists. Sign in to it and link this sign-in "
    "service in your account settings.": (
        "Es gibt schon ein Konto mit deiner E-Mail-Adresse. Melde dich dort an, und verbinde "
        "diesen Anmeldedienst in den Einstellungen deines Kontos."
    ),
    "This sign-in is already linked to an account.": (
        "Diese Anmeldung ist schon mit einem Konto verbunden."
    ),
    "Your account is already linked to this sign-in service. Unlink it first.": (
        "Du bist schon mit diesem Anmeldedienst verbunden. Trenne ihn zuerst."
    ),
    "This sign-in is linked to another account here. Unlink it there first.": "Diese Anmeldung ist hier mit einem anderen Konto verbunden. Trenne sie zuerst dort.",
    "This is your only way to sign in. Set a password, add a passkey, or link another sign-in service first.": "Das ist dein einziger Weg, dich anzumelden. Setze zuerst ein Passwort, füge einen Passkey hinzu, oder verbinde einen anderen Anmeldedienst.",
    "Your account is not linked to this sign-in service.": (
        "Du bist mit diesem Anmeldedienst nicht verbunden."
    ),
    "The account you signed in with there is not linked to your account here.": (
        "Du hast dich dort als jemand angemeldet, der nicht mit deinem Konto hier verbunden ist."
    ),
    "The sign-in service did not confirm your identity. Start again.": (
        "Der Anmeldedienst hat nicht gefragt, wer du bist. Beginne von vorn."
    ),
    "You can now sign in with this sign-in service.": (
        "Von jetzt an kannst du dich mit diesem Anmeldedienst anmelden."
    ),
}
