"""HTTP routes of accounts: REST, and the pages to register and sign in."""

from echosphere.accounts.web.api import AccountsApi
from echosphere.accounts.web.cookie import SessionCookie
from echosphere.accounts.web.pages import AccountsPages, ask_for_code, invite_in

__all__ = ["AccountsApi", "AccountsPages", "SessionCookie", "ask_for_code", "invite_in"]
