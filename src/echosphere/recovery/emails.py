"""The e-mails with one-time links."""

from functools import partial

from echosphere.accounts import ascii_email
from echosphere.i18n import ENGLISH, LANGUAGES, translate
from echosphere.mail import Email, Link, greeting, joined_email, written_email

RESET_SUBJECT = "Set a new password"
RESET_OPENING = "someone requested a new password for your account. Choose one here:"
RESET_CLOSING = (
    "The link works once, within an hour. If you did not request it, ignore this e-mail: your "
    "password stays the same."
)

ADDRESS_SUBJECT = "Confirm your new address"
ADDRESS_OPENING = "confirm that this is the new address of your account:"
ADDRESS_CLOSING = (
    "The link works once, within an hour. If you did not request it, ignore this e-mail."
)


EVERY_LANGUAGE = "every"
"""Of a mail to someone whose language is not known yet."""

CONFIRM_SUBJECT = "Confirm your address"
CONFIRM_OPENING = "an account was created with this address. Confirm that it is yours:"


def confirm_email(to: str, name: str, link: str, language: str) -> Email:
    """Return the e-mail with the link that confirms the address of a new account."""
    texts = (CONFIRM_SUBJECT, CONFIRM_OPENING, ADDRESS_CLOSING)
    if language != EVERY_LANGUAGE:
        return link_email(to, name, link, language, texts)
    others = [one for one in LANGUAGES if one != ENGLISH]
    emails = [link_email(to, name, link, one, texts) for one in (ENGLISH, *others)]
    return joined_email(emails)


def address_email(to: str, name: str, link: str, language: str) -> Email:
    """Return the e-mail with the link that confirms a new address."""
    texts = (ADDRESS_SUBJECT, ADDRESS_OPENING, ADDRESS_CLOSING)
    return link_email(to, name, link, language, texts)


def reset_email(to: str, name: str, link: str, language: str) -> Email:
    """Return the e-mail with the link that resets a password."""
    return link_email(to, name, link, language, (RESET_SUBJECT, RESET_OPENING, RESET_CLOSING))


def link_email(to: str, name: str, link: str, language: str, texts: tuple[str, str, str]) -> Email:
    """Return an e-mail with one link.

    Args:
        to: The address.
        name: The user's name.
        link: The address of a page.
        language: The language of the texts.
        texts: The subject, what is said before the link, and what after it.
    """
    subject, opening, closing = map(partial(translate, language), texts)
    paragraphs = (greeting(name, language), opening, Link(link))
    return written_email(ascii_email(to), subject, paragraphs, closing)
