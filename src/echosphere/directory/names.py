"""Splits names and queries into the words that are compared."""

import unicodedata

from echosphere.search import fold

MAX_NAME = 200
"""Characters of a folded name that are kept: some characters fold to a whole sentence."""

MAX_WORD = 64
"""Characters of a word that are compared."""

MAX_WORDS = 80
"""Words of a name that are kept."""


def sort_name(name: str) -> str:
    """Return a name folded, as it is compared and sorted."""
    return fold(name)[:MAX_NAME]


def index_words(name: str) -> list[str]:
    """Return the distinct starts by which a folded name is found.

    These are each word, and each part of a word behind a mark: "jean-luc" is also found by "luc".
    Scripts without capitals often put no spaces between words, so in them every letter is a start.
    """
    found = {
        part[at : at + MAX_WORD]: None
        for part in name.split()
        for at in range(len(part))
        if at == 0 or _starts_word(part[at - 1], part[at])
    }
    return list(found)[:MAX_WORDS]


def query_terms(query: str) -> list[str]:
    """Return the word starts in a query, the longest first.

    A start of another one is left out: a name that matches "anna" matches "an", too.
    """
    terms = {term[:MAX_WORD] for term in fold(query).split()}
    distinct = [one for one in terms if not any(o != one and o.startswith(one) for o in terms)]
    return sorted(distinct, key=lambda term: (-len(term), term))


def _starts_word(before: str, letter: str) -> bool:
    return letter.isalnum() and (
        not (before.isalnum() or unicodedata.combining(before))
        or unicodedata.category(letter) == "Lo"
    )
