"""Why a command cannot begin, as a sentence for the operator; what is a fault of ours has none."""

from echosphere.database import database_problem
from echosphere.errors import Refusal
from echosphere.settings import SettingsError


def sentence_for(error: BaseException) -> str | None:
    """Return what to tell the operator, or None when only a traceback helps."""
    if isinstance(error, SettingsError) or type(error) is RuntimeError:
        return str(error)
    if isinstance(error, Refusal):
        problems = "".join(f"\n  {field}: {text}" for field, text in error.fields.items())
        return error.detail + problems
    if isinstance(error, OSError) and error.strerror:
        where = f" ({error.filename})" if error.filename else ""
        return f"{error.strerror}{where}. Look at the data folder and its owner (ECHOSPHERE_DATA)."
    return database_problem(error)
