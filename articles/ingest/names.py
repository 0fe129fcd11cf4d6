"""Do these words look like a name? Rules of thumb for credits and bylines, in any cased script."""

from __future__ import annotations

import re
from typing import Final

from articles.ingest.words import word_set

# Small words inside names.
PARTICLES: Final = word_set(
    "de da do dos das del della di du la le van von der den ter bin ibn al el of the and for y e et und",
    "via и по за & - – — |",
)
# Ordinary words that credits hold although they name no person.
OFFICE_WORDS: Final = word_set(
    "photo photos picture pool file handout stringer courtesy screenshot video press service office",
    "ministry agency images archive illustration montage social media twitter telegram facebook",
    "instagram youtube satellite contributor staff freelance пресс-служба фото архив видео скриншот пул",
)
# These stand where a name would stand, alone.
NAMELESS: Final = word_set("handout stringer pool screenshot")
# Capitalised words that begin a caption and hardly ever stand inside a name.
CAPTION_STARTERS: Final = word_set(
    "A An The In On At This These That Those People Two Three Four Five Several Some Many Men Women",
    "Children Workers Soldiers Police Firefighters Protesters Residents Visitors Participants From",
    "During After Before Un Una Une Eine Ein Los Las Les Der Das Die",
)
ACRONYMS: Final = word_set(
    "US U.S. UK U.K. EU UN NATO CEO USA OPEC IMF WHO",
)
MAX_NAME_WORDS: Final = 10
USUAL_NAME: Final = 2
WORD: Final = re.compile(r"\S+")


def is_name_like(text: str) -> bool:
    """Whether every word is capitalised, a particle, or an office word; empty text is not."""
    words = WORD.findall(text[:400])
    return 0 < len(words) <= MAX_NAME_WORDS and all(_may_be_in_name(word) for word in words)


def is_pure_name(text: str) -> bool:
    """`is_name_like`, and no caption begins inside it: "Jane Roe The barrage" is a name and more."""
    if not is_name_like(text):
        return False
    words = WORD.findall(text)
    return not any(_starts_caption(words, index) for index in range(len(words)))


def name_length(words: list[str]) -> int:
    """How many of the first words are a name when more follows it.

    A caption word such as "A" ends it, a run of capitals ends with the capitals, and otherwise a name is
    two words, initials and particles not counted.
    """
    starter = next((index for index in range(1, min(len(words), 6)) if _starts_caption(words, index)), None)
    if starter is not None and all(_may_be_in_name(word) for word in words[:starter]):
        return starter
    if words[0].casefold() in NAMELESS:
        return office_words_end(words, 1)
    if _is_shouted(words[0]):
        return _shouted_run(words)
    return _usual_name(words)


def split_names(text: str) -> tuple[str, ...]:
    """The people of "Jane Roe, John Doe and Ana Verrel"."""
    parts = re.split(r"\s*(?:,|;|&|\band\b|\bund\b|\by\b|\bet\b|\bи\b|\bта\b)\s*", text)
    return tuple(part.strip(" .") for part in parts if part.strip(" ."))


def _usual_name(words: list[str]) -> int:
    counted = 0
    for index, word in enumerate(words):
        if not _may_be_in_name(word):
            return index
        counted += _counts(word) or (index == 0 and _is_initial(word))
        if counted == USUAL_NAME:
            return office_words_end(words, index + 1)
    return len(words)


def office_words_end(words: list[str], end: int) -> int:
    """ "Jane Roe/Pool", "Jane Roe via AP": what the name drags along."""
    while end < len(words) and words[end].casefold().strip("/,") in {"pool", "via", "file", "handout"}:
        end += 2 if words[end].casefold() == "via" else 1
    return min(end, len(words))


def _shouted_run(words: list[str]) -> int:
    run = next((index for index, word in enumerate(words[:5]) if not _is_shouted(word)), min(len(words), 5))
    while run > 1 and words[run - 1] in ACRONYMS:
        run -= 1
    return run


def _is_shouted(word: str) -> bool:
    return len(word) > 2 and word.isupper()


def _starts_caption(words: list[str], index: int) -> bool:
    after_particle = index > 0 and words[index - 1].casefold() in PARTICLES
    return words[index] in CAPTION_STARTERS and not after_particle


def _is_initial(word: str) -> bool:
    """ "J.", which stands for a first name."""
    return len(word) == 2 and word[0].isupper() and word[1] == "."


def _counts(word: str) -> bool:
    """Whether the word is one of the two of a usual name: no initial, no particle, no office word."""
    bare = word.strip(".,/")
    return len(bare) > 1 and bare.casefold() not in PARTICLES | OFFICE_WORDS


def _may_be_in_name(word: str) -> bool:
    bare = word.strip("().,:;/'\"’“”")
    if not bare or bare.casefold() in PARTICLES or bare.casefold() in OFFICE_WORDS:
        return True
    return bare[0].isupper() or bare[0] in "@#0123456789" or not (bare[0].isupper() or bare[0].islower())
