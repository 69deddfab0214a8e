"""Draws functions for a reader who says, from file and name alone, what they do.

`python -m tests.house.draw_functions --seed 7` prints 20 of them; the same seed and code, the same
functions. Names with a leading underscore are not drawn.
"""

import ast
import random
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

from tests.house.repository import PACKAGE

COUNT = 20


def public_functions() -> list[str]:
    """Return `file: name`, with the class of a method, of all public functions in `src`."""
    files = (file for file in PACKAGE.rglob("*.py") if "versions" not in file.parts)
    return sorted(f"{path}: {name}" for path, name in _functions(files))


def _functions(files: Iterator[Path]) -> Iterator[tuple[str, str]]:
    for file in files:
        path = file.relative_to(PACKAGE).as_posix()
        for name in _names(ast.parse(file.read_text(encoding="utf-8")), ""):
            yield path, name


def _names(parent: ast.Module | ast.ClassDef, prefix: str) -> Iterator[str]:
    for node in parent.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from _names(node, f"{node.name}.")
        elif _is_function(node) and not node.name.startswith("_"):
            yield prefix + node.name


def _is_function(node: ast.stmt) -> TypeGuard[ast.FunctionDef | ast.AsyncFunctionDef]:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def draw(seed: int, count: int = COUNT) -> list[str]:
    """Return some of the functions, at random."""
    return random.Random(seed).sample(public_functions(), count)


def main() -> None:
    """Print them."""
    parser = ArgumentParser(description="Draw functions for the reader's test.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, default=COUNT)
    given = parser.parse_args()
    print("\n".join(draw(given.seed, given.count)))


if __name__ == "__main__":
    main()
