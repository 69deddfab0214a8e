"""The table of settings in docs/running.md. `python -m tests.docs.settings_table` regenerates it."""

import ast
import inspect
import re
import textwrap

from echosphere.settings import Setting, Settings, declared_settings
from tests.house.repository import ROOT

RUNNING = ROOT / "docs" / "running.md"
TABLE = re.compile(r"(?<=\n)\| setting \|.*?(?=\n\n)", re.DOTALL)


def settings_table() -> str:
    """Return the table in Markdown, in the order of the names."""
    meanings = _sentences()
    rows = [
        _row(name, setting, meanings[field])
        for name, (field, setting) in sorted(declared_settings().items(), key=_by_plain_name)
    ]
    head = [
        "| setting | values | default | while running | meaning |",
        "| --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *rows])


def _by_plain_name(item: tuple[str, tuple[str, Setting]]) -> str:
    name, (_, setting) = item
    return name if setting.prefix else f" {name}"


def _row(name: str, setting: Setting, meaning: str) -> str:
    if setting.old_name:
        meaning += f" (was `{setting.prefix}{setting.old_name}`, which still works, with a warning)"
    default = setting.default_shown or (f"`{setting.default}`" if setting.default else "none")
    running = "changeable" if setting.changeable else ""
    return f"| `{name}` | {setting.values or 'text'} | {default} | {running} | {meaning} |"


def _sentences() -> dict[str, str]:
    """Return the sentence below each field of Settings."""
    [declared] = ast.parse(textwrap.dedent(inspect.getsource(Settings))).body
    assert isinstance(declared, ast.ClassDef)
    return {
        field.target.id: " ".join(str(sentence.value.value).split())
        for field, sentence in zip(declared.body, declared.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(sentence, ast.Expr)
        and isinstance(sentence.value, ast.Constant)
    }


if __name__ == "__main__":
    text = RUNNING.read_text(encoding="utf-8")
    RUNNING.write_text(TABLE.sub(lambda _: settings_table(), text), encoding="utf-8")
