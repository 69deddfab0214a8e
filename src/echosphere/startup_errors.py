"""Sentences for the operator about errors that keep a command from starting."""

from echosphere.core.errors import Refusal
from echosphere.database import database_problem
from echosphere.settings import SettingsError


def operator_message(error: BaseException) -> str | None:
    """Return a sentence for the operator, or None if only a traceback helps."""
    if isinstance(error, SettingsError) or type(error) is RuntimeError:
        return str(error)
    if isinstance(error, Refusal):
        problems = "".join(f"\n  {field}: {text}" for field, text in error.fields.items())
        return error.detail + problems
    if isinstance(error, OSError) and error.strerror:
        where = f" ({error.filename})" if error.filename else ""
        return f"{error.strerror}{where}. Look at the data folder and its owner (ECHOSPHERE_DATA)."
    return database_problem(error)
