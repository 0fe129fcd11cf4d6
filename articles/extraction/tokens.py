"""Words and punctuation of a stretch of text, with their places. The one tokeniser of the package."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"(?:[A-Z]\.){2,}"  # U.S.
    r"|[^\W\d_]+(?:[-'’‐‑][^\W\d_]+)*[’']?(?![\w])"
    r"|\d+(?:[.,:]\d+)*(?:(?:st|nd|rd|th)\b)?"
    r"|\w+"
    r"|\.\.\.|``|''|--"
    r"|[^\w\s]"
)


class Token(NamedTuple):
    """One word or mark: `text[start:end]`, and the same in lower case with straight apostrophes."""

    text: str
    start: int
    end: int
    low: str

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Tokens of `text[start:end]`; offsets count in `text`. Linear in the stretch."""
    stop = len(text) if end is None else end
    return list(_tokens(text, start, stop))


@lru_cache(maxsize=64)
def _tokens(text: str, start: int, stop: int) -> tuple[Token, ...]:
    """A sentence and the claims in it are read for names, verbs and wording one after the other: few are enough."""
    found = []
    for match in _TOKEN.finditer(text, start, stop):
        word, low = _spelling(match.group())
        begin = match.start()
        found.append(Token(word, begin, begin + len(word), low))
    return tuple(found)


@lru_cache(maxsize=1 << 13)
def _spelling(word: str) -> tuple[str, str]:
    """The word, and the word in lower case with straight apostrophes."""
    # A closing single quote is not part of the word unless the word is a plural possessive.
    if word[-1] in "'’" and word[0].isalnum() and word[-2] not in "sS":
        word = word[:-1]
    return word, word.lower().replace("’", "'")


def without_asides(tokens: list[Token]) -> list[Token]:
    """Short brackets left out: "Senator Jane Roe (R-Vessin) said" reads like "Senator Jane Roe said"."""
    kept: list[Token] = []
    i = 0
    while i < len(tokens):
        if tokens[i].text == "(":
            close = next((k for k in range(i, min(len(tokens), i + _ASIDE)) if tokens[k].text == ")"), None)
            if close is not None and kept:
                i = close + 1
                continue
        kept.append(tokens[i])
        i += 1
    return kept


_ASIDE: Final = 8


def without_possessive(word: str) -> str:
    """ "Musk's" -> "Musk", "officials'" -> "officials"."""
    for ending in ("'s", "’s", "'", "’"):
        if word.endswith(ending):
            return word[: -len(ending)]
    return word
