"""Which of a few languages a story is in, by its commonest words; "" rather than a guess."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

SAMPLE: Final = 6_000
MIN_HITS: Final = 4
MIN_SHARE: Final = 0.08  # running text has a third of stop words; a list of names has none
MIN_LEAD: Final = 1.25
WORD: Final = re.compile(r"[^\W\d_]+")

STOP_WORDS: Final[dict[str, frozenset[str]]] = {
    code: frozenset(words.split())
    for code, words in {
        "en": (
            "the of and to in that is was for it with as his on be at by had not are but from or "
            "have an they which were has said will their who would been this its after more about "
            "than other when also he she "
        ),
        "es": (
            "el la los las de que y en un una por con para del al se es no lo su más como pero "
            "sus le ha fue este esta son entre cuando muy sin sobre también hasta hay donde desde "
            "según dijo han había años "
        ),
        "fr": (
            "le la les de des du et en un une que qui dans pour par sur au aux est pas plus ne se "
            "ce cette son sa ses il elle ont été avec mais ou où leur selon après sont était "
            "avait être comme entre dit "
        ),
        "de": (
            "der die das und den dem des ein eine einer einen ist im in zu von mit auf für nicht "
            "sich auch als an es werden wird aus bei nach dass sie er wie oder aber hat haben war "
            "wurde sagte am zum zur über "
        ),
        "pt": (
            "o a os as de que e do da dos das em um uma para com não por mais se na no nas nos "
            "como mas foi ao ele ela seu sua ou ser são também pelo pela até isso entre depois "
            "sem mesmo segundo disse tem há "
        ),
        "ru": (
            "и в не на что с по как из это он она они его был была было были за от для о у к же "
            "бы но или при также который которые после году сообщил заявил является может уже "
            "только чтобы если все ее их "
        ),
        "uk": (
            "і в не на що з по як із це він вона вони його був була було були за від для про у до "
            "ж б але або при також який які після році повідомив заявив є може вже тільки щоб "
            "якщо все її їх та та й під "
        ),
        "ar": (
            "في من على إلى أن عن مع هذا هذه التي الذي كان كانت قال بعد بين كما أو لا ما لم قد "
            "خلال ذلك إن وقال وأن وفي ومن عام قبل حول كل أي هو هي غير منذ حتى عند وكان أنه "
        ),
    }.items()
}
OWNERS: Final[dict[str, tuple[str, ...]]] = {
    word: tuple(code for code, words in STOP_WORDS.items() if word in words)
    for words in STOP_WORDS.values()
    for word in words
}
# Letters that only one of the two has decide between Russian and Ukrainian, which share many words.
ONLY_RUSSIAN: Final = frozenset("ыэъё")
ONLY_UKRAINIAN: Final = frozenset("іїєґ")


def detect_language(text: str) -> str:
    """Two-letter code of en, es, fr, de, pt, ru, uk, ar, or "" when the words do not tell."""
    sample = text[:SAMPLE].lower()
    words = WORD.findall(sample)
    hits = Counter(code for word in words for code in OWNERS.get(word, ()))
    ranked = hits.most_common()
    if not ranked or ranked[0][1] < max(MIN_HITS, MIN_SHARE * len(words)):
        return ""
    if {code for code, _ in ranked[:2]} == {"ru", "uk"}:
        return _russian_or_ukrainian(sample, ranked[0][0])
    return _leader(ranked)


def _leader(ranked: list[tuple[str, int]]) -> str:
    runner_up = ranked[1][1] if len(ranked) > 1 else 0
    return ranked[0][0] if ranked[0][1] >= MIN_LEAD * runner_up else ""


def _russian_or_ukrainian(sample: str, fallback: str) -> str:
    letters = Counter(sample)
    russian = sum(letters[letter] for letter in ONLY_RUSSIAN)
    ukrainian = sum(letters[letter] for letter in ONLY_UKRAINIAN)
    if russian == ukrainian:
        return fallback
    return "ru" if russian > ukrainian else "uk"
