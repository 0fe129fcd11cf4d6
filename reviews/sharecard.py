"""The picture that stands for a check where its address is shared: 1200 by 630 pixels. Pure: words in, a PNG out.

The words are shaped by HarfBuzz and FriBiDi inside Pillow, so Arabic joins and Hebrew runs from the right. Two fonts
come with us, so that a card looks the same on every machine. What they have no glyph for, an emoji say, is left out;
where that would take much of a sentence away (Chinese), the card shows the verdict without it.
"""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from PIL import Image, ImageDraw, ImageFont

WIDTH: Final = 1200
HEIGHT: Final = 630
_EDGE: Final = 72
_BAR: Final = 20
_PAPER: Final = "#ffffff"
_INK: Final = "#1b1a18"
_QUIET: Final = "#656259"
# Ink and ground of the seven places of a label, as public.css has them.
_COLOURS: Final = {
    1: ("#9d1a35", "#fbe6ea"), 2: ("#96430b", "#fdecdf"), 3: ("#73580a", "#f9f0d2"), 4: ("#4a6312", "#eef3da"),
    5: ("#14633b", "#e1f2e8"), 6: ("#4e4a78", "#ecebf5"), 7: ("#55565a", "#eeeef0"),
}  # fmt: skip
_FONTS: Final = Path(__file__).parent / "fonts"
_SIZES: Final = (60, 52, 46, 40, 34)
# A joiner that stands alone once the pictures it joined are gone.
_JOINERS: Final = re.compile(r"(?<!\w)[\u200d\u200c]+|[\u200d\u200c]+(?!\w)")
_MOST_LOST: Final = 0.2  # of the letters of a sentence
Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows. `place` is the label's place, 1 to 7, which chooses its colour."""

    statement: str
    label: str
    place: int
    desk: str
    speaker: str = ""
    note: str = ""


@lru_cache(maxsize=128)
def draw(card: Card) -> bytes:
    """The card as a PNG. The last ones are kept, so that a link that is shared widely is drawn once a process."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(picture)
    ink, ground = _COLOURS[card.place]
    pen.rectangle((0, 0, _BAR, HEIGHT), fill=ink)
    _line(pen, f"{printable(card.desk)}  ·  Fact check", 52, size=28, fill=_QUIET)
    bottom = _foot(pen, card, ink, ground)
    _statement(pen, printable(card.statement), top=118, bottom=bottom)
    made = io.BytesIO()
    picture.save(made, "PNG", optimize=True)
    return made.getvalue()


def _foot(pen: ImageDraw.ImageDraw, card: Card, ink: str, ground: str) -> int:
    """The label and who said it; returns where the statement must end."""
    note = printable(card.note)
    top = HEIGHT - (176 if note else 130)
    label = _font(44, bold=True)
    words = _short(printable(card.label), label, WIDTH - 2 * _EDGE - 56)
    width = int(label.getlength(words))
    pen.rounded_rectangle((_EDGE, top, _EDGE + width + 56, top + 76), radius=10, fill=ground)
    pen.text((_EDGE + 28, top + 38), words, font=label, fill=ink, anchor="lm")
    left = _EDGE + width + 56 + 28
    speaker = _font(30)
    if card.speaker and left < WIDTH - 260:
        who = _short(printable(card.speaker), speaker, WIDTH - _EDGE - left)
        pen.text((left, top + 38), who, font=speaker, fill=_QUIET, anchor="lm")
    if note:
        _line(pen, note, top + 96, size=28, fill=_INK)
    return top - 36


def _line(pen: ImageDraw.ImageDraw, words: str, top: int, *, size: int, fill: str) -> None:
    font, way = _font(size), direction(words)
    words = _short(words, font, WIDTH - 2 * _EDGE)
    x, anchor = (WIDTH - _EDGE, "ra") if way == "rtl" else (_EDGE, "la")
    pen.text((x, top), words, font=font, fill=fill, anchor=anchor, direction=way)


def _statement(pen: ImageDraw.ImageDraw, words: str, *, top: int, bottom: int) -> None:
    """As large as it fits, cut off at the smallest size."""
    if not words:
        return
    way = direction(words)
    for size in _SIZES:
        font, height = _font(size, bold=True), int(size * 1.3)
        room = (bottom - top) // height
        lines = wrapped(words, font, WIDTH - 2 * _EDGE)
        if len(lines) <= room or size == _SIZES[-1]:
            break
    if len(lines) > room:
        lines = [*lines[: room - 1], _short(" ".join(lines[room - 1 :]), font, WIDTH - 2 * _EDGE)]
    x, anchor = (WIDTH - _EDGE, "ra") if way == "rtl" else (_EDGE, "la")
    for number, line in enumerate(lines):
        pen.text((x, top + number * height), line, font=font, fill=_INK, anchor=anchor, direction=way)


@lru_cache(maxsize=16)
def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(_FONTS / name, size, layout_engine=ImageFont.Layout.RAQM)


def wrapped(words: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Lines no wider than that; a word that is wider by itself is broken."""
    lines: list[str] = []
    for word in words.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
            continue
        lines += _pieces(word, font, width)
    return lines


def _pieces(word: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """A word in pieces that fit; most words are one."""
    found = []
    while font.getlength(word) > width:
        fits = _fits(word, font, width)
        found.append(word[:fits])
        word = word[fits:]
    return [*found, word]


def _fits(word: str, font: ImageFont.FreeTypeFont, width: int) -> int:
    """How many characters of a word fit, one at least."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(word[:middle]) <= width else (low, middle - 1)
    return low


def _short(words: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    if font.getlength(words) <= width:
        return words
    return f"{words[: _fits(words, font, width - int(font.getlength('…')))].rstrip()}…"


def direction(words: str) -> Direction:
    """That of the first letter that has one (https://www.unicode.org/reports/tr9/, rule P2)."""
    for one in words:
        way = unicodedata.bidirectional(one)
        if way in ("R", "AL"):
            return "rtl"
        if way == "L":
            return "ltr"
    return "ltr"


def printable(words: str) -> str:
    """The words without what the fonts cannot show; "" where that is much of them."""
    kept = "".join(one for one in unicodedata.normalize("NFC", words) if one.isspace() or _shown(one))
    kept = _JOINERS.sub("", kept)
    letters = sum(one.isalpha() for one in words)
    lost = letters - sum(one.isalpha() for one in kept)
    return "" if letters and lost / letters > _MOST_LOST else " ".join(kept.split())


@lru_cache(maxsize=4096)
def _shown(one: str) -> bool:
    if unicodedata.category(one) in ("Cc", "Cs", "Co", "Cn") or "\ufe00" <= one <= "\ufe0f":
        return False
    return unicodedata.category(one) in ("Cf", "Mn", "Mc") or _glyph(one) != _glyph("\U0010ffff")


def _glyph(one: str) -> bytes:
    return bytes(_font(_SIZES[-1], bold=True).getmask(one))
