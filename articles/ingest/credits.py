"""Picture credits: where one begins, where it ends, and which words behind it are the caption.

A credit reads "© Agency / Name". Scraped stories glue the caption to it, with or without a space, and
mostly give the same credit once more on a line of its own; that second copy tells where the name ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from articles.ingest.lines import ends_sentence
from articles.ingest.names import CAPTION_STARTERS, is_name_like, is_pure_name, name_length, office_words_end

HEAD: Final = 260  # a credit never is longer; nothing behind this is looked at
MAX_COPIED: Final = 2_000  # longer lines are no captions, so no copy of their end is looked for
MARK: Final = re.compile(
    r"(?:©|\([cC]\)(?=\s?(?-i:[A-ZА-ЯІЇЄҐ]))|&copy;)\s?"
    r"|(?:photo|image|picture|video|foto|фото|crédit|credit|courtesy)(?:\s(?:credit|crédit|courtesy))?"
    r"(?:\s?[:©]|\s(?:by|of|von|de|par)(?=\s(?-i:[A-Z])))\s?",
    re.I,
)
BANK: Final = re.compile(
    r"go to the (?:media ?bank|photo ?bank)|(?:перейти|перейдіть) [ву] (?:медиа|медіа|фото)банк"
    r"|ir al banco de imágenes|accéder à la base multimédia|zur mediathek|ir para o banco de imagens",
    re.I,
)
# A credit in the middle of a line: the mark, an agency, a slash, a name.
INNER: Final = re.compile(r"(?<=\S)\s?(?:©\s?[^/\n©]{2,40}/\s?\S|\([cC]\)\s?[A-ZА-Я][\w.&’' -]{1,38}\s?/\s?[A-ZА-Я])")
TRAILING: Final = re.compile(
    r"\s*[(\[]?(?:©\s?|[Pp]hoto(?:\scredit)?:\s|[Pp]hotos?\sby\s|[Cc]redit:\s|[Ii]mage:\s"
    r"|(?:AP|REUTERS|AFP|EPA|Getty(?:\sImages)?)(?:\sPhoto)?\s?/\s?)"
    r"(?P<name>[^()\[\]©\n]{2,70})[)\]]?$"
)
# "(Jona Besk/AFP/Getty Images)", the photographer first.
NAMED_TRAILING: Final = re.compile(
    r"\s*[(\[](?P<name>[^()\[\]©\n/]{2,50}/(?:(?i:AP|REUTERS|AFP|EPA|GETTY|POOL|TASS|DPA)\b)[^()\[\]\n]{0,40})[)\]]\.?$"
)
TRAILING_WINDOW: Final = 120
COPYRIGHT: Final = re.compile(
    r"(?:copyright\b.{0,5}|©\s?|\(c\)\s?)(?:©\s?|\(c\)\s?)?(?:19|20)\d\d\b(?!\s?/)"
    r"|.{0,150}\ball rights reserved\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class CreditLine:
    """A line split in two; either part may be empty, not both."""

    credit: str
    caption: str


@dataclass(frozen=True, slots=True)
class Copies:
    """What the rest of the story knows: credits that may stand alone, and lines that hold no credit."""

    credits: frozenset[str]
    lines: frozenset[str]


def is_copyright_notice(line: str) -> bool:
    return len(line) <= HEAD and bool(COPYRIGHT.match(line)) and "/" not in line[:40]


def starts_with_credit(line: str) -> bool:
    """Whether the line begins with a credit. "(c)" alone may count the parts of a list, so it needs more."""
    mark = MARK.match(line)
    if not mark:
        return False
    head = line[mark.end() : HEAD]
    if mark.group().startswith(("(c)", "(C)")):
        return "/" in head[:60] or (is_pure_name(head) and not ends_sentence(line))
    return True


def credit_key(line: str) -> str:
    """A credit as it is compared: without closing slashes and spaces around them."""
    return line.rstrip("/ |")


def copies_of(lines: list[str]) -> Copies:
    """Collect what `split_credit` may lean on from all lines of the story."""
    credits = [line for line in lines if starts_with_credit(line)]
    return Copies(
        frozenset(credit_key(line) for line in credits if len(line) <= HEAD),
        frozenset(line for line in lines if len(line) <= MAX_COPIED) - frozenset(credits),
    )


def split_inner(line: str) -> list[str]:
    """Cut a line before every credit that begins inside it."""
    cuts = [match.start() for match in INNER.finditer(line)]
    edges = [0, *cuts, len(line)]
    parts = (line[start:end].strip() for start, end in pairwise(edges))
    return [part for part in parts if part]


def split_credit(line: str, copies: Copies) -> CreditLine:
    """Split a line that begins with a credit, by the surest sign there is."""
    end = _bank_end(line) or _copied_credit_end(line, copies) or _copied_caption_start(line, copies)
    if end is None:
        end = _guessed_end(line)
    return CreditLine(line[:end].strip(), line[end:].strip(" /|"))


def split_trailing(line: str) -> CreditLine | None:
    """Cut off a credit at the end: "... at dawn (AP Photo/Jane Roe)". None where there is none."""
    start = max(0, len(line) - TRAILING_WINDOW)
    match = NAMED_TRAILING.search(line, start) or TRAILING.search(line, start)
    if not match or match.start() == 0 or not is_pure_name(match["name"]):
        return None
    return CreditLine(line[match.start() :].strip(), line[: match.start()].strip())


def _bank_end(line: str) -> int | None:
    match = BANK.search(line, 0, HEAD)
    return match.end() if match else None


def _copied_credit_end(line: str, copies: Copies) -> int | None:
    """End of the longest credit that stands alone elsewhere and that this line begins with."""
    ends = [end for end in _word_ends(line) if line[:end] in copies.credits and end < len(credit_key(line))]
    return max(ends, default=None)


def _copied_caption_start(line: str, copies: Copies) -> int | None:
    """Start of the first words to the end of the line that are a whole line elsewhere."""
    if len(line) > MAX_COPIED:
        return None
    starts = (match.start() for match in re.finditer(r"\S+", line[:HEAD]))
    return next((start for start in starts if start and line[start:] in copies.lines), None)


def _word_ends(line: str) -> list[int]:
    """Where a word ends; also in "BednyakovA woman", where the space was lost."""
    return [match.end() for match in re.finditer(r"[^\s/]+?(?=[\s/]|$|(?<=[^\W\d_A-Z])[A-ZА-Я])", line[:HEAD])]


def _guessed_end(line: str) -> int:
    """No copy to lean on: walk the parts between slashes as long as they look like names."""
    mark = MARK.match(line)
    at = mark.end() if mark else 0
    parts = 0
    while True:
        slash = line.find("/", at, HEAD)
        if slash < 0 or not is_name_like(line[at:slash]):
            break
        at = slash + 1
        parts += 1
    return at + _name_end(line[at:HEAD], is_whole=len(line) <= HEAD, is_named=parts > 1)


def _name_end(tail: str, *, is_whole: bool, is_named: bool) -> int:
    """How many characters of the words behind the last slash are still credit.

    `is_named` means that agency and name stood before it, so that all but "Pool" and the like is caption.
    """
    words = list(re.finditer(r"\S+", tail))
    if not words or words[0].group() in CAPTION_STARTERS:
        return 0
    if is_whole and is_pure_name(tail):
        return len(tail)
    bare = [word.group() for word in words]
    count = office_words_end(bare, 0) if is_named else name_length(bare)
    return words[count - 1].end() if count else 0
