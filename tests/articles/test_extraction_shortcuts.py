"""What is looked for before a pattern is tried must never hide what the pattern would have found."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.extraction import checkworthy, dates, features, kinds, numbers
from articles.extraction.checkworthy import score_sentence, worth_of
from articles.extraction.training import read_taught

SENTENCES = [example.text for example in read_taught()]
SCRAPS = (
    *SENTENCES[::20],
    "on Monday last week the 3rd quarter of 2021, 12 May, May 12, this March, since 1990s",
    "ſince May ٢٠٢١ and 5 KILOMETRES, seventeen of ninety",
    "two and a half years earlier, tomorrow night, between 1999 and 2004, 12.05.2021",
    "won't shall 'll because caused the highest record aged 40 U.S.",
)
texts = st.lists(st.sampled_from([*SCRAPS, *" ".join(SCRAPS).split()]), min_size=1, max_size=6).map(" ".join)


def unguarded(text: str) -> dict[str, list[str]]:
    straight = text.replace("’", "'").replace("‘", "'")
    found = {}
    for name, pattern in features.PATTERNS.items():
        where = straight if name in features._KEEP_CASE else straight.lower()
        found[name] = [match.group() for match in pattern.finditer(where)]
    return found


def guarded(text: str) -> dict[str, list[str]]:
    straight = text.replace("’", "'").replace("‘", "'")
    found = {}
    for name, pattern in features.PATTERNS.items():
        where = straight if name in features._KEEP_CASE else straight.lower()
        may = features._may_match(name, where, has_digit=any(map(str.isdigit, where)))
        found[name] = features._matches(name, pattern, where) if may else []
    return found


def test_no_feature_of_our_own_sentences_is_lost() -> None:
    assert [guarded(text) for text in SENTENCES] == [unguarded(text) for text in SENTENCES]


@given(texts)
@settings(max_examples=150, deadline=None)
def test_no_feature_date_number_or_kind_of_any_mixture_is_lost(text: str) -> None:
    day = date(2023, 5, 10)
    ours = guarded(text), dates.find_dates(text, 0, len(text), day), numbers.find_numbers(text, 0, len(text))
    kind = kinds.kind_of(text)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(dates, "_all_there", lambda needed, low: True)
        patched.setattr(numbers, "_SOME_COUNT", ("",))
        patched.setattr(kinds, "_may_match", lambda kind, low: True)
        plain = unguarded(text), dates.find_dates(text, 0, len(text), day), numbers.find_numbers(text, 0, len(text))
        assert (ours, kind) == (plain, kinds.kind_of(text))


@pytest.mark.parametrize("text", [*SENTENCES[::40], "", "...", "Die Stadt hat 40.000 Einwohner und eine Brücke."])
def test_the_score_without_reasons_is_the_same_score(text: str) -> None:
    assert worth_of(text) == score_sentence(text).score


def test_reasons_add_up_to_the_score_where_none_is_left_out() -> None:
    scored = score_sentence("Output fell by 40 percent in 2021.")
    total = checkworthy.shipped_model().bias[0] + sum(reason.weight for reason in scored.reasons)
    assert abs(checkworthy.logistic(total) - scored.score) < 0.05
