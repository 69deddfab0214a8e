"""German sentences about second factors and fresh proofs."""

SECOND_FACTOR = {
    "Prove that it is you": "Bestätige, dass du es bist",
    "Second factor needed": "Zweiter Faktor nötig",
    "Confirm that it is you: enter your password or a code.": "Bestätige, dass du es bist: Gib dein Passwort oder einen Code ein.",
}
