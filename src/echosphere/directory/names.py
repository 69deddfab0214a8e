"""What of a name is looked up: where in it a query may begin."""

import unicodedata

from echosphere.search import folded

MAX_NAME = 200
"""Characters of a folded name that are kept: some signs stand for a whole sentence."""

MAX_WORD = 64
"""Characters of a word that are compared."""

MAX_WORDS = 80
"""Words of a name that are kept."""


def name_of(name: str) -> str:
    """Return a name as it is sorted: folded, so that all ways of writing it are one."""
    return folded(name)[:MAX_NAME]


def words_of(name: str) -> list[str]:
    """Return what one may begin to type to find somebody of a folded name, without repetitions.

    That is each word, and each part of a word behind a mark: "jean-luc" is also found by "luc".
    Scripts without capitals often put no spaces between words, so there any letter may be the first.
    """
    found = {
        part[at : at + MAX_WORD]: None
        for part in name.split()
        for at in range(len(part))
        if at == 0 or _begins(part[at - 1], part[at])
    }
    return list(found)[:MAX_WORDS]


def terms_of(query: str) -> list[str]:
    """Return the beginnings of words that a query asks for, the most telling first.

    Whoever has a word that begins with "anna" has one that begins with "an": it is left out.
    """
    terms = {term[:MAX_WORD] for term in folded(query).split()}
    told = [one for one in terms if not any(o != one and o.startswith(one) for o in terms)]
    return sorted(told, key=lambda term: (-len(term), term))


def _begins(before: str, letter: str) -> bool:
    return letter.isalnum() and (
        not (before.isalnum() or unicodedata.combining(before))
        or unicodedata.category(letter) == "Lo"
    )
