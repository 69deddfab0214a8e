"""Files named on the command line: the command reads them, not the server."""

import argparse
import sys
from pathlib import Path


def text_of_file(name: str) -> str:
    """Return the text of a file in UTF-8, or of standard input for a dash."""
    try:
        if name == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig")
        return Path(name).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{name}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise argparse.ArgumentTypeError(f"{name} is not in UTF-8") from None


def absolute_path(given: str) -> str:
    """Return a path as the server finds it, which runs in another folder."""
    return str(Path(given).absolute())
