"""Roles, and who may come in."""

ENTRY = {
    "You can invite up to 20 people at once.": "Lade höchstens 20 Personen auf einmal ein.",
    "Too many people are waiting for an account. Contact an administrator, or come back later.": (
        "Zu viele Personen warten auf ein Konto. Wende dich an die Verwaltung, oder komm später "
        "wieder."
    ),
    "Almost there": "Fast geschafft",
    "An administrator must approve your account. Come back later and sign in with your e-mail address and password.": "Die Verwaltung muss dein Konto noch freigeben. Komm später wieder und melde dich mit"
    " deiner Adresse und deinem Passwort an.",
    "An administrator has not approved your account yet. Try again later.": "Dein Konto ist noch nicht"
    " freigegeben. Versuche es später noch einmal.",
    "%(name)s invites you to this server.": "%(name)s lädt dich auf diesen Server ein.",
    "This account will own the server. The link works once.": "Diesem Konto wird der Server gehören."
    " Der Link gilt einmal.",
    "You need an invitation to register on this server. Ask someone who is already on it.": (
        "Auf diesem Server registriert man sich mit einer Einladung. Bitte jemanden darum, der "
        "schon da ist."
    ),
    "This server has no owner yet. The owner registers with the link that the server printed "
    "when it started.": (
        "Dieser Server gehört noch niemandem. Sein Inhaber registriert sich mit dem Link, den "
        "der Server beim Start ausgegeben hat."
    ),
    "You cannot register with this address. Use one from your organization.": (
        "Mit dieser Adresse kannst du dich nicht registrieren. Nimm eine deiner Organisation."
    ),
    "This invitation is for a different e-mail address. Ask the person who invited you which "
    "one they used.": (
        "Diese Einladung gilt für eine andere E-Mail-Adresse. Frage, wer dich eingeladen hat, "
        "für welche."
    ),
    "An account with the address {} already exists. Leave it out.": (
        "Es gibt schon ein Konto mit der Adresse {}. Lass sie weg."
    ),
    "Registration not found. Someone else may have decided on it.": "Diese Registrierung gibt es"
    " nicht. Vielleicht hat sie schon jemand anderes beantwortet.",
    "You are invited to EchoSphere. Open this link to create your account:": "Du bist zu EchoSphere"
    " eingeladen. Öffne diesen Link, um dein Konto anzulegen:",
    "Your account is ready. Sign in with your address and password:": "Dein Konto ist bereit. Melde dich"
    " mit deiner Adresse und deinem Passwort an:",
    "You cannot do this to someone with this role. Ask an owner of this server.": "Bei jemandem mit"
    " dieser Rolle kannst du das nicht tun. Wende dich an einen Besitzer dieses Servers.",
    "Guests cannot do this. Ask the person who invited you, or an administrator of this server.": (
        "Gäste können das nicht. Wende dich an die Person, die dich eingeladen hat, oder an die "
        "Verwaltung dieses Servers."
    ),
    "This is the server's last owner. Make someone else an owner first.": (
        "Das ist der letzte Besitzer dieses Servers. Mache erst eine andere Person zum Besitzer."
    ),
    "Your role on this server was changed. Sign in to continue where you left off.": "Deine Rolle auf diesem"
    " Server wurde geändert. Melde dich an, um dort weiterzumachen, wo du warst.",
    "This file lists no one.": "In dieser Datei steht niemand.",
    "You can invite up to 200 people at once.": "Lade höchstens 200 Personen auf einmal ein.",
    "This line is not valid CSV. Look for an unclosed quotation mark.": "Diese Zeile ist kein CSV:"
    " Suche nach Anführungszeichen, die nicht geschlossen sind.",
    "This address is already in an earlier line.": (
        "Diese Adresse steht schon in einer Zeile davor."
    ),
    "The command line cannot add people to groups. Leave this column out, or invite in the "
    "browser.": (
        "Die Kommandozeile leitet keine Gruppen: Lass diese Spalte weg oder lade im Browser ein."
    ),
    "You do not manage a group with this name or id.": "Eine solche Gruppe leitest du"
    " nicht. Schreibe ihren Namen oder ihre Kennung.",
    "You manage several groups with this name. Use the id instead.": "Du leitest mehrere Gruppen"
    " mit diesem Namen. Schreibe stattdessen die Kennung von einer.",
    "You can name up to 20 groups.": "Nenne höchstens 20 Gruppen.",
}
