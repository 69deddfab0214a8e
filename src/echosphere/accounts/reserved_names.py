"""Recognizes names that look official, with which a user could ask others for passwords."""

import re
import unicodedata
from functools import lru_cache

_PRODUCT = ("echosphere",)
_OFFICIAL = [
    "admin",
    "admins",
    "administrator",
    "administratorin",
    "administration",
    "helpdesk",
    "moderator",
    "moderatorin",
    "moderation",
    "moderators",
    "noreply",
    "official",
    "offiziell",
    "postmaster",
    "security",
    "sicherheit",
    "sicherheitsteam",
    "support",
    "supportteam",
    "kundendienst",
    "kundenservice",
    "kundensupport",
    "webmaster",
    "systemadministrator",
    "sysadmin",
    "systemnachricht",
    "systemmessage",
    "verwaltung",
    "betreiber",
    "betreiberin",
]
"""Words that make any name official, in all supported languages."""

_ALONE = [
    "all",
    "everyone",
    "everybody",
    "alle",
    "jeder",
    "here",
    "channel",
    "operator",
    "owner",
    "root",
    "staff",
    "system",
    "service",
    "closedaccount",
    "deletedaccount",
    "geschlosseneskonto",
    "gelöschteskonto",
]
"""Words that are names of people too: refused as a whole name, and beside nothing but such words."""

_FILLING = [
    "team",
    "bot",
    "account",
    "konto",
    "desk",
    "center",
    "zentrale",
    "abteilung",
    "the",
    "das",
    "der",
    "die",
    "of",
    "von",
    "und",
    "and",
]

SHORT = 5
"""Letters; shorter names are not joined across spaces: `Al L.` is a real name."""

_SMALL_CAPITAL = re.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])")
_WORDS = re.compile(r"[\W_]+")
# Lookalikes beyond those that Unicode lists as confusable.
_LOOKS_LIKE = str.maketrans(
    "аеорсхуіјѕһԁԛԝвмнткαεορτυικνηχβ013457@$!|ıł",  # noqa: RUF001 - that is the point
    "aeopcxyijshdqwbmhtkaeoptuiknhxboieastasilil",
)


def looks_official(name: str) -> bool:
    """Whether a name looks like that of the server, its operators or a mention of all."""
    return _is_official(name) or _is_official(name.replace("I", "l"))  # as most fonts draw it


def _is_official(name: str) -> bool:
    words = [word for word in _words_of(name) if word]
    strong = [_fold(word) for word in words]
    if any(word in _STRONG for word in strong):
        return True
    if words and all(word in _TITLES or word in _STRONG for word in words):
        return any(word not in _FILLING for word in words)
    whole = "".join(words)
    if len(whole) < SHORT:
        return False
    return whole in _TITLES - set(_FILLING) or _PUT_TOGETHER.fullmatch(_fold(whole)) is not None


def skeleton(text: str) -> str:
    """Return a text in lower case without accents, with lookalikes replaced (cf. UTS 39)."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "".join(map(_latin, bare.translate(_LOOKS_LIKE)))


def _words_of(name: str) -> list[str]:
    """Return the skeletons of a name's words, after lookalikes such as `@` became letters."""
    return _WORDS.split(skeleton(name))


def _fold(word: str) -> str:
    """Make `l` and `i` equal; only in long words, since `Ali` is not `all`."""
    return word.replace("l", "i")


@lru_cache(maxsize=4_096)
def _latin(letter: str) -> str:
    """Return the Latin letter that a character looks like, or the character."""
    if letter.isascii():
        return letter
    small = _SMALL_CAPITAL.fullmatch(unicodedata.name(letter, ""))
    if small:
        return small[1].lower()
    from confusable_homoglyphs import confusables  # noqa: PLC0415 - 7 MB that few names need

    for found in confusables.is_confusable(letter, greedy=True) or ():
        for alike in found["homoglyphs"]:
            if alike["c"].isascii() and alike["c"].isalpha():
                return str(alike["c"]).lower()
    return letter


_STRONG = frozenset(_fold(skeleton(word)) for word in (*_PRODUCT, *_OFFICIAL))
_TITLES = frozenset(skeleton(word) for word in (*_ALONE, *_FILLING))
_ANY = "|".join(sorted({*_STRONG, *map(_fold, _TITLES)}, key=len, reverse=True))
_PUT_TOGETHER = re.compile(rf"(?:{_ANY})*(?:{'|'.join(_STRONG)})(?:{_ANY})*")
