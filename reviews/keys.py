"""Every key of the desk, once: the help overlay, the hints, the marks in buttons and the browser read this.

Keys work outside text fields only and without Ctrl, Alt or Cmd. None of them publishes or deletes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext, gettext_noop


@dataclass(frozen=True, slots=True)
class Key:
    """`act` is the verb the browser looks up; `where` groups the overlay. Words are in English: see `groups`."""

    press: str
    act: str
    words: str
    where: str
    hint: str = ""


TABLE: Final = (
    Key("?", "help", gettext_noop("Show these keys"), gettext_noop("Anywhere"), gettext_noop("all keys")),
    Key("/", "search", gettext_noop("Search everything"), gettext_noop("Anywhere")),
    Key("u", "undo", gettext_noop("Undo my last action"), gettext_noop("Anywhere")),
    Key("Esc", "escape", gettext_noop("Close, or leave a text field"), gettext_noop("Anywhere")),
    Key("Ctrl+Enter", "submit", gettext_noop("Send the form I am in"), gettext_noop("Anywhere")),
    Key("j", "next", gettext_noop("Next claim or row"), gettext_noop("Moving"), gettext_noop("move")),
    Key("k", "previous", gettext_noop("Previous claim or row"), gettext_noop("Moving"), gettext_noop("move")),
    Key("n", "needs-me", gettext_noop("Next one that needs me"), gettext_noop("Moving"), gettext_noop("next for me")),
    Key("Enter", "open", gettext_noop("Open the row"), gettext_noop("Moving"), gettext_noop("open")),
    Key(
        "[", "evidence-previous", gettext_noop("Previous evidence"), gettext_noop("Moving"), gettext_noop("evidence")
    ),
    Key("]", "evidence-next", gettext_noop("Next evidence"), gettext_noop("Moving"), gettext_noop("evidence")),
    Key("x", "select", gettext_noop("Select the row"), gettext_noop("Queue"), gettext_noop("select")),
    Key("a", "assign", gettext_noop("Assign to somebody"), gettext_noop("Queue")),
    Key("f", "filter", gettext_noop("Filter the list"), gettext_noop("Queue")),
    Key("g", "views", gettext_noop("Go through the views"), gettext_noop("Queue")),
    Key("t", "take", gettext_noop("Take it"), gettext_noop("Claim"), gettext_noop("take")),
    Key(
        "c",
        "claim",
        gettext_noop("Make a claim of the selected words"),
        gettext_noop("Claim"),
        gettext_noop("claim from selection"),
    ),
    Key(
        "m", "comment", gettext_noop("Comment on the selected words"), gettext_noop("Claim"), gettext_noop("comment")
    ),
    Key("q", "ask", gettext_noop("Ask the author or the speaker"), gettext_noop("Claim"), gettext_noop("ask")),
    Key("b", "before", gettext_noop("Checked before?"), gettext_noop("Claim")),
    Key("l", "lines", gettext_noop("Line-by-line mode"), gettext_noop("Claim"), gettext_noop("line by line")),
    Key("w", "why", gettext_noop("Why this priority?"), gettext_noop("Claim"), gettext_noop("why")),
    Key("e", "evidence", gettext_noop("Go to evidence"), gettext_noop("Evidence")),
    Key("s", "stance", gettext_noop("Change the stance, steps through"), gettext_noop("Evidence")),
    Key(
        "y",
        "keep",
        gettext_noop("Keep it (or confirm a draft claim)"),
        gettext_noop("Evidence"),
        gettext_noop("keep"),
    ),
    Key("d", "drop", gettext_noop("Drop it (or dismiss the claim)"), gettext_noop("Evidence"), gettext_noop("drop")),
    Key("i", "snapshot", gettext_noop("Look at the snapshot"), gettext_noop("Evidence")),
    *(
        Key(str(number), "pick", gettext_noop("Verdict %(number)s of the scale"), gettext_noop("Verdict"))
        for number in range(1, 8)
    ),
    Key("v", "verdict", gettext_noop("Go to the verdict"), gettext_noop("Verdict"), gettext_noop("verdict")),
    Key("o", "quote", gettext_noop("Is the quote accurate? Steps through"), gettext_noop("Verdict")),
    Key("r", "rationale", gettext_noop("Write the rationale"), gettext_noop("Verdict"), gettext_noop("rationale")),
)
_BY_ACT: Final = {key.act: key for key in TABLE}
# What the status bar shows, page by page.
HINTS: Final = {
    "queue": ("next", "open", "select", "take", "why", "needs-me", "help"),
    "article": ("next", "needs-me", "claim", "comment", "evidence-previous", "keep", "verdict", "help"),
    "claim": ("evidence-previous", "keep", "drop", "verdict", "rationale", "help"),
    "changed": ("next", "open", "keep", "drop", "help"),
    "search": ("next", "open", "search", "help"),
    "page": ("search", "help"),
}


@dataclass(frozen=True, slots=True)
class Hint:
    keys: tuple[str, ...]
    words: str


def groups() -> list[tuple[str, list[Key]]]:
    """The overlay in the reader's language: sections in the order of the table."""
    names = list(dict.fromkeys(key.where for key in TABLE))
    return [(gettext(name), [_translated(key) for key in TABLE if key.where == name]) for name in names]


def _translated(key: Key) -> Key:
    return replace(key, words=gettext(key.words).replace("%(number)s", key.press))


def hints(page: str) -> list[Hint]:
    """The status bar of a page in the reader's language; keys that share their words stand together."""
    wanted = [_BY_ACT[act] for act in HINTS.get(page, HINTS["page"])]
    return [Hint(_together(key), gettext(key.hint or key.words)) for key in wanted]


def _together(key: Key) -> tuple[str, ...]:
    """The keys that share the hint of this one; just this one where it has none."""
    return tuple(other.press for other in TABLE if key.hint and other.hint == key.hint) or (key.press,)


def press(act: str) -> str:
    """The key of a verb, for the mark in its button."""
    return _BY_ACT[act].press


def table_json() -> dict[str, str]:
    """Key to verb, for the browser."""
    return {key.press: key.act for key in TABLE}
