"""Which words of this project are for people, and what the catalogues of translations say for them.

Words are found where Django's own marks are (`translate`, `blocktranslate` and `_()` in templates, the functions of
`django.utils.translation` in Python), and where a mark on each line would only be noise: the tables of `TABLES`, and
the names, help texts and choices of models' fields (`core.labels`).

Catalogues are read and written with Babel, so nothing needs GNU gettext. It is a tool of those who work on Factcheck:
running the desk needs the compiled `.mo` files alone, which are kept beside their sources.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.translation.template import templatize

from factcheck.core.labels import label_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGES: Final = ("articles", "factcheck", "reviews")
# Dictionaries of plain words: what shows one of them asks gettext for it.
TABLES: Final = {"factcheck/core/errors.py": "MESSAGES", "factcheck/audit/actions.py": "ACTIONS"}
# How each function's arguments are to be read: c context, s singular, p plural.
_ARGUMENTS: Final = {
    "_": "s", "gettext": "s", "gettext_lazy": "s", "gettext_noop": "s",
    "ngettext": "sp", "ngettext_lazy": "sp",
    "pgettext": "cs", "pgettext_lazy": "cs", "npgettext": "csp", "npgettext_lazy": "csp",
}  # fmt: skip
_TEXT: Final = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL: Final = re.compile(rf"\b(_|n?p?gettext)\(({_TEXT}(?:\s*,\s*{_TEXT})*)", re.S)
_ONE: Final = re.compile(_TEXT, re.S)


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """What a catalogue is asked for. `plural` and `context` are "" where there is none."""

    singular: str
    plural: str = ""
    context: str = ""


def messages() -> dict[Message, str]:
    """Every message the project asks for, with the first place that does, as a path below the project."""
    found: dict[Message, str] = {}
    for message, place in (*_of_templates(), *_of_python(), *_of_tables()):
        found.setdefault(message, place)
    return found


def templates() -> list[Path]:
    """Every template of the project."""
    return sorted((settings.BASE_DIR / "templates").rglob("*.html"))


def catalogues() -> list[Path]:
    """The source of each catalogue: `locale/<language>/LC_MESSAGES/django.po`."""
    return sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.po"))


def _of_templates() -> Iterator[tuple[Message, str]]:
    for path in templates():
        place = str(path.relative_to(settings.BASE_DIR))
        for call in _CALL.finditer(templatize(path.read_text(encoding="utf-8"), origin=place)):
            yield _message(call[1], [ast.literal_eval(one) for one in _ONE.findall(call[2])]), place


def _of_python() -> Iterator[tuple[Message, str]]:
    for package in PACKAGES:
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            if "django.utils.translation" not in source:
                continue
            place = str(path.relative_to(settings.BASE_DIR))
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call) and (name := _called(node)) in _ARGUMENTS:
                    texts = _texts(node, len(_ARGUMENTS[name]))
                    if texts:
                        yield _message(name, texts), f"{place}:{node.lineno}"


def _of_tables() -> Iterator[tuple[Message, str]]:
    for place, name in TABLES.items():
        for node in ast.parse((settings.BASE_DIR / place).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
                yield from ((Message(words), place) for words in ast.literal_eval(node.value or node).values())
    for words, place in label_words():
        yield Message(words), place


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _texts(node: ast.Call, count: int) -> list[str]:
    """The literal texts a call begins with; none where it is given what is known at run time only."""
    given = [one.value for one in node.args[:count] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return given if len(given) == count else []


def _message(function: str, texts: list[str]) -> Message:
    parts = dict(zip(_ARGUMENTS[function], texts, strict=False))
    return Message(parts["s"], parts.get("p", ""), parts.get("c", ""))
