"""What became of each sentence in the next version of a text."""

from __future__ import annotations

import random
import re

import pytest

from articles.anchoring.sentences import follow

OLD = "The tram opened. It carries 30,000 people a day. It is a fine day for the bay. The mayor smiled."


def spans(text: str) -> list[tuple[int, int]]:
    return [(found.start(), found.end()) for found in re.finditer(r"\S[^.]*\.", text)]


def told(old: str, new: str) -> list[tuple[str, str]]:
    found = follow(old, new, spans(old), spans(new))
    return [(one.kind, new[slice(*one.span)] if one.span else "") for one in found]


@pytest.mark.parametrize(
    ("new", "third"),
    [
        (OLD, ("kept", "It is a fine day for the bay.")),
        ("Late on Monday there was news. " + OLD, ("kept", "It is a fine day for the bay.")),
        (OLD.replace("a fine day", "a grey day"), ("changed", "It is a grey day for the bay.")),
        (OLD.replace("It is a fine day for the bay", "Rain fell on everybody who had come"),
         ("changed", "Rain fell on everybody who had come.")),
        (OLD.replace("It is a fine day for the bay. ", ""), ("gone", "")),
        (OLD.replace("a fine day for the bay.", "a fine day for the bay, they said."),
         ("changed", "It is a fine day for the bay, they said.")),
        ("Nothing of it is left here.", ("gone", "")),
        ("", ("gone", "")),
    ],
)  # fmt: skip
def test_the_third_sentence(new: str, third: tuple[str, str]) -> None:
    assert told(OLD, new)[2] == third


def test_a_sentence_whose_copy_came_in_is_asked_about() -> None:
    old = "One thing happened here today. It is a fine day. Another thing happened there later."
    new = "It is a fine day. Nothing else did. Another thing happened there later, and so on. It is a fine day."
    assert told(old, new)[1][0] in {"moved", "changed"}


def test_random_edits_never_keep_a_sentence_on_other_words() -> None:
    """600 edits: whatever is kept says the same words, and what was not touched is kept."""
    numbers, untouched, kept = random.Random(7), 0, 0
    old = " ".join(f"Sentence number {n} tells of {n * 37} things in the harbour." for n in range(30))
    for _ in range(600):
        parts = [old[start:end] for start, end in spans(old)]
        at = numbers.randrange(len(parts))
        act = numbers.choice(["drop", "change", "insert", "move"])
        if act == "drop":
            del parts[at]
        elif act == "change":
            parts[at] = parts[at].replace("things", "other things").replace("harbour", "old town")
        elif act == "insert":
            parts.insert(at, "A wholly new sentence came in between.")
        else:
            parts.insert(numbers.randrange(len(parts)), parts.pop(at))
        new = " ".join(parts)
        for (start, end), one in zip(spans(old), follow(old, new, spans(old), spans(new)), strict=True):
            words = old[start:end]
            if one.kind == "kept":
                assert one.span is not None
                assert new[slice(*one.span)] == words
            if words in parts:
                untouched += 1
                kept += one.kind == "kept"
    assert kept / untouched >= 0.99
