"""What administrators and those they decide about are refused, in German."""

ADMINISTRATION = {
    "Choose a time to come for the end.": "Wähle für das Ende einen Zeitpunkt, der noch kommt.",
    "Say why: the reason is kept with the account.": "Gib einen Grund an: Er steht beim Konto.",
    "Say why: the reason is kept with the decision.": "Gib einen Grund an: Er steht bei der"
    " Entscheidung.",
    "There is no such job.": "Diese Aufgabe gibt es nicht.",
    "There is no such report.": "Diese Meldung gibt es nicht.",
    "This account is deactivated. Ask whoever runs this server.": "Dieses Konto ist deaktiviert."
    " Frage nach, wer diesen Server betreibt.",
    "This account is suspended for a while. Come back later.": "Dieses Konto ist für eine Weile"
    " gesperrt. Komm später wieder.",
    "This is your own account. Let somebody else do this.": "Das ist dein eigenes Konto. Das muss"
    " jemand anderes tun.",
    "This report is about a person: there is no message to remove.": "Diese Meldung betrifft eine"
    " Person: Es gibt keine Nachricht zu entfernen.",
    "This report is about you. Let somebody else decide it.": "Diese Meldung betrifft dich. Das muss"
    " jemand anderes entscheiden.",
    "This report is decided already.": "Diese Meldung ist schon entschieden.",
}
