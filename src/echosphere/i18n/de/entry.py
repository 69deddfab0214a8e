"""Roles, and who may come in."""

ENTRY = {
    "Invite 20 people at once at most.": "Lade höchstens 20 Personen auf einmal ein.",
    "Too many people wait for an account. Ask an administrator, or come back later.": "Zu viele Personen"
    " warten auf ein Konto. Wende dich an die Verwaltung, oder komm später wieder.",
    "Almost there": "Fast geschafft",
    "An administrator must approve your account. Come back later and sign in with your e-mail address and password.": "Die Verwaltung muss dein Konto noch freigeben. Komm später wieder und melde dich mit"
    " deiner Adresse und deinem Passwort an.",
    "An administrator has not approved your account yet. Try again later.": "Dein Konto ist noch nicht"
    " freigegeben. Versuche es später noch einmal.",
    "%(name)s invites you to this server.": "%(name)s lädt dich auf diesen Server ein.",
    "This account will own the server. The link works once.": "Diesem Konto wird der Server gehören."
    " Der Link gilt einmal.",
    "You need an invitation to register on this server. Ask somebody who is there for one.": "Auf diesem"
    " Server registriert man sich mit einer Einladung. Bitte jemanden darum, der schon da ist.",
    "Nobody owns this server yet. Its owner registers by the link that it printed when it was started.": "Dieser Server gehört noch niemandem. Sein Inhaber registriert sich mit dem Link, den der Server beim"
    " Start ausgegeben hat.",
    "You cannot register with this address. Use one of your organization.": "Mit dieser Adresse kannst du"
    " dich nicht registrieren. Nimm eine deiner Organisation.",
    "This invite is for another e-mail address. Ask whoever invited you which one they wrote.": "Diese"
    " Einladung gilt für eine andere E-Mail-Adresse. Frage, wer dich eingeladen hat, für welche.",
    "There is an account with the address {} already. Leave it out.": "Es gibt schon ein Konto mit der"
    " Adresse {}. Lass sie weg.",
    "There is no such registration. Somebody else may have answered it.": "Diese Registrierung gibt es"
    " nicht. Vielleicht hat sie schon jemand anderes beantwortet.",
    "You are invited to EchoSphere. Open this link to create your account:": "Du bist zu EchoSphere"
    " eingeladen. Öffne diesen Link, um dein Konto anzulegen:",
    "Your account is ready. Sign in with your address and password:": "Dein Konto ist bereit. Melde dich"
    " mit deiner Adresse und deinem Passwort an:",
    "You cannot do this to somebody with this role. Ask an owner of this server.": "Bei jemandem mit"
    " dieser Rolle kannst du das nicht tun. Wende dich an einen Besitzer dieses Servers.",
    "Guests cannot do this. Ask whoever invited you, or an administrator of this server.": "Gäste können"
    " das nicht. Wende dich an die Person, die dich eingeladen hat, oder an die Verwaltung dieses"
    " Servers.",
    "This is the server's last owner. Make somebody else an owner first.": "Das ist der letzte Besitzer"
    " dieses Servers. Mache erst eine andere Person zum Besitzer.",
    "Your role on this server was changed. Sign in to continue where you left off.": "Deine Rolle auf diesem"
    " Server wurde geändert. Melde dich an, um dort weiterzumachen, wo du warst.",
    "There is nobody in this file.": "In dieser Datei steht niemand.",
    "Invite 200 people at once at most.": "Lade höchstens 200 Personen auf einmal ein.",
    "This line is no CSV: look for quotation marks that are not closed.": "Diese Zeile ist kein CSV:"
    " Suche nach Anführungszeichen, die nicht geschlossen sind.",
    "This address stands in a line before already.": "Diese Adresse steht schon in einer Zeile davor.",
    "The command line runs no groups: leave this column out, or invite in the browser.": "Die "
    "Kommandozeile leitet keine Gruppen: Lass diese Spalte weg oder lade im Browser ein.",
    "There is no such group that you run. Write its name, or its id.": "Eine solche Gruppe leitest du"
    " nicht. Schreibe ihren Namen oder ihre Kennung.",
    "You run several groups with this name. Write the id of one instead.": "Du leitest mehrere Gruppen"
    " mit diesem Namen. Schreibe stattdessen die Kennung von einer.",
    "Name 20 groups at most.": "Nenne höchstens 20 Gruppen.",
}
