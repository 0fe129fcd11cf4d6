"""Reported speech inside one sentence: who, by which words, says what. Word order is all it has to go by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from articles.extraction import cues, verbs
from articles.extraction.lists import words as word_list
from articles.extraction.subjects import MARKS, Range, main_subject, phrase_after, subject_before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.extraction.tokens import Token

QUOTE_MARKS: Final = frozenset('"“”«»„') | {"``", "''"}
_ASKING: Final = word_list("whether if how why what who where when")
_NO_CLAUSE: Final = word_list("about of to for with on in at by from as against into over between . , ; : - –")
_REACH: Final = 16
_CUES: Final = cues.SAY | cues.CLAIM | cues.DENY | cues.QUESTION
_PASSIVE: Final = word_list("was were been be is are being")


class Report(NamedTuple):
    """Token ranges inside the sentence; `noun` is the report noun in between ("denied claims that ...")."""

    source: Range | None
    cue: Range
    content: tuple[Range, ...]
    word: str
    noun: str = ""


class Line(NamedTuple):
    """One sentence ready for the rules: its tokens, and for each whether it stands inside quotation marks."""

    tokens: list[Token]
    quoted: list[bool]


def find_reports(line: Line) -> list[Report]:
    """Every report of the sentence, in the order of its cue."""
    found = list(_according(line))
    for i, token in enumerate(line.tokens):
        if line.quoted[i] or token.low not in _CUES:
            continue
        if _is_noun(line.tokens, i):
            continue
        report = _as_told(line, i) or _tail(line, i) or _head(line, i)
        if report is not None and all(a < b for a, b in report.content):
            found.append(report)
    found.extend(_noun_reports(line, found))
    return _cut_overlaps(sorted(found, key=lambda r: r.cue))


def _as_told(line: Line, i: int) -> Report | None:
    """`As Roe noted, X`, and `X, as Roe noted, goes on`."""
    tokens = line.tokens
    end = i + 2 if i + 1 < len(tokens) and tokens[i + 1].low in {"out", "it"} else i + 1
    source = subject_before(tokens, i)
    if source is None or source[0] == 0 or tokens[source[0] - 1].low != "as" or tokens[i].low not in _AS_CUES:
        return None
    if end < len(tokens) and tokens[end].text not in {",", "."}:
        return None
    parts = [(0, source[0] - 1), (end + 1, _stop(tokens))]
    told = tuple(part for part in parts if part[1] - part[0] > 2)
    return Report(source, (i, end), told, tokens[i].low) if told else None


_AS_CUES: Final = cues.SAY | word_list("pointed points reported reports argued argues showed suggested predicted")


def _is_noun(tokens: list[Token], i: int) -> bool:
    low = tokens[i].low
    if low not in cues.NOUN_OR_VERB or i == 0:
        return False
    before = tokens[i - 1]
    if before.low.endswith(("'s", "s'")) and before.low not in {"that's", "it's"}:
        return True
    denied = any(tokens[k].low in cues.DENY for k in range(max(0, i - 4), i))
    return before.low in _NOUN_BEFORE or denied


_NOUN_BEFORE: Final = word_list(
    "the a an his her their its our my your this that these those some any no such of by in on for from with new"
    " false several many multiple media news recent earlier unconfirmed previous to have has had raise raises raised"
    " face faces answer answered"
)


def _according(line: Line) -> Iterator[Report]:
    tokens = line.tokens
    for i in range(len(tokens) - 2):
        if tokens[i].low != "according" or tokens[i + 1].low != "to" or line.quoted[i]:
            continue
        source = phrase_after(tokens, i + 2)
        if source is None:
            continue
        content = _around(tokens, i, source[1])
        if content is not None:
            yield Report(source, (i, i + 2), (content,), "according to")


def _around(tokens: list[Token], start: int, end: int) -> Range | None:
    """Content of "according to": after it at the beginning of a sentence, else before it."""
    if start <= 1:
        comma = next((k for k in range(end, len(tokens)) if tokens[k].text == ","), None)
        return (comma + 1, _stop(tokens)) if comma is not None else (end, _stop(tokens))
    begin = 0
    stop = start - 1 if tokens[start - 1].text in {",", "-", "—", "–"} else start
    return (begin, stop) if stop > begin else None


def _stop(tokens: list[Token]) -> int:
    end = len(tokens)
    while end > 0 and tokens[end - 1].text in {".", "!", ";", ","}:
        end -= 1
    return end


def _tail(line: Line, i: int) -> Report | None:
    """Content first: `X, he said`, `"X," said Peskov`, also with more content after it."""
    tokens = line.tokens
    if tokens[i].low not in cues.SAY and tokens[i].low not in cues.CLAIM:
        return None
    if i > 0 and tokens[i - 1].text in _SEPARATORS and not _follows_apposition(tokens, i):
        return _inverted(line, i)
    source = subject_before(tokens, i)
    if source is None or source[0] == 0 or tokens[source[0] - 1].text not in _SEPARATORS:
        return None
    interrupts = _interrupts(tokens, i)
    if not interrupts and not (_is_content(line, 0, source[0] - 1) and _ends_here(line, i + 1)):
        return None
    return _framed(line, source, (i, i + 1), source[0] - 1, i + 1)


_SEPARATORS: Final = QUOTE_MARKS | {",", "—", "–", "-", "--", "?", "!"}


def _interrupts(tokens: list[Token], i: int) -> bool:
    """`All of which, he said, would help`: the clause goes on after a second comma."""
    closed = i + 4 < len(tokens) and tokens[i + 1].text == ","
    if closed and tokens[i].low in cues.SAY and tokens[i + 2].low in verbs.AUXILIARIES | _GOES_ON:
        return True
    return closed and not tokens[i + 2].low.endswith("ing") and verbs.first_finite(tokens, i + 2) is not None


_GOES_ON: Final = verbs.IRREGULAR | verbs.PRESENT


def _follows_apposition(tokens: list[Token], i: int) -> bool:
    """`..., Jane Roe, the mayor, said at a meeting`: the comma before "said" closes an apposition."""
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    alone = after is None or after.text in {".", ","} or after.low in _NO_CLAUSE or after.low in _DAYS
    return alone and tokens[i - 1].text == "," and subject_before(tokens, i) is not None


def _inverted(line: Line, i: int) -> Report | None:
    if line.tokens[i].low not in cues.SAY or line.tokens[i].low.endswith("ing"):
        return None
    source = phrase_after(line.tokens, i + 1)
    if source is None or not _is_content(line, 0, i - 1) or line.tokens[i + 1].low in {"that", "to"}:
        return None
    return _framed(line, source, (i, i + 1), i - 1, source[1])


def _is_content(line: Line, start: int, end: int) -> bool:
    if any(line.quoted[start:end]):
        return True
    if end - start < 3:
        return False
    if line.tokens[start].low in _SUBORDINATE:
        comma = next((k for k in range(start, end) if line.tokens[k].text == ","), end)
        start = (
            comma + 1
        )  # "While the council met, he said" reports nothing; "If it fails, the city pays, he said" does
    return verbs.first_finite(line.tokens, start, end) is not None


_SUBORDINATE: Final = word_list("asked when while after as if although since before because")


def _ends_here(line: Line, i: int) -> bool:
    """Whether nothing is told after the verb: the sentence ends, or only time and place follow."""
    tokens = line.tokens
    if i >= len(tokens) or tokens[i].text in {".", ",", "!", ";", "—", "–", ")"} or tokens[i].text in QUOTE_MARKS:
        return not _quote_follows(line, i)
    if tokens[i].low in {"that", "he", "she", "they", "it", "i", "we", "whether", ":"}:
        return False
    until = next((k for k in range(i, len(tokens)) if tokens[k].text in MARKS or tokens[k].text == "."), len(tokens))
    return verbs.first_finite(tokens, i, until) is None and not any(tokens[k].low == "that" for k in range(i, until))


def _quote_follows(line: Line, i: int) -> bool:
    after = (
        line.quoted[i + 1 : i + 3] if i < len(line.tokens) and line.tokens[i].text == "," else line.quoted[i : i + 1]
    )
    return any(after) and not any(line.quoted[:i])


def _framed(line: Line, source: Range, cue: Range, end: int, resume: int) -> Report:
    """Content before the frame, and after it where the sentence goes on with it."""
    tokens = line.tokens
    parts = [(0, end)]
    comma = next((k for k in range(resume, len(tokens)) if tokens[k].text == "," or line.quoted[k]), None)
    if (
        comma is not None
        and len(tokens) - comma > 3
        and (line.quoted[comma] or line.quoted[comma + 1] or tokens[comma + 1].low not in _MERE_FRAME)
    ):
        begin = comma + 1 if tokens[comma].text == "," else comma
        if any(line.quoted[begin:]) or verbs.first_finite(tokens, begin) is not None:
            parts.append((begin, _stop(tokens)))
    return Report(source, cue, tuple(part for part in parts if part[0] < part[1]), tokens[cue[0]].low)


_MERE_FRAME: Final = word_list(
    "adding who saying noting with as in on after during at before while when according referring speaking citing"
)
"""What goes on like this after "he said," belongs to the telling."""


def _head(line: Line, i: int) -> Report | None:
    """Source first: `Peskov said (that) X`, `Peskov called it "X"`, `..., saying that X`."""
    tokens = line.tokens
    source = _head_source(tokens, i)
    start, noun = _content_start(line, i)
    if start is None or (source is None and not (start and tokens[start - 1].low == "that")):
        return None
    if source is not None and i in range(source[0], source[1]):
        return None
    return Report(source, (i, i + 1), ((start, _stop(tokens)),), tokens[i].low, noun)


def _head_source(tokens: list[Token], i: int) -> Range | None:
    if i > 0 and tokens[i - 1].low in _PASSIVE and tokens[i].low.endswith("ed"):
        return _by_whom(tokens, i)
    if tokens[i].low.endswith("ing") and i > 0:
        return main_subject(tokens, i)
    direct = subject_before(tokens, i)
    if direct is not None:
        return direct
    return main_subject(tokens, i) if i > 0 and tokens[i - 1].low in {"and", "but", ","} else None


def _by_whom(tokens: list[Token], i: int) -> Range | None:
    if i + 1 < len(tokens) and tokens[i + 1].low == "by":
        return phrase_after(tokens, i + 2)
    return None


def _content_start(line: Line, i: int) -> tuple[int | None, str]:
    tokens, low = line.tokens, line.tokens[i].low
    for k in range(i + 1, min(len(tokens), i + _REACH)):
        if tokens[k].text == "," and k + 1 < len(tokens) and tokens[k + 1].low.endswith("ing"):
            return None, ""
        if tokens[k].low == "that" and low not in cues.QUOTE_ONLY and not _points(tokens, k):
            return k + 1, _report_noun(tokens, i + 1, k)
        if tokens[k].text in QUOTE_MARKS and line.quoted[k]:
            return k, ""
        if tokens[k].low in _ASKING and k <= i + 3 and low not in cues.QUOTE_ONLY:
            return k, ""
        if verbs.is_finite(tokens, k):
            break
    if low in cues.TO_VERBS and any(tokens[k].low == "to" for k in range(i + 1, min(len(tokens), i + 6))):
        return i + 1, ""
    return _bare_clause(tokens, i)


_COUNTS: Final = word_list(
    "one two three four five six seven eight nine ten eleven twelve dozens hundreds thousands millions",
    "many most some",
    "several all both half none few each any either neither much more less part parts members those",
)


def _points(tokens: list[Token], k: int) -> bool:
    """ "rejected that argument in a ruling": the word points to a noun and opens no clause."""
    if k + 2 >= len(tokens) or tokens[k + 1].low in _COUNTS:  # "that three of the turbines had stood still"
        return False
    return tokens[k + 2].low in _NO_CLAUSE and tokens[k + 1].low.isalpha()


def _report_noun(tokens: list[Token], start: int, end: int) -> str:
    return next((tokens[k].low for k in range(start, end) if tokens[k].low in cues.REPORT_NOUNS), "")


def _bare_clause(tokens: list[Token], i: int) -> tuple[int | None, str]:
    low = tokens[i].low
    if low in cues.QUOTE_ONLY or i + 1 >= len(tokens):
        return None, ""
    if tokens[i + 1].low in {"that", "this"} and _points(tokens, i + 1):
        return None, ""
    start, noun = i + 1, ""
    if tokens[start].low in cues.REPORT_NOUNS and low in cues.DENY | cues.CLAIM:
        start, noun = start + 1, tokens[start].low
    elif low in {"told", "tells", "telling", "assured", "tell", "reminded", "informed"}:
        start = _skip_listener(tokens, start)
    elif tokens[start].text == ":":
        return (start + 1, "") if start + 2 < len(tokens) else (None, "")
    start = _skip_time(tokens, start + (tokens[start].low == "out"))
    if start >= len(tokens):
        return None, ""
    return (start, noun) if _is_clause(tokens, start, 9 if low in cues.THAT_ONLY else _REACH) else (None, "")


def _is_clause(tokens: list[Token], start: int, reach: int) -> bool:
    """Whether a clause begins at `start`: with a pronoun, or with a subject and its verb in reach."""
    if tokens[start].low in _SUBJECTS and start + 1 < len(tokens) and tokens[start + 1].is_word:
        return True
    verb = verbs.first_finite(tokens, start + 1, min(len(tokens), start + reach))
    return verb is not None and tokens[start].low not in _NO_CLAUSE


_SUBJECTS: Final = word_list("he she they we i")


def _skip_listener(tokens: list[Token], start: int) -> int:
    """After "told": the listener, up to the subject of what was told."""
    end = start + 1
    while end < len(tokens) and end - start < 7 and tokens[end].is_capital:
        end += 1
    return end if end < len(tokens) else start


def _skip_time(tokens: list[Token], start: int) -> int:
    """ "said on Wednesday the talks failed", "said Tuesday"."""
    i = start
    if i + 1 < len(tokens) and tokens[i].low == "on":
        i += 1
    if i < len(tokens) and tokens[i].low in _DAYS:
        return min(i + 1, len(tokens) - 1)
    return start


_DAYS: Final = word_list("monday tuesday wednesday thursday friday saturday sunday yesterday today")


def _noun_reports(line: Line, known: list[Report]) -> Iterator[Report]:
    """ "amid reports that X", "Roe's claim that X"."""
    tokens = line.tokens
    taken = {part[0] for report in known for part in report.content}
    for i in range(len(tokens) - 2):
        if tokens[i].low in cues.NOUNS and tokens[i + 1].low == "that" and not line.quoted[i] and i + 2 not in taken:
            owner = (i - 1, i) if i > 0 and tokens[i - 1].low.endswith(("'s", "s'")) else None
            noun = tokens[i].low if tokens[i].low in cues.REPORT_NOUNS else ""
            yield Report(owner, (i, i + 1), ((i + 2, _stop(tokens)),), tokens[i].low, noun)


def _cut_overlaps(reports: list[Report]) -> list[Report]:
    """A content ends where the next report of the same speaker begins: `said X, adding that Y`."""
    return [_cut(report, reports[n + 1 :]) for n, report in enumerate(reports)]


def _cut(report: Report, later: list[Report]) -> Report:
    parts = []
    for start, end in report.content:
        borders = [r.source[0] - 1 for r in later if r.source and r.content[0][0] == 0 and start < r.source[0] - 1]
        borders += [r.cue[0] for r in later if start < r.cue[0] < end and (r.source == report.source or not r.source)]
        parts.append((start, min([end, *borders])))
    return report._replace(content=tuple(part for part in parts if part[0] < part[1]))
