"""Puts numbers into English sentences for operators."""


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number with what there is of it: `1 file`, `2,000 files`.

    Args:
        number: How many there are.
        one: What stands after 1, with a verb where the sentence has one.
        several: What stands after every other number; the same with an `s` if it is not given.
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"
