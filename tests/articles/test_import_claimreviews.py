"""Archives of claim reviews: every shape that occurs, twice without harm, in constant memory."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.choices import ArchiveOrigin
from articles.claimreview_import import Refusal, Taken, review_from, reviews_in
from articles.models import CheckedClaim
from articles.services.archive import checked_claim_save

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parent.parent / "data" / "claimreview"
TODAY = date(2026, 11, 23)


def run_import(*paths: object) -> dict[str, Any]:
    out, errors = io.StringIO(), io.StringIO()
    call_command("import_claimreviews", *map(str, paths), stdout=out, stderr=errors)
    return json.loads(out.getvalue())


def review_of(**values: Any) -> Any:
    base = {"@type": "ClaimReview", "claimReviewed": "The bridge is closed.", "url": "https://checks.example/1"}
    return review_from(base | values, today=TODAY)


# --- containers ---------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "added", "reasons"),
    [
        ("graph.jsonld", 1, {}),
        ("legacy.json", 1, {}),
        ("feed.json", 4, {"empty_item": 2, "no_address": 1}),
        ("page.html", 1, {"not_json": 1}),
        ("table.csv", 2, {"no_claim": 1}),
        ("lines.jsonl", 2, {"not_json": 1, "not_an_object": 2, "not_claimreview": 1}),
    ],
)
def test_every_container_gives_its_reviews_and_says_what_it_refused(
    name: str, added: int, reasons: dict[str, int]
) -> None:
    counts = run_import(DATA / name)
    assert (counts["added"], counts["reasons"]) == (added, reasons)
    assert counts["read"] == counts["added"] + counts["updated"] + counts["unchanged"] + counts["refused"]


@pytest.mark.django_db
def test_the_same_import_again_changes_nothing() -> None:
    paths = sorted(DATA.iterdir())
    first, second = run_import(*paths), run_import(*paths)
    assert (second["added"], second["updated"]) == (0, 0)
    assert second["unchanged"] == first["added"]


@pytest.mark.django_db
def test_a_changed_review_is_updated_and_waits_for_its_new_signature(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    review = {"@type": "ClaimReview", "@id": "urn:1", "claimReviewed": "Rents doubled.", "name": "Rents"}
    path.write_text(json.dumps(review))
    run_import(path)
    CheckedClaim.objects.update(pending=False)
    path.write_text(json.dumps(review | {"name": "Rents, again"}))
    counts = run_import(path)
    row = CheckedClaim.objects.get()
    assert (counts["updated"], row.title, row.revision, row.pending) == (1, "Rents, again", 2, True)


@pytest.mark.django_db
def test_an_import_never_overwrites_what_the_desk_published(tmp_path: Path) -> None:
    checked_claim_save(identity="urn:own", claim="Ours.", rating="True", origin=ArchiveOrigin.OWN)
    path = tmp_path / "feed.jsonl"
    path.write_text(json.dumps({"@type": "ClaimReview", "@id": "urn:own", "claimReviewed": "Theirs."}))
    assert run_import(path)["reasons"] == {"own": 1}
    assert CheckedClaim.objects.get().claim == "Ours."


@pytest.mark.django_db
def test_gzip_is_unpacked_and_a_broken_one_keeps_what_was_read(tmp_path: Path) -> None:
    lines = b"".join(
        json.dumps({"@type": "ClaimReview", "@id": f"urn:{n}", "claimReviewed": f"Claim number {n * 7919}."}).encode()
        + b"\n"
        for n in range(4000)
    )
    packed = gzip.compress(lines)
    whole, broken = tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.gz"
    broken.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(CommandError):
        run_import(broken)
    kept = CheckedClaim.objects.count()
    assert 0 < kept < 4000
    whole.write_bytes(packed)
    assert run_import(whole)["added"] == 4000 - kept


@pytest.mark.django_db
def test_a_missing_file_is_named_and_the_others_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="1 of 2 files"):
        run_import(DATA / "none.jsonl", DATA / "legacy.json")
    assert CheckedClaim.objects.count() == 1


def _feed(number: int) -> Iterator[bytes]:
    yield b'{"@type": "DataFeed", "dataFeedElement": ['
    for at in range(number):
        item = {
            "@type": "ClaimReview",
            "url": f"https://c.example/{at}",
            "claimReviewed": f"Claim {at} " + "x" * 4000,
        }
        yield (b"," if at else b"") + json.dumps({"item": [item]}).encode()
    yield b"]}"


def test_a_large_feed_on_one_line_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    with path.open("wb") as out:
        out.writelines(_feed(10_000))
    size = path.stat().st_size
    assert size > 40_000_000
    tracemalloc.start()
    with path.open("rb") as stream:
        found = sum(not isinstance(one, Refusal) for one in reviews_in(stream, path.name))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == 10_000
    assert peak < size / 2


def test_a_feed_that_breaks_off_gives_what_came_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.claimreview_import.containers._WHOLE_DOCUMENT", 100)
    content = b"".join(_feed(20))[:-3000]
    found = list(reviews_in(io.BytesIO(content), "feed.json"))
    assert len(found) == 20
    assert isinstance(found[-1], Refusal)


# --- values -------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_graph_has_its_references_put_in() -> None:
    run_import(DATA / "graph.jsonld")
    row = CheckedClaim.objects.get()
    assert (row.publisher, row.claimant, row.language) == ("Prüfstelle Nord", "Ole Brandt", "de")
    assert (row.rating, row.rating_value, row.reviewed_on) == ("Falsch", 1.0, date(2026, 5, 13))
    assert row.appearances == ["https://kurznachricht.example/ole/1", "https://kurznachricht.example/ole/2"]


@pytest.mark.django_db
def test_legacy_shapes_fill_the_same_fields() -> None:
    counts = run_import(DATA / "legacy.json")
    row = CheckedClaim.objects.get()
    assert row.claim == 'Fact Check: Is an "air bar" in Veldt selling fresh air?'
    assert (row.publisher, row.claimant, row.rating) == ("Checks Example", "Several posts", "Unproven")
    assert (row.rating_value, row.best_rating, row.claimed_on) == (None, None, None)
    assert row.reviewed_on == date(2025, 11, 19)
    assert counts["notes"] == {"bad_scale": 1, "bad_date": 1}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://a.example/1", ("https://a.example/1",)),
        (["https://a.example/1", "https://a.example/2"], ("https://a.example/1", "https://a.example/2")),
        ({"@type": "CreativeWork", "url": "https://a.example/1"}, ("https://a.example/1",)),
        (
            [{"url": "https://a.example/1"}, {"@id": "https://a.example/3"}],
            ("https://a.example/1", "https://a.example/3"),
        ),
        ("a newspaper", ()),
        ("javascript:alert(1)", ()),
        (None, ()),
    ],
)
def test_appearance_in_every_shape(value: object, expected: tuple[str, ...]) -> None:
    assert review_of(itemReviewed={"appearance": value}).review.appearances == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("4", 4.0),
        (4, 4.0),
        ("4,5", 4.5),
        ("four", None),
        (True, None),
        (float("nan"), None),
        ([2], 2.0),
        (10**400, None),
    ],
)
def test_rating_value_as_number_or_string(value: object, expected: float | None) -> None:
    assert review_of(reviewRating={"ratingValue": value}).review.rating_value == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-05-13", date(2026, 5, 13)),
        ("2019-11-19T09:01:42+05:30", date(2019, 11, 19)),
        ("20260513", date(2026, 5, 13)),
        ("26 May 2015", date(2015, 5, 26)),
        ("Sept. 3, 2019", date(2019, 9, 3)),
        ("20204-08-02", None),
        ("0001-01-01", None),
        ("2026-02-31", None),
        ("2031-01-01", None),
        ("yesterday", None),
    ],
)
def test_dates_as_written_or_none_with_a_note(value: str, expected: date | None) -> None:
    taken = review_of(datePublished=value)
    assert taken.review.reviewed_on == expected
    assert taken.notes == (() if expected else ("bad_date",))


@pytest.mark.parametrize(
    ("given_id", "expected"),
    [
        ("urn:7", "urn:7"),
        ("#claimreview", "https://checks.example/1#claimreview"),
        ("_:b0", "https://checks.example/1 the bridge is closed"),
        (None, "https://checks.example/1 the bridge is closed"),
        (7, "https://checks.example/1 the bridge is closed"),
    ],
)
def test_identity_is_the_id_or_the_address_with_the_words(given_id: object, expected: str) -> None:
    assert review_of(**{"@id": given_id}).review.identity == expected


def test_two_claims_at_one_address_are_two_reviews() -> None:
    assert review_of().review.identity != review_of(claimReviewed="The bridge is open.").review.identity


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["@id", "@type", "url", "name", "author", "ratingValue", "alternateName", "bestRating", "worstRating",
         "datePublished", "appearance", "text", "@value"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
fields = st.sampled_from(
    ["@id", "url", "claimReviewed", "author", "datePublished", "itemReviewed", "reviewRating", "name", "inLanguage",
     "reviewBody", "description", "publisher", "mainEntityOfPage"])  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(fields, json_values))
def test_whatever_is_in_it_a_review_is_taken_or_refused(content: dict[str, Any]) -> None:
    taken = review_from({"@type": "ClaimReview"} | content, today=TODAY)
    if isinstance(taken, Taken):
        review = taken.review
        assert review.claim.strip() == review.claim != ""
        assert 0 < len(review.identity) <= 700
        assert "\x00" not in review.claim + review.identity + review.url
        review.claim.encode(), review.identity.encode()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300), st.sampled_from(["a.json", "a.csv", "a.html", "-"]))
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    for found in reviews_in(io.BytesIO(content), name):
        if not isinstance(found, Refusal):
            review_from(found.item, today=TODAY)
