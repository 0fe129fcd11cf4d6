"""The parts of extraction, each with its table."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.extraction.base import Story
from articles.extraction.checkworthy import score_sentence
from articles.extraction.dates import find_dates
from articles.extraction.numbers import find_numbers
from articles.extraction.pipeline import extract
from articles.extraction.quotes import find_quotations
from articles.extraction.sentences import LONGEST, split_sentences
from articles.extraction.training import Example, train


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Mr. Roe met Gen. J. B. Hild on Jan. 5.", "They spoke."],
        ["It cost $4.5 million.", "The U.S. Senate voted no."],
        ["He left the U.S.", "The vote came later."],
        ["“Why now?” Hild asked.", "Nobody knew."],
        ["He called it “a gift.”", "Others laughed."],
        ["Wait... there is more.", "Really!"],
        ["Prices rose by No. 4 rules.", "No.", "They fell."],
        ["¿Cuándo llegó?", "Llegó ayer."],
        ["我们来了。", "他们走了。"],
        ["وصل الوفد؟", "نعم وصل."],
        ["Il a dit « non ».", "Elle est partie."],
        ["The rate is known.[3]", "It fell."],
    ],
)
def test_sentences_end_where_they_should(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


def test_a_line_that_is_only_wrapped_goes_on() -> None:
    assert sentences("The council voted to\nclose the bridge.\n\nNobody came") == [
        "The council voted to\nclose the bridge.",
        "Nobody came",
    ]


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ('He said "never again" twice.', ["never again"]),
        ("Er sagte: „Nie wieder“, und ging.", ["Nie wieder"]),
        ("Il dit « jamais » enfin.", [" jamais "]),
        ("Она сказала: «Нет».", ["Нет"]),
        ("It's the workers' rights he 'never read' about.", ["never read"]),
        ('A 6" board is no quotation.', []),
        ("“The speech goes on in the next paragraph.", ["The speech goes on in the next paragraph."]),
    ],
)
def test_quotations_of_many_conventions_are_found(text: str, inner: list[str]) -> None:
    found = find_quotations(text, [(0, len(text))])
    assert [text[quote.inner[0] : quote.inner[1]] for quote in found] == inner


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("He spoke on Wednesday.", "2022-10-12"),
        ("He spoke on Tuesday.", "2022-10-11"),
        ("He spoke on Thursday.", "2022-10-06"),
        ("He will speak on Thursday.", "2022-10-13"),
        ("It was a year and a half ago.", "2021-04"),
        ("It was about 18 months ago.", "2021-04"),
        ("It was three years ago.", "2019"),
        ("It was two weeks ago.", "2022-09-28"),
        ("It happened last month.", "2022-09"),
        ("It happened last week.", "2022-10-03/2022-10-09"),
        ("In October, it rained.", "2022-10"),
        ("In December, it rained.", "2021-12"),
        ("It rained in September 2024.", "2024-09"),
        ("It rained on March 22, 2022.", "2022-03-22"),
        ("It rained on 22 March 2022.", "2022-03-22"),
        ("It rained on Nov. 8 here.", "2022-11-08"),
        ("It rained yesterday.", "2022-10-11"),
        ("It rained from 2010 to 2014.", "2010/2014"),
        ("It rained in the 1990s.", "1990/1999"),
        ("It fell in the first quarter of 2021.", "2021-01/2021-03"),
    ],
)
def test_dates_are_resolved_against_the_day_of_the_story(words: str, value: str) -> None:
    assert [found.value for found in find_dates(words, 0, len(words), date(2022, 10, 12))] == [value]


def test_each_part_of_a_sentence_looks_back_or_ahead_on_its_own() -> None:
    text = "It was extended to 48 schools in January and is to reach the others in March."
    found = find_dates(text, 0, len(text), date(2026, 11, 12))
    assert [one.value for one in found] == ["2026-01", "2027-03"]


@pytest.mark.parametrize(
    "words",
    [
        "It was in VESSIN TODAY first.",
        "It rained on Sept. 16-19 here.",
        "It rained on February 30, 2022.",
        "It was 5000 years ago.",
        "It may rain on us.",
    ],
)
def test_impossible_dates_are_left_alone(words: str) -> None:
    assert find_dates(words, 0, len(words), date(2022, 10, 12)) == ()


def test_without_a_day_only_absolute_dates_are_resolved() -> None:
    text = "On Monday he recalled June 3, 2020."
    assert [found.value for found in find_dates(text, 0, len(text), None)] == ["2020-06-03"]


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit"),
    [
        ("$4.1 billion was spent", "money", 4.1e9, "USD"),
        ("about 3 million euros", "money", 3e6, "EUR"),
        ("fell to 4.1 percent", "percent", 4.1, "percent"),
        ("sent 5,000 troops", "number", 5000.0, "troops"),
        ("four territories", "number", 4.0, "territories"),
    ],
)
def test_numbers_carry_value_and_unit(text: str, kind: str, value: float, unit: str) -> None:
    (found,) = find_numbers(text, 0, len(text))
    assert (found.kind, found.value, found.unit) == (kind, pytest.approx(value), unit)


@pytest.mark.parametrize(
    ("text", "content", "speaker", "stance"),
    [
        ("Mayor Jane Roe said the bridge was closed.", "the bridge was closed", "Jane Roe", "asserts"),
        ("Jane Roe, the mayor, said that it was closed.", "it was closed", "Jane Roe", "asserts"),
        ("The bridge was closed, said Mayor Jane Roe.", "The bridge was closed", "Jane Roe", "asserts"),
        ('"The bridge was closed," Mayor Jane Roe said.', "The bridge was closed", "Jane Roe", "asserts"),
        ("According to police, the bridge was closed.", "the bridge was closed", "police", "asserts"),
        ("The bridge was closed, according to two officials.", "The bridge was closed", "two officials", "asserts"),
        ("Mayor Jane Roe denied that the bridge was closed.", "the bridge was closed", "Jane Roe", "denies"),
        ("Mayor Jane Roe told the BBC that it was closed.", "it was closed", "Jane Roe", "asserts"),
        ("Mayor Jane Roe questioned whether it was closed.", "it was closed", "Jane Roe", "questions"),
        ("Unnamed sources claimed the bridge was closed.", "the bridge was closed", "Unnamed sources", "asserts"),
    ],
)
def test_who_says_what_in_one_sentence(text: str, content: str, speaker: str, stance: str) -> None:
    found = extract(Story(text=text)).attributions
    assert len(found) == 1
    start, end = found[0].content[0]
    assert content in text[start:end]
    assert (found[0].speaker, found[0].stance) == (speaker, stance)


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ("Mayor Jane Roe supports a toll of 4 percent.", "a toll of 4 percent", "Jane Roe"),
        ("Mayor Jane Roe plans to close the bridge.", "to close the bridge", "Jane Roe"),
        ("The council is expected to vote in May.", "to vote in May", ""),
        ("Mayor Jane Roe seemed ready for a fight.", "ready for a fight", ""),
        ("Critics have questions about her record.", "her record", ""),
        ("Jane Roe's opposition to the toll grew.", "the toll grew", "Jane Roe"),
        ("A new poll shows a lead for the mayor.", "a lead for the mayor", "A new poll"),
        ("In the latest survey, 54 percent backed the toll.", "54 percent backed the toll", "the latest survey"),
        ("As Mayor Jane Roe noted, the bridge was closed in May.", "the bridge was closed in May", "Jane Roe"),
        ("''The bridge is closed,'' Mayor Jane Roe said.", "The bridge is closed", "Jane Roe"),
        ("Mayor Jane Roe (C-Vessin) said it was closed.", "it was closed", "Jane Roe"),
        ("Mayor Jane Roe said they support the toll.", "they support the toll", "Jane Roe"),
        ("Poll: two in three residents want the bridge.", "two in three residents want the bridge", "Poll"),
        ("The mayor called it a “gift”.", "gift", "The mayor"),
    ],
)
def test_attitudes_polls_labels_and_single_words_between_marks(text: str, content: str, speaker: str) -> None:
    told = [
        (text[slice(*part)], one.speaker) for one in extract(Story(text=text)).attributions for part in one.content
    ]
    assert any(content in words and named == speaker for words, named in told), told


def test_an_attitude_is_what_the_article_says_itself() -> None:
    (claim,) = extract(Story(text="Mayor Jane Roe supported a toll of 4 percent in 2021.")).claims
    assert (claim.quote, claim.speaker, claim.speech) == (
        "Mayor Jane Roe supported a toll of 4 percent in 2021",
        "",
        "own",
    )


def test_an_interview_tells_who_answers() -> None:
    text = (
        "Q: When was the bridge closed?\n\nA: It was closed in May. Nobody told the town.\n\n"
        "ROE: We wrote four letters.\n\nROE: They had the letters in June."
    )
    found = extract(Story(text=text)).attributions
    assert [one.speaker for one in found if one.speech == "direct"] == ["A", "A", "ROE", "ROE"]


@pytest.mark.parametrize(
    "text", ["Photo: the bridge was closed.", "Update: it was closed.", "At 12:30 it was closed."]
)
def test_not_everything_before_a_colon_speaks(text: str) -> None:
    assert extract(Story(text=text)).attributions == ()


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("In October, the treaties were adopted by the parliament.", True),
        ("The government adopted four treaties in October.", False),
        ("A woman cast her ballot in Vessin on Monday.", False),
        ("They were adopted in October.", True),
        ("The treaties of Arlo were adopted in October.", False),
    ],
)
def test_a_statement_that_leans_on_what_stood_before_says_so(text: str, needs: bool) -> None:
    found = extract(Story(text=text))
    assert [claim.needs_context for claim in (*found.claims, *found.not_claimed)] == [needs]


def test_a_speech_that_goes_on_keeps_its_speaker() -> None:
    text = (
        "“The bridge was closed in May,” Mayor Jane Roe said. “Nobody told the town.\n\n"
        "“We wrote four letters about it.”\n\nThe ministry did not answer."
    )
    found = extract(Story(text=text)).attributions
    assert [one.speaker for one in found] == ["Jane Roe"] * 3


def test_a_long_quotation_belongs_to_who_is_named_at_its_end() -> None:
    text = '"The bridge was closed. Nobody told the town. We wrote letters," said Mayor Jane Roe. It rained.'
    found = extract(Story(text=text))
    assert {one.speaker for one in found.attributions} == {"Jane Roe"}
    assert len(found.attributions) == 3


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            '"Output has doubled in a single year, and the plant now supplies 18 percent of the power," Roe said.',
            ["Output has doubled in a single year", "the plant now supplies 18 percent of the power"],
        ),
        (
            "The Harbour Party voted against the plan, and its leader, Marek Tolvay, called it a costly mistake.",
            [
                "The Harbour Party voted against the plan",
                "its leader, Marek Tolvay, called it a costly mistake",
            ],
        ),
        (
            "On Wednesday, the Gazette reported that three of the turbines had stood still since September.",
            ["three of the turbines had stood still since September"],
        ),
        (
            "The ministry denies any link and says stocks are back at their 2015 level.",
            ["The ministry denies any link", "stocks are back at their 2015 level"],
        ),
    ],
)
def test_a_compound_sentence_yields_one_claim_a_part(text: str, parts: list[str]) -> None:
    found = extract(Story(text=text))
    quotes = [claim.quote for claim in (*found.claims, *found.not_claimed)]
    assert [part for part in parts if part not in quotes] == []


def test_a_surname_is_resolved_to_the_fullest_name() -> None:
    text = "Mayor Jane Roe opened the bridge. It cost 4 million dollars, Roe said."
    assert extract(Story(text=text)).attributions[0].speaker == "Jane Roe"


def test_initials_and_abbreviations_are_left_as_they_stand() -> None:
    text = "Two Super PACs gave 4 million dollars. The PAC of J. Carl Roe gave 2 million dollars. Roe gave 1 million."
    found = extract(Story(text=text))
    assert [claim.statement for claim in found.claims][:2] == [
        "Two Super PACs gave 4 million dollars",
        "The PAC of J. Carl Roe gave 2 million dollars",
    ]


def test_he_in_what_she_claimed_is_not_filled_in() -> None:
    text = "Justice Carl Roe rejected that argument in a ruling. She claimed at the time that he had lied to her."
    found = extract(Story(text=text))
    told = [claim.statement for claim in (*found.claims, *found.not_claimed)]
    assert "Carl Roe had lied to her" not in told
    assert not any(statement.startswith("Argument in a ruling") for statement in told)


def test_a_woman_by_title_is_not_he() -> None:
    text = "Mrs. Jane Roe said the bridge was closed. The road was closed too, he said."
    assert [one.speaker for one in extract(Story(text=text)).attributions] == ["Jane Roe", "he"]


def test_she_is_the_last_woman_who_spoke() -> None:
    text = (
        "Mrs. Jane Roe said the bridge was closed. Mr. Carl Hild said the road was closed."
        " The lock was closed too, she said."
    )
    assert [one.speaker for one in extract(Story(text=text)).attributions] == ["Jane Roe", "Carl Hild", "Jane Roe"]


def test_two_people_of_one_surname_are_not_mixed_up() -> None:
    text = "Mayor Jane Roe met Senator Carl Roe. It cost 4 million dollars, Roe said."
    assert extract(Story(text=text)).attributions[0].speaker == "Roe"


@pytest.mark.parametrize(
    "text",
    [
        "The unemployment rate fell to 4.1 percent in August.",
        "Exports have doubled since 2010.",
        "He voted against the tax bill three times.",
    ],
)
def test_hard_facts_are_worth_checking_and_say_why(text: str) -> None:
    scored = score_sentence(text)
    assert scored.check_worthy
    assert scored.verifiable
    assert scored.reasons[0].weight > 0
    assert all(reason.name for reason in scored.reasons)


@pytest.mark.parametrize("text", ["Thank you all very much.", "What do you think?", "I hope we can do better.", ""])
def test_greetings_questions_and_hopes_are_not(text: str) -> None:
    assert not score_sentence(text).check_worthy


def test_a_language_without_a_model_is_named() -> None:
    scored = score_sentence("Уровень безработицы упал до 4,1 процента в августе прошлого года.")
    assert scored.reasons[0].name == "no model for this language"


def test_training_twice_gives_the_same_weights() -> None:
    rows = [Example(f"Prices rose by {n} percent.", True, True) for n in range(30)]
    rows += [Example("Thank you very much indeed.", False, False)] * 30
    first = train(rows)
    assert first == train(rows)
    assert first["weights"]["share or rate"][0] > 0 > first["weights"]["greeting or thanks"][0]


SCRAPS = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            ['"', "“", "”", "said", "that", ",", ".", "\n\n", "Jane Roe", "denied", "according to", "on Monday", "he",
             "«", "and", "which", "5 percent", "with", "🎉", "السلام", "שלום", "’", "two years ago", "?"]
        ),
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(SCRAPS, st.sampled_from(["", " "]))
def test_any_text_keeps_the_promises_of_spans(scraps: list[str], gap: str) -> None:
    text = gap.join(scraps)
    story = Story(text=text, written_on=date(2023, 5, 10))
    found = extract(story)
    places = [(claim.start, claim.end) for claim in (*found.claims, *found.not_claimed)]
    assert len(places) == len(set(places))
    for claim in (*found.claims, *found.not_claimed):
        assert claim.quote == text[claim.start : claim.end]
        assert 0 <= claim.start < claim.end <= len(text)
        assert 0 <= claim.score <= 1
        for part in (*claim.entities, *claim.dates):
            assert part.words == text[part.start : part.end]
    ends = [0, *(place for span in found.sentences for place in span)]
    assert ends == sorted(ends)
    assert found == extract(story)


@pytest.mark.parametrize(
    "unit",
    [
        "Mayor Jane Roe said that the bridge cost 4 million dollars, and she denied reports that it was closed. ",
        "word ",
        '"',
        "x",
        "a, and b ",
        "said that ",
        '"The bridge was closed," Jane Roe said. ',
        "“The bridge was closed. ",
        "Roe\n\n",
    ],
)
def test_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    small, large = unit * (15_000 // len(unit)), unit * (120_000 // len(unit))
    assert _seconds(large) < 24 * max(_seconds(small), 0.02)


def test_no_sentence_is_longer_than_the_bound() -> None:
    text = "word " * 20_000
    assert max(end - start for start, end in split_sentences(text)) <= LONGEST


def _seconds(text: str) -> float:
    begin = time.perf_counter()
    extract(Story(text=text))
    return time.perf_counter() - begin
