"""German."""

from echosphere.texts.de.pages import DIGEST, NOTIFICATIONS, PAGES
from echosphere.texts.de.people import ACCOUNTS, GROUPS, MESSAGES, PEOPLE, SEARCH
from echosphere.texts.de.requests import ERRORS, FIELDS, FILES

REQUESTS = ERRORS | FIELDS | FILES
SENTENCES = (
    PAGES | NOTIFICATIONS | DIGEST | ACCOUNTS | PEOPLE | GROUPS | MESSAGES | SEARCH | REQUESTS
)
