"""The reader's test draws from all public functions, and draws the same ones again."""

from tests.house.draw_functions import COUNT, draw, public_functions


def test_the_same_seed_draws_the_same_functions() -> None:
    first = draw(7)
    assert first == draw(7) != draw(8)
    assert len(set(first)) == COUNT


def test_methods_and_functions_are_drawn_but_private_ones_are_not() -> None:
    functions = set(public_functions())
    assert {"messages/post.py: PostMessage.run", "media/storage.py: Storage.put"} <= functions
    names = [function.partition(": ")[2] for function in functions]
    assert not any(part.startswith("_") for name in names for part in name.split("."))
