"""What a model brings to the rules' claims, and what it cannot bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from articles.extraction.base import Extraction, Story
from articles.extraction.pipeline import CLAIM_THRESHOLD, extract
from articles.llm.anchoring import Anchor
from articles.llm.grounds import grounds_of
from articles.llm.merging import merge
from articles.llm.reading import Placed
from articles.llm.schema import Proposed

TEXT = (
    "Harbour tram opens\n\n"
    "The harbour tram carries 30,000 people a day, Transport Minister Oda Wren said on Thursday.\n\n"
    "He did not name the price. The line cost 240 million crowns last year, “twice the plan”, Wren said.\n\n"
    "It is a fine day for the bay. The minister will open a second line. Passengers waited at Mole End."
)
STORY = Story(text=TEXT, title="Harbour tram opens", written_on=date(2026, 11, 20))


def placed(quote: str, claim: str = "", **values) -> Placed:
    start = TEXT.index(quote)
    fields = {"speaker": "", "kind": "statement", "verifiable": True, "ambiguous": False} | values
    return Placed(Proposed(quote=quote, claim=claim or quote, **fields), Anchor(start, start + len(quote), "exact"))


def merged(*found: Placed):
    return merge(STORY, extract(STORY), found)


def claim_of(quote: str, *found: Placed):
    return next(claim for claim in merged(*found).extraction.claims if claim.quote == quote)


def names(claim) -> list[str]:
    return [reason.name for reason in claim.reasons]


def test_without_the_model_the_rules_claims_stay_as_they_are():
    assert merged().extraction == extract(STORY)


def test_the_rules_never_lose_a_claim():
    before = {claim.quote for claim in extract(STORY).claims}
    found = [placed("carries 30,000 people a day"), placed("The line cost 240 million crowns last year")]
    after = merged(*found).extraction
    assert before <= {claim.quote for claim in after.claims}
    assert [claim.number for claim in after.claims] == list(range(1, len(after.claims) + 1))
    assert all(other <= len(after.claims) for claim in after.claims for _, other in claim.related)


def put_aside(quote: str) -> Extraction:
    """What the rules say of the story when this part of it scores too low."""
    found = extract(STORY)
    start = TEXT.index(quote)
    aside = replace(
        found.claims[0],
        quote=quote,
        start=start,
        end=start + len(quote),
        score=0.05,
        kind="event",
        related=(),
    )
    return replace(found, claims=(), not_claimed=(aside,))


def test_a_part_the_rules_put_aside_is_proposed_when_the_model_points_at_it():
    quote = "Passengers waited at Mole End"
    after = merge(STORY, put_aside(quote), [placed(quote)])
    found = after.extraction.claims[0]
    assert (after.added, found.quote, found.score) == (1, quote, CLAIM_THRESHOLD)
    assert next(reason for reason in found.reasons if reason.name == "language model").weight > 0.5
    assert after.extraction.not_claimed == ()


@pytest.mark.parametrize("kind", ["prediction", "opinion"])
def test_what_by_its_kind_cannot_be_checked_stays_put_aside(kind):
    quote = "It is a fine day for the bay"
    rules = put_aside(quote)
    rules = replace(rules, not_claimed=(replace(rules.not_claimed[0], kind=kind),))
    assert merge(STORY, rules, [placed(quote)]).added == 0


def test_two_claims_of_the_model_on_the_same_words_are_one():
    quote = "Passengers waited at Mole End"
    after = merge(STORY, put_aside(quote), [placed(quote), placed("Passengers waited at Mole")])
    assert (after.added, after.both, len(after.extraction.claims)) == (1, 0, 1)


@pytest.mark.parametrize(
    ("said", "speaker", "speech"),
    [("Oda Wren", "Oda Wren", "indirect"), ("Vera Lind", "", "own"), ("", "", "own")],
    ids=["named in the story", "invented", "nobody"],
)
def test_a_speaker_the_model_names_is_one_the_story_names_nearby(said, speaker, speech):
    found = claim_of("Mole End", placed("Mole End", speaker=said))
    assert (found.speaker, found.speech) == (speaker, speech)


def test_the_speaker_the_rules_found_is_not_overruled():
    found = claim_of("30,000 people", placed("30,000 people", speaker="Mole End"))
    assert (found.speaker, found.speech) == ("Oda Wren", "indirect")


GROUNDS = grounds_of(STORY)
QUOTE = "The line cost 240 million crowns last year"
COVERED = {
    "as it stands": QUOTE,
    "names filled in": "The harbour tram line cost 240 million crowns, Oda Wren said",
    "the year a date stands for": "The line cost 240 million crowns in 2025",
    "the day a date stands for": "On 19 November 2026 Wren said that the line cost 240 million crowns",
    "possessive": "Oda Wren's line cost 240 million crowns",
}
NEW = {
    "another number": ("The line cost 250 million crowns", ["250"]),
    "a number more": ("The line cost 240 million crowns over 12 years", ["12"]),
    "a name": ("The Kestria line cost 240 million crowns", ["Kestria"]),
    "a name at the beginning": ("Kestria paid 240 million crowns", ["Kestria"]),
    "another year": ("The line cost 240 million crowns in 2019", ["2019"]),
    "turned round": ("The line did not cost 240 million crowns", ["denied or not"]),
    "no end": ("The line cost 240 million crowns " * 20, ["length"]),
    "nothing": ("", ["length"]),
}


@pytest.mark.parametrize("statement", COVERED.values(), ids=COVERED)
def test_a_wording_of_the_storys_own_names_and_numbers_may_be_used(statement):
    assert GROUNDS.new_in(statement, QUOTE) == []


@pytest.mark.parametrize(("statement", "new"), NEW.values(), ids=NEW)
def test_a_wording_that_says_more_or_the_contrary_may_not(statement, new):
    assert GROUNDS.new_in(statement, QUOTE) == new


SHORT = "cost 240 million crowns"


def test_the_models_wording_is_used_where_the_rules_have_none_that_is_safe():
    found = claim_of(SHORT, placed(SHORT, "The [harbour tram] line cost 240 million crowns."))
    assert (found.statement, found.needs_context) == ("The harbour tram line cost 240 million crowns.", False)
    assert "worded by the language model" in names(found)


def test_an_invented_wording_is_not_used_and_the_reason_says_so():
    found = claim_of(SHORT, placed(SHORT, "The Kestria line cost 240 million crowns."))
    assert (found.statement, found.needs_context) == (SHORT, True)
    assert [r.words for r in found.reasons if r.name.startswith("model's wording not used")] == ["Kestria"]


def test_what_the_model_itself_calls_ambiguous_keeps_its_own_words():
    found = claim_of(SHORT, placed(SHORT, "The line cost 240 million crowns.", ambiguous=True))
    assert (found.statement, found.needs_context) == (SHORT, True)
