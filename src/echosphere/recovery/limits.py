"""How often links may be asked for and used."""

from echosphere.core.rate_limits import Rate, per_hour

RESETS_OF_ADDRESS = per_hour("password resets of an address", 2)
"""By the network address of whoever asks."""

MAILS_TO_ADDRESS = per_hour("mails with links to an address", 2)
CONFIRMATIONS = per_hour("confirmation mails of a person", 4)
USES = Rate("uses of one-time links", burst=30, every=10)
"""Every use of a valid link may cost a hash."""

REMOVALS = Rate("removals of ways in", burst=20, every=30)
CHANGES = per_hour("changes of the address", 6)
