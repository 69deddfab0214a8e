"""What administrators and those they decide about are refused, in German."""

ADMINISTRATION = {
    "Choose a time to come for the end.": "Wähle für das Ende einen Zeitpunkt, der noch kommt.",
    "Say why: the reason is kept with the account.": "Gib einen Grund an: Er steht beim Konto.",
    "Say why: the reason is kept with the decision.": "Gib einen Grund an: Er steht bei der"
    " Entscheidung.",
    "Whoever runs this server signed you out. Sign in to go on where you were.": "Du wurdest von den"
    " Betreibern dieses Servers abgemeldet. Melde dich an, um dort weiterzumachen, wo du warst.",
    "You cannot use this server at the moment. Sign in to read why.": "Du kannst diesen Server zurzeit"
    " nicht nutzen. Melde dich an, um den Grund zu lesen.",
    "There is no such job.": "Diese Aufgabe gibt es nicht.",
    "There is no such report.": "Diese Meldung gibt es nicht.",
    "This account is deactivated, with the reason {}. Ask whoever runs this server.": "Dieses Konto"
    " ist deaktiviert, mit der Begründung {}. Wende dich an die Betreiber dieses Servers.",
    "This account is suspended for a while, with the reason {}. Come back later.": "Dieses Konto ist"
    " für eine Weile gesperrt, mit der Begründung {}. Komm später wieder.",
    "This is your own account. Let somebody else do this.": "Das ist dein eigenes Konto. Das muss"
    " jemand anderes tun.",
    "This report is about a person: there is no message to remove.": "Diese Meldung betrifft eine"
    " Person: Es gibt keine Nachricht zu entfernen.",
    "This report is decided already.": "Diese Meldung ist schon entschieden.",
}
