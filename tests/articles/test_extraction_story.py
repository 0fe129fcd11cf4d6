"""One wire story with every construction that matters, claim by claim."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from articles.extraction.base import ExtractedClaim, Extraction, Story
from articles.extraction.pipeline import CLAIM_THRESHOLD, extract
from articles.extraction.reading import story_of
from articles.ingest.readers import read_bytes

STORY = Path(__file__).parents[1] / "data" / "stories" / "denial.txt"

EXPECTED = [
    # quote, speaker, speech, kinds that are right, values of its dates
    (
        "shipping heiress Ilona Varga met with Kestrian President Pavel Ostrow before she presented her plan to"
        " widen the Sable Canal",
        "(reports)",
        "indirect",
        {"event"},
        ["2023-05-10"],
    ),
    (
        "Palace spokeswoman Marit Solberg denied on Wednesday claims that shipping heiress Ilona Varga met with"
        " Kestrian President Pavel Ostrow before she presented her plan to widen the Sable Canal",
        "",
        "own",
        {"quote"},
        ["2023-05-10"],
    ),
    (
        "they had a short meeting about two and a half years ago",
        "Marit Solberg",
        "direct",
        {"event", "quantity"},
        ["2020-11"],
    ),
    (
        "Varga met with Ostrow prior to buying a full-page advertisement praising the canal project",
        "local media",
        "indirect",
        {"event"},
        ["2023-05-08"],
    ),
    ("she was mocked and attacked by several opposition deputies", "", "own", {"event"}, []),
    ("Varga later denied the reports", "", "own", {"quote"}, []),
    (
        "she only met with Ostrow one time, at a trade fair, approximately 30 months ago",
        "Ilona Varga",
        "indirect",
        {"event", "quantity"},
        ["2020-11"],
    ),
    (
        "The plan, announced by the heiress, proposes a toll of 4 percent and a second lock at Vessin",
        "",
        "own",
        {"quantity"},
        [],
    ),
    ("does not change the border along the river", "", "own", {"event"}, []),
    ("The three river towns already held votes last month", "", "own", {"quantity"}, ["2023-04"]),
    ("residents overwhelmingly choosing to keep the lock", "", "own", {"quantity"}, []),
    ("In April, the results were confirmed by the Kestrian parliament", "", "own", {"event"}, ["2023-04"]),
    (
        "the towns of Vessin and Arlo, as well as the village of Tarn, became part of the canal zone",
        "",
        "own",
        {"event"},
        [],
    ),
    (
        "Shipping heiress Ilona Varga opens the new ferry terminal in Port Sable, Kestria on January 17, 2023.",
        "",
        "own",
        {"caption"},
        ["2023-01-17"],
    ),
]

STATEMENTS = {
    "they had a short": "Ilona Varga and Pavel Ostrow had a short meeting around November 2020",
    "she only met": "Ilona Varga only met with Pavel Ostrow one time, at a trade fair, around November 2020",
    "she was mocked": "Ilona Varga was mocked and attacked by several opposition deputies",
    "Varga later denied": "Ilona Varga later denied the reports",
    "does not change": "The plan does not change the border along the river",
    "In April": "In April 2023, the results were confirmed by the Kestrian parliament",
}


@pytest.fixture(scope="module")
def story() -> Story:
    return story_of(read_bytes(STORY.read_bytes(), name=STORY.name))


@pytest.fixture(scope="module")
def found(story: Story) -> Extraction:
    return extract(story)


def nearest(story: Story, found: Extraction, quote: str, speech: str) -> ExtractedClaim:
    """The proposed claim of that speech that shares most with the quote, as a share of their union."""
    start = story.text.index(quote)
    end = start + len(quote)

    def share(claim: ExtractedClaim) -> float:
        both = min(claim.end, end) - max(claim.start, start)
        return both / (max(claim.end, end) - min(claim.start, start))

    best = max((claim for claim in found.claims if claim.speech == speech), key=share)
    assert share(best) >= 0.5, quote
    return best


@pytest.mark.parametrize(("quote", "speaker", "speech", "kinds", "dates"), EXPECTED)
def test_each_claim_of_the_story_is_found(
    story: Story, found: Extraction, quote: str, speaker: str, speech: str, kinds: set[str], dates: list[str]
) -> None:
    claim = nearest(story, found, quote, speech)
    assert (claim.speaker, claim.kind in kinds) == (speaker, True)
    assert [d.value for d in claim.dates] == dates


@pytest.mark.parametrize(("begins", "statement"), STATEMENTS.items())
def test_statements_can_be_read_on_their_own(found: Extraction, begins: str, statement: str) -> None:
    assert [claim.statement for claim in found.claims if claim.quote.startswith(begins)] == [statement]


def test_the_headline_gives_what_was_reported_and_the_denial(found: Extraction) -> None:
    headline = [claim for claim in found.claims if claim.kind == "headline"]
    assert [(claim.speaker, claim.quote[:12]) for claim in headline] == [
        ("", "Palace Denie"),
        ("(reports)", "Varga Met Os"),
    ]


def test_no_credit_is_ever_proposed(found: Extraction) -> None:
    every = [*found.claims, *found.not_claimed]
    assert not [claim for claim in every if "©" in claim.quote or "Hild" in claim.quote]


def test_a_subject_without_a_name_is_flagged(found: Extraction) -> None:
    flagged = [claim.quote.split()[0:3] for claim in found.claims if claim.needs_context]
    assert ["The", "three", "river"] in flagged


def test_relations_tell_who_contradicts_whom(story: Story, found: Extraction) -> None:
    once = nearest(story, found, EXPECTED[6][0], "indirect")
    media = nearest(story, found, EXPECTED[3][0], "indirect")
    meeting = nearest(story, found, EXPECTED[2][0], "direct")
    denial = nearest(story, found, EXPECTED[5][0], "own")
    assert ("contradicts", media.number) in once.related
    assert ("same", meeting.number) in once.related
    assert ("denies", media.number) in denial.related


def test_numbers_are_the_text_order_and_claims_pass_the_threshold(found: Extraction) -> None:
    assert [claim.number for claim in found.claims] == list(range(1, len(found.claims) + 1))
    assert [claim.start for claim in found.claims] == sorted(claim.start for claim in found.claims)
    assert all(claim.score >= CLAIM_THRESHOLD for claim in found.claims)
    assert all(claim.score < CLAIM_THRESHOLD for claim in found.not_claimed)


def test_the_same_story_gives_the_same_answer(story: Story, found: Extraction) -> None:
    assert extract(story) == found


def test_opinions_predictions_questions_and_greetings_are_not_claimed() -> None:
    text = (
        "Good morning and thank you all. Who could have known? I think that is wonderful."
        " We will make it even better next time. Exports fell by 12 percent in 2021."
    )
    found = extract(Story(text=text, written_on=date(2023, 5, 10)))
    assert [claim.quote for claim in found.claims] == ["Exports fell by 12 percent in 2021"]
    assert len(found.not_claimed) == 4
    assert json.dumps([claim.kind for claim in found.not_claimed]).count("prediction") == 1
