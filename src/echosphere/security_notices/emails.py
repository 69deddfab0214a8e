"""The e-mails about security events."""

from functools import partial

from echosphere.accounts import SecurityEventKind, ascii_email
from echosphere.i18n import translate
from echosphere.mail import Email, greeting, written_email

HAPPENED: dict[SecurityEventKind, str] = {
    "new_device": "Someone signed in to your account on a new device.",
    "password_changed": "Your password was changed.",
    "password_reset": (
        "Your password was reset by a link. Passkeys, authenticator app and sign-in services "
        "were kept: check them in the settings."
    ),
    "email_changed": "Your e-mail address was changed.",
    "reset_link": "An administrator created a password reset link for your account.",
    "factor_added": "A second factor was added to your account.",
    "factor_removed": "A second factor was removed from your account.",
    "ways_in_removed": (
        "All passkeys, the authenticator app, the recovery codes and the sign-in services were "
        "removed from your account."
    ),
    "passkey_added": "A passkey was added to your account.",
    "passkey_removed": "A passkey was removed from your account.",
    "passkey_copied": "A passkey on your account was rejected: it may have been copied. Remove it.",
    "recovery_codes": "Your account has new recovery codes.",
    "role_changed": "Your role on the server was changed.",
    "provider_linked": "A sign-in service was linked to your account.",
    "provider_unlinked": "A sign-in service was unlinked from your account.",
    "key_created": "An API key was created that lets programs act for you.",
    "endpoint_created": "An endpoint was added that receives the events of one of your bots.",
    "endpoint_changed": "The events of one of your bots are now sent to a different address.",
    "export_requested": "A download of all your data was requested.",
    "export_ready": "The download of your data is ready. You can find it in the settings for 24 hours.",
}
CLOSING = "If this was you or you expected it, you do not need to do anything."
OTHERWISE = "If not, change your password immediately and check your devices in the settings."


def notice_email(to: str, name: str, kind: SecurityEventKind, details: str, language: str) -> Email:
    """Return the e-mail about a security event.

    Args:
        to: The address.
        name: The user's name.
        kind: What happened.
        details: The device, its address, the administrator, and when.
        language: The language of the texts.
    """
    _ = partial(translate, language)
    happened, closing = _(HAPPENED[kind]), f"{_(CLOSING)} {_(OTHERWISE)}"
    paragraphs = (greeting(name, language), happened, details, closing)
    return written_email(ascii_email(to), happened.rstrip("."), paragraphs)
