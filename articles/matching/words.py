"""What of a post, a spoken sentence or a claim is compared: its words without the wrapping. Pure Python."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from articles.ranking.words import NUMBER_WORDS, STOP_WORDS, stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

_ADDRESS: Final = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S*|\b\w+\.(?:com|org|net)/\S+")
_HANDLE: Final = re.compile(r"[#@](\w+)")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|_")
# How an embedded post ends: "- Name (@handle) May 4, 2016".
_SIGNATURE: Final = re.compile(
    r"\s*[—–-]\s*(?P<name>[^—–]{1,60}?)\s*\(@\w+\)\s*(?P<date>[A-Z][a-z]+ \d{1,2}, \d{4})?\s*$"
)
_WORD: Final = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_]+(?:['’][^\W\d_]+)?")
_THOUSANDS: Final = re.compile(r",(?=\d{3})")
# What fact-checkers' headlines add around the claim.
_HEADLINE_START: Final = re.compile(
    r"(?i)^(?:(?:analysis|opinion|video|viral|explainer|politifact)\s*[-:|]\s*|"
    r"(?:fact[ -]?check(?:ed|ing)?|false claim|fake news|hoax alert|claim|rumou?r|fake)\s*:\s*)+"
)
_HEADLINE_END: Final = re.compile(r"(?i)\s*(?:\|\s*[^|]{2,30}|[:,;-]?\s*a fact ?check)\s*$")
_MOST_TIMES: Final = 255

ENTRY: Final = np.dtype([("word", "<u4"), ("times", "u1")])


def bare(text: str) -> str:
    """The text without addresses and the signature of an embedded post; #MakeItSo and @Names as words."""
    text = _SIGNATURE.sub("", text)
    text = _ADDRESS.sub(" ", text)
    return " ".join(_HANDLE.sub(_spoken, text).split())


def _spoken(match: re.Match[str]) -> str:
    return f" {_CAMEL.sub(' ', match[1])} "


def signature(text: str) -> tuple[str, str]:
    """Name and date ("May 4, 2016") an embedded post is signed with; "" where there is none."""
    found = _SIGNATURE.search(text)
    return (found["name"], found["date"] or "") if found else ("", "")


def claim_proper(claim: str) -> str:
    """A headline such as "FACT CHECK: Did X do Y? | Outlet" without what is not the claim."""
    return _HEADLINE_END.sub("", _HEADLINE_START.sub("", claim)) or claim


@lru_cache(maxsize=100_000)
def _folded(word: str) -> str:
    """The form that is compared; "" for a stop word."""
    low = word.lower().replace("’", "'")
    low = "not" if low.endswith("n't") else low.split("'")[0]
    if low in STOP_WORDS:
        return ""
    if low[:1].isdigit():
        return _THOUSANDS.sub("", low)
    return NUMBER_WORDS.get(low) or stem(low)


def words_of(text: str) -> list[str]:
    """Content words in order, stemmed; numbers in one spelling."""
    return [folded for folded in map(_folded, _WORD.findall(text)) if folded]


def hashed(word: str) -> int:
    """32 bits that stand for a word in a signature."""
    return zlib.crc32(word.encode())


def packed_words(words: Iterable[str]) -> bytes:
    """Words with how often they occur, as records of `ENTRY`."""
    counts: Mapping[str, int] = Counter(words)
    entries = [(hashed(word), min(times, _MOST_TIMES)) for word, times in counts.items()]
    return np.array(entries, dtype=ENTRY).tobytes()


def unpacked_words(content: bytes) -> NDArray[np.void]:
    """What `packed_words` made, as an array of `ENTRY`."""
    return np.frombuffer(content, dtype=ENTRY)
