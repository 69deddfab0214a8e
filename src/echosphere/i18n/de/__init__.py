"""German."""

from echosphere.i18n.de.administration import ADMINISTRATION
from echosphere.i18n.de.api_keys import API_KEYS
from echosphere.i18n.de.bots import BOTS
from echosphere.i18n.de.data_export import DATA_EXPORT
from echosphere.i18n.de.endpoints import ENDPOINTS
from echosphere.i18n.de.entry import ENTRY
from echosphere.i18n.de.openid_connect import OPENID_CONNECT
from echosphere.i18n.de.pages import DIGEST, NOTIFICATIONS, PAGES
from echosphere.i18n.de.people import ACCOUNTS, GROUPS, MESSAGES, PEOPLE, SEARCH
from echosphere.i18n.de.recovery import RECOVERY, SECURITY_NOTICES
from echosphere.i18n.de.requests import ERRORS, FIELDS, FILES
from echosphere.i18n.de.second_factor import SECOND_FACTOR
from echosphere.i18n.de.webhooks import WEBHOOKS

REQUESTS = ERRORS | FIELDS | FILES | SECOND_FACTOR | OPENID_CONNECT
SENTENCES = (
    PAGES
    | NOTIFICATIONS
    | DIGEST
    | ACCOUNTS
    | PEOPLE
    | GROUPS
    | MESSAGES
    | SEARCH
    | REQUESTS
    | RECOVERY
    | ENTRY
    | ADMINISTRATION
    | SECURITY_NOTICES
    | DATA_EXPORT
    | WEBHOOKS
    | API_KEYS
    | BOTS
    | ENDPOINTS
)
