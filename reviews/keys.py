"""Every key of the desk, once: the help overlay, the hints, the marks in buttons and the browser read this.

Keys work outside text fields only and without Ctrl, Alt or Cmd. None of them publishes or deletes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Key:
    """`act` is the verb the browser looks up; `where` groups the overlay."""

    press: str
    act: str
    words: str
    where: str
    hint: str = ""


TABLE: Final = (
    Key("?", "help", "Show these keys", "Anywhere", "all keys"),
    Key("/", "search", "Search everything", "Anywhere"),
    Key("u", "undo", "Undo my last action", "Anywhere"),
    Key("Esc", "escape", "Close, or leave a text field", "Anywhere"),
    Key("Ctrl+Enter", "submit", "Send the form I am in", "Anywhere"),
    Key("j", "next", "Next claim or row", "Moving", "move"),
    Key("k", "previous", "Previous claim or row", "Moving", "move"),
    Key("n", "needs-me", "Next one that needs me", "Moving", "next for me"),
    Key("Enter", "open", "Open the row", "Moving", "open"),
    Key("[", "evidence-previous", "Previous evidence", "Moving", "evidence"),
    Key("]", "evidence-next", "Next evidence", "Moving", "evidence"),
    Key("x", "select", "Select the row", "Queue", "select"),
    Key("a", "assign", "Assign to somebody", "Queue"),
    Key("f", "filter", "Filter the list", "Queue"),
    Key("g", "views", "Go through the views", "Queue"),
    Key("t", "take", "Take it", "Claim", "take"),
    Key("c", "claim", "Make a claim of the selected words", "Claim", "claim from selection"),
    Key("m", "comment", "Comment on the selected words", "Claim", "comment"),
    Key("q", "ask", "Ask the author or the speaker", "Claim", "ask"),
    Key("l", "lines", "Line-by-line mode", "Claim", "line by line"),
    Key("w", "why", "Why this priority?", "Claim", "why"),
    Key("e", "evidence", "Go to evidence", "Evidence"),
    Key("s", "stance", "Change the stance, steps through", "Evidence"),
    Key("y", "keep", "Keep it (or confirm a draft claim)", "Evidence", "keep"),
    Key("d", "drop", "Drop it (or dismiss the claim)", "Evidence", "drop"),
    Key("i", "snapshot", "Look at the snapshot", "Evidence"),
    *(Key(str(number), "pick", f"Verdict {number} of the scale", "Verdict") for number in range(1, 8)),
    Key("v", "verdict", "Go to the verdict", "Verdict", "verdict"),
    Key("o", "quote", "Is the quote accurate? Steps through", "Verdict"),
    Key("r", "rationale", "Write the rationale", "Verdict", "rationale"),
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
    """The overlay: sections in the order of the table."""
    names = list(dict.fromkeys(key.where for key in TABLE))
    return [(name, [key for key in TABLE if key.where == name]) for name in names]


def hints(page: str) -> list[Hint]:
    """The status bar of a page; keys that share their words stand together."""
    wanted = [_BY_ACT[act] for act in HINTS.get(page, HINTS["page"])]
    return [Hint(_together(key), key.hint or key.words) for key in wanted]


def _together(key: Key) -> tuple[str, ...]:
    """The keys that share the hint of this one; just this one where it has none."""
    return tuple(other.press for other in TABLE if key.hint and other.hint == key.hint) or (key.press,)


def press(act: str) -> str:
    """The key of a verb, for the mark in its button."""
    return _BY_ACT[act].press


def table_json() -> dict[str, str]:
    """Key to verb, for the browser."""
    return {key.press: key.act for key in TABLE}
