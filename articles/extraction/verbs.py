"""A finite verb, told without a parser: closed lists, endings, and the word before it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from articles.extraction import cues
from articles.extraction.lists import words as word_list

if TYPE_CHECKING:
    from articles.extraction.tokens import Token

AUXILIARIES: Final = word_list(
    "is are was were am has have had do does did will would can could may might must shall should",
    "isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't couldn't",
    "mustn't shouldn't cannot ain't",
)
CONTRACTED: Final = ("'s", "'re", "'ve", "'ll", "'d", "'m", "n't")
IRREGULAR: Final = word_list(
    "became began broke brought built bought came caught chose cost cut dealt died drew drove fell felt fought",
    "found flew forgot gave went got grew held hit hurt kept knew laid led left lent let lost made meant met paid",
    "put ran rose said sat saw sent set shot showed shut sank slept slid spent split spoke stood stole struck",
    "swept swore took taught told thought threw understood won wore wrote withdrew overtook outsold underwent",
    "beat ate bore bound bred burst cast clung crept dug fed fled flung forbade froze ground hung heard hid",
    "knelt lay leapt lit overcame read rang rid rode sang sold sought shook shone shrank sprang spread stuck",
    "stung swam swung tore upset woke wound",
)
PRESENT: Final = word_list(
    "says said suggests shows includes remains plans wants needs makes takes gives goes comes gets keeps holds",
    "means seems appears becomes begins believes brings calls carries causes claims concerns contains continues",
    "costs covers creates denies depends describes ends exists expects faces falls follows forces grows happens",
    "helps hopes hosts insists involves joins knows lacks leads leaves lies lives looks loses meets moves offers",
    "opens operates opposes owns pays plays produces promises proposes provides puts reaches receives refuses",
    "relies reports represents requires rises runs seeks sells sends serves sets sits spends stands starts stays",
    "stops supports talks targets tells thinks threatens tries turns understands uses violates votes warns wins",
    "works writes attends casts allows aims argues bans bars confirms cuts denotes employs estimates exceeds",
    "imports exports increases reduces lets marks matters measures raises ranks recalls reflects rejects signs",
    "speaks suffers totals treats urges values visits weighs welcomes accounts agrees announces asks accuses",
    "have are consist remain include account make take need want live work say",
    "employs supplies exceeds earns adds applies argues attracts buys builds closes collects comes compares",
    "contributes converts counts delivers demands derives differs dominates doubles drives earns eats enables",
    "enjoys enters equals fails feeds fits flows follows forms gains generates governs guarantees hears ignores",
    "imposes improves indicates issues justifies kills launches maintains manages obliges occurs pledges possesses",
    "prevents prohibits pursues qualifies raises reads recognises recognizes regards replaces saves separates",
    "shares solves sponsors strengthens teaches trains transports travels undermines wants weakens",
)
# After one of these a word in -s is a verb even where it could be a plural: "the plant now supplies".
_BEFORE_VERB: Final = word_list("now still also currently already often usually today regularly never always")
_NOT_PAST: Final = word_list(
    "need speed seed feed breed indeed hundred united red bed shed sacred naked wicked beloved crooked rugged",
    "alleged so-called armed limited unlimited exceed proceed succeed greed creed weed deed reed steed ted fred",
)
_DETERMINERS: Final = word_list(
    "a an the his her their its our my your this that these those some any no each every of by in on at for",
    "with from about against under over between into through during without than as be been being is are was",
    "were has have had and newly recently highly well-",
)
_NO_SUBJECT: Final = frozenset(',(—–-"“”«»') | {"''", "``"}
_BEFORE_NOUN: Final = word_list("a an the his her their its our my your this these those some any no each every of")


_INFINITIVES: Final = IRREGULAR | PRESENT | word_list("have do")


def is_finite(tokens: list[Token], i: int) -> bool:
    """Whether `tokens[i]` can carry a clause. Errs towards no: a split not made costs less than a wrong one."""
    low = tokens[i].low
    if not _may_be_finite(low):
        return False
    before = tokens[i - 1].low if i else ""
    if before == "to" and low in _INFINITIVES:
        return False
    if low in AUXILIARIES or _is_contracted(low):
        return True
    if before in _BEFORE_VERB and len(low) > 3 and low.endswith("s") and not low.endswith("ss"):
        return not tokens[i].is_capital
    if low in IRREGULAR or low in PRESENT:
        return before not in _BEFORE_NOUN and not (tokens[i].is_capital and i > 0 and low not in cues.SAY)
    return _is_regular_past(tokens, i, before)


@lru_cache(maxsize=1 << 13)
def _may_be_finite(low: str) -> bool:
    """Whether the word is one for some neighbours; most words are one for none."""
    return low.endswith(("s", "ed")) or low in _CLOSED or "'" in low


_CLOSED: Final = AUXILIARIES | IRREGULAR | PRESENT


def _is_contracted(low: str) -> bool:
    head = low.split("'", 1)[0]
    return ("'" in low and low.endswith(CONTRACTED[1:])) or (low.endswith("'s") and head in _SUBJECT_PRONOUNS)


_SUBJECT_PRONOUNS: Final = word_list("he she it that there what who here i you we they let")


def _is_regular_past(tokens: list[Token], i: int, before: str) -> bool:
    low = tokens[i].low
    if not low.endswith("ed") or len(low) < 4 or low in _NOT_PAST or "-" in low or before in _DETERMINERS:
        return False
    if tokens[i].is_capital or (before in _NO_SUBJECT and not _closes_apposition(tokens, i)):
        return False
    return not (i + 1 < len(tokens) and tokens[i + 1].low == "by")  # "the plan announced by the billionaire"


def _closes_apposition(tokens: list[Token], i: int) -> bool:
    """`its leader, Marek Tolvay, called`: between two commas only a name."""
    if tokens[i - 1].text != ",":
        return False
    for j in range(i - 2, max(i - 7, 0), -1):
        if tokens[j].text == ",":
            return j < i - 2 and j > 0 and tokens[j - 1].low.isalpha()
        if not tokens[j].is_capital:
            return False
    return False


def first_finite(tokens: list[Token], start: int = 0, end: int | None = None) -> int | None:
    """Index of the first finite verb in `tokens[start:end]`."""
    stop = len(tokens) if end is None else end
    return next((i for i in range(start, stop) if is_finite(tokens, i)), None)


def starts_predicate(tokens: list[Token], i: int) -> bool:
    """Whether a verb phrase begins at `i`, an adverb or two allowed in front: "later denied", "does not"."""
    for j in range(i, min(i + 3, len(tokens))):
        if is_finite(tokens, j):
            return True
        if not (tokens[j].low in cues.ADVERBS or tokens[j].low.endswith("ly")):
            return False
    return False
