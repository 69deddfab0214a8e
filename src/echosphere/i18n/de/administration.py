"""What administrators and those they decide about are refused, in German."""

ADMINISTRATION = {
    "A file with this name already exists. Choose another name.": (
        "So eine Datei gibt es schon. Nenne eine andere."
    ),
    "The file {} exists: another export is writing it, or one was interrupted. If none is "
    "running, delete it.": (
        "Es gibt eine Datei {}: Ein anderer Export schreibt sie gerade, oder einer brach ab. "
        "Lösche sie, wenn keiner läuft."
    ),
    "The server cannot write there: {}.": "Der Server kann dort nicht schreiben: {}.",
    "This person does not exist, or their messages already belong to an account.": (
        "Diese Person gibt es nicht, oder ein Konto hat ihre Nachrichten schon."
    ),
    "This is a program: its messages cannot be given to an account.": (
        "Das ist ein Programm: Seine Nachrichten bekommt niemand."
    ),
    "This export already names its source. Omit --source.": (
        "Dieser Export sagt selbst, woher er kommt. Lass --source weg."
    ),
    "This account does not exist or is closed.": (
        "Dieses Konto gibt es nicht, oder es ist geschlossen."
    ),
    "This setting does not exist, or it cannot be changed while the server is running.": (
        "Diese Einstellung gibt es nicht, oder sie lässt sich nicht ändern, während der Server "
        "läuft."
    ),
    "This is set in the server's environment. Change it there and restart the server.": (
        "Das ist in der Umgebung des Servers festgelegt. Ändere es dort und starte den Server neu."
    ),
    "Choose one of the available values.": "Wähle einen der angebotenen Werte.",
    "List domains, such as example.org, separated by commas.": "Nenne Domains wie example.org, durch"
    " Kommas getrennt.",
    "Enter an address that starts with https:// or mailto:.": (
        "Gib eine Adresse ein, die mit https:// oder mailto: beginnt."
    ),
    "List kinds such as images, types such as image/png, or extensions such as .pdf.": (
        "Nenne Arten wie images, Typen wie image/png oder Endungen wie .pdf."
    ),
    "Files of this type cannot be sent on this server.": "Dateien dieses Typs lassen sich auf diesem Server"
    " nicht versenden.",
    "Enter a whole number from {} to {}.": "Gib eine ganze Zahl von {} bis {} ein.",
    "This conflicts with another setting.": "Das passt nicht zu einer anderen Einstellung.",
    "First list the domains whose addresses can register.": "Nenne zuerst die Domains, mit deren"
    " Adressen man sich registrieren darf.",
    "First set a mail server in ECHOSPHERE_SMTP_URL. Without one, no one can confirm an address.": (
        "Lege zuerst in ECHOSPHERE_SMTP_URL einen Mailserver fest: Niemand könnte sonst eine "
        "Adresse bestätigen."
    ),
    "First set a sign-in service in ECHOSPHERE_OPENID_PROVIDERS. Without one, no one can sign "
    "in.": (
        "Lege zuerst in ECHOSPHERE_OPENID_PROVIDERS einen Anmeldedienst fest: Niemand könnte "
        "sich sonst anmelden."
    ),
    "First, you and every owner need a passkey or a linked sign-in service: passwords will no "
    "longer be accepted.": "Zuerst brauchst du und braucht jeder Besitzer einen Passkey oder einen verknüpften"
    " Anmeldedienst: Passwörter gelten dann nirgends mehr.",
    "First, you and every owner must confirm your addresses: resetting the password by an "
    "e-mailed link does that.": "Zuerst müsst ihr, du und alle Besitzer, eure Adressen bestätigen: Das tut ein per"
    " E-Mail geschickter Link, der das Passwort zurücksetzt.",
    "Choose an end time in the future.": "Wähle für das Ende einen Zeitpunkt, der noch kommt.",
    "Give a reason: it is stored with the account.": "Gib einen Grund an: Er steht beim Konto.",
    "Give a reason: it is stored with the decision.": "Gib einen Grund an: Er steht bei der"
    " Entscheidung.",
    "An administrator signed you out. Sign in to continue where you left off.": "Du wurdest von den"
    " Betreibern dieses Servers abgemeldet. Melde dich an, um dort weiterzumachen, wo du warst.",
    "You cannot use this server at the moment. Sign in to see why.": "Du kannst diesen Server zurzeit"
    " nicht nutzen. Melde dich an, um den Grund zu lesen.",
    "There are already 10 announcements. Withdraw one first.": "Es gibt schon 10"
    " Ankündigungen. Ziehe zuerst eine zurück.",
    "Announcement not found.": "Diese Ankündigung gibt es nicht.",
    "This announcement has ended. Write a new one.": (
        "Diese Ankündigung ist vorbei. Schreibe eine neue."
    ),
    "Write what you want to announce.": "Schreibe, was du ankündigen willst.",
    "There are reports to review.": "Meldungen warten auf eine Entscheidung.",
    "You get this e-mail because you review reports and want e-mails about what you missed.": (
        "Du bekommst diese E-Mail, weil du über Meldungen entscheidest und E-Mails über Verpasstes möchtest."
    ),
    "You were warned after a report. The reason:": "Du wurdest nach einer Meldung verwarnt. Der Grund:",
    "One of your messages was removed after a report. The reason:": (
        "Eine Nachricht von dir wurde nach einer Meldung entfernt. Der Grund:"
    ),
    "An announcement from the people who run this server:": "Eine Ankündigung der Betreiber dieses Servers:",
    "A warning from the people who run this server:": "Eine Warnung der Betreiber dieses Servers:",
    "An urgent announcement from the people who run this server:": "Eine dringende Ankündigung der Betreiber"
    " dieses Servers:",
    "Announcement": "Ankündigung",
    "Warning": "Warnung",
    "Urgent announcement": "Dringende Ankündigung",
    "Job not found.": "Diese Aufgabe gibt es nicht.",
    "Report not found.": "Diese Meldung gibt es nicht.",
    "This account is deactivated. Reason: {}. Contact an administrator of this server.": (
        "Dieses Konto ist deaktiviert, mit der Begründung {}. Wende dich an die Betreiber dieses "
        "Servers."
    ),
    "This account is suspended until {}. Reason: {}.": "Dieses Konto ist gesperrt bis {}, mit"
    " der Begründung {}.",
    "This is your own account. Ask someone else to do this.": "Das ist dein eigenes Konto. Das muss"
    " jemand anderes tun.",
    "This report is about a person. There is no message to remove.": "Diese Meldung betrifft eine"
    " Person: Es gibt keine Nachricht zu entfernen.",
    "This report has already been decided.": "Diese Meldung ist schon entschieden.",
}
