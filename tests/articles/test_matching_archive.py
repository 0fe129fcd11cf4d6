"""Matching over the archive: in step with every commit, the same on both databases, with or without vectors."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.choices import ArchiveOrigin
from articles.models import CheckedClaim, ClaimSignature, MatchIndex
from articles.selectors import matching as selector
from articles.selectors.matching import Query, matching_claims
from articles.services import matching as service
from articles.services.archive import checked_claim_save
from articles.services.local import DeskSearch
from articles.services.matching import claims_index, claims_index_task, index_rebuild, outdated_mark
from articles.tasks import index_claims

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CLAIMS = {
    "urn:drones": "The army lost 14 drones over Veldt in May.",
    "urn:ferry": "The ferry to Ellis does not run on Sundays.",
    "urn:whale": "A whale swam up the river as far as the cathedral.",
}


@pytest.fixture
def archive(db: None) -> None:
    selector._held.clear()  # rows of other tests were rolled back, which a desk's never are
    for identity, claim in CLAIMS.items():
        checked_claim_save(identity=identity, claim=claim, rating="False", url=f"https://c.example/{identity[4:]}")
    claims_index()


def best(text: str) -> list[str]:
    return [found.claim.identity for found in matching_claims(Query(text), top=3)]


@pytest.mark.usefixtures("archive")
def test_another_wording_and_another_language_find_the_claim() -> None:
    assert best("14 drones were shot down above Veldt")[0] == "urn:drones"
    assert best("Ein Wal schwamm den Fluss hinauf bis zum Dom")[0] == "urn:whale"


@pytest.mark.usefixtures("archive")
def test_a_review_at_two_addresses_is_found_once_and_our_own_as_often_as_we_gave_it() -> None:
    more = {"claim": CLAIMS["urn:whale"].upper(), "rating": "False"}
    checked_claim_save(identity="urn:moved", **more)
    checked_claim_save(identity="urn:own", origin=ArchiveOrigin.OWN, **more)
    checked_claim_save(identity="urn:other-rating", claim=CLAIMS["urn:whale"], rating="True")
    claims_index()
    found = [one.claim.identity for one in matching_claims(Query(CLAIMS["urn:whale"]), top=9)]
    assert {"urn:whale", "urn:own", "urn:other-rating"} <= set(found)
    assert "urn:moved" not in found


@pytest.mark.usefixtures("archive")
def test_scores_are_the_same_on_every_database() -> None:
    found = matching_claims(Query("14 drones were shot down above Veldt"), top=1)[0]
    assert found.match.score == pytest.approx(0.336, abs=0.005)


@pytest.mark.usefixtures("archive")
def test_a_review_is_found_by_its_words_before_it_is_indexed() -> None:
    checked_claim_save(identity="urn:new", claim="The lighthouse keeper won the lottery twice.", rating="True")
    assert CheckedClaim.objects.get(identity="urn:new").pending
    assert best("lighthouse keeper lottery")[0] == "urn:new"
    claims_index()
    assert best("The man who keeps the lighthouse won the lottery")[0] == "urn:new"


@pytest.mark.usefixtures("archive")
def test_a_changed_review_is_found_by_its_new_words_only() -> None:
    checked_claim_save(identity="urn:whale", claim="A submarine was sighted in the harbour.", rating="True")
    claims_index()
    found = matching_claims(Query("submarine in the harbour"), top=1)[0]
    assert (found.claim.identity, found.claim.rating) == ("urn:whale", "True")
    assert not any("whale" in words for words in found.match.why)


@pytest.mark.usefixtures("archive")
def test_a_withdrawn_verdict_is_out_at_once_and_an_own_one_is_in() -> None:
    checked_claim_save(
        identity="urn:own", claim="The mayor sold the bridge.", rating="False", origin=ArchiveOrigin.OWN
    )
    assert best("Mayor sells bridge")[0] == "urn:own"
    checked_claim_save(
        identity="urn:own",
        claim="The mayor sold the bridge.",
        rating="False",
        origin=ArchiveOrigin.OWN,
        withdrawn=True,
    )
    assert "urn:own" not in best("Mayor sells bridge")
    claims_index()
    assert "urn:own" not in best("Mayor sells bridge")


@pytest.mark.usefixtures("archive")
def test_a_deleted_review_is_gone() -> None:
    CheckedClaim.objects.filter(identity="urn:whale").delete()
    assert "urn:whale" not in best("whale in the river")


@pytest.mark.usefixtures("archive")
def test_a_review_changed_while_its_signature_is_made_keeps_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    checked_claim_save(identity="urn:slow", claim="The first wording.", rating="True")
    real = service._vectors

    def meanwhile(rows: Any) -> Any:
        monkeypatch.setattr(service, "_vectors", real)
        checked_claim_save(identity="urn:slow", claim="Quite another wording.", rating="True")
        return real(rows)

    monkeypatch.setattr(service, "_vectors", meanwhile)
    assert claims_index() == 0
    assert CheckedClaim.objects.get(identity="urn:slow").pending
    assert claims_index() == 1


@pytest.mark.usefixtures("archive")
def test_the_task_may_run_twice_and_works_under_a_lease() -> None:
    checked_claim_save(identity="urn:late", claim="A late one.", rating="True")
    MatchIndex.objects.update(busy_until=timezone.now() + timedelta(minutes=1))
    index_claims()
    assert CheckedClaim.objects.filter(pending=True).count() == 1
    MatchIndex.objects.update(busy_until=timezone.now() - timedelta(seconds=1))
    index_claims()
    claims_index_task()
    assert not CheckedClaim.objects.filter(pending=True).exists()
    assert MatchIndex.objects.get().busy_until is None
    assert ClaimSignature.objects.count() == 4


@pytest.mark.usefixtures("archive")
def test_a_rebuild_gives_the_same_answers() -> None:
    before = [(found.claim.pk, found.match) for found in matching_claims(Query("drones over Veldt"))]
    out = io.StringIO()
    call_command("rebuild_index", stdout=out, stderr=io.StringIO())
    assert json.loads(out.getvalue())["indexed"] == 3
    assert [(found.claim.pk, found.match) for found in matching_claims(Query("drones over Veldt"))] == before


@pytest.mark.usefixtures("archive")
def test_without_the_encoder_words_alone_must_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (service, selector):
        monkeypatch.setattr(module, "embedder", lambda: None)
    index_rebuild()
    assert set(ClaimSignature.objects.values_list("model", flat=True)) == {""}
    found = matching_claims(Query("The army lost 14 drones over Veldt in May"), top=3)
    assert found[0].claim.identity == "urn:drones"
    assert found[0].match.score > 0.8
    monkeypatch.undo()
    assert outdated_mark() == 3


@pytest.mark.usefixtures("archive")
def test_a_process_reads_only_what_was_written_since(
    django_assert_max_num_queries: Callable[[int], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    best("whale")
    read: list[int] = []
    real = selector._entries

    def counting(after: int, up_to: int) -> Any:
        for one in real(after, up_to):
            read.append(one.key)
            yield one

    monkeypatch.setattr(selector, "_entries", counting)
    row = checked_claim_save(identity="urn:more", claim="One more claim.", rating="True")
    claims_index()
    best("whale")
    with django_assert_max_num_queries(3):
        best("whale")
    assert read == [row.pk]


@pytest.mark.usefixtures("archive")
def test_the_archive_connector_gives_related_reviews_only() -> None:
    items = DeskSearch(0)("checked_claims", "14 drones lost over Veldt", limit=5)
    assert [item.external_id for item in items] == ["urn:drones"]
    assert items[0].rating == "False"


# --- command ------------------------------------------------------------------------------------------
def run_command(path: Path, *lines: str, **options: Any) -> list[dict[str, Any]]:
    path.write_text("\n".join(lines), encoding="utf-8")
    out = io.StringIO()
    try:
        call_command("match_claims", str(path), stdout=out, stderr=io.StringIO(), **options)
    finally:
        run_command.answers = [json.loads(line) for line in out.getvalue().splitlines()]  # type: ignore[attr-defined]
    return run_command.answers  # type: ignore[attr-defined,no-any-return]


def test_the_command_indexes_what_waits_and_answers_in_the_fixed_shape(db: None, tmp_path: Path) -> None:
    checked_claim_save(identity="https://c.example/w a whale", claim="A whale swam.", rating="False",
                       url="https://c.example/w", reviewed_on=date(2026, 5, 1))  # fmt: skip
    (answer,) = run_command(
        tmp_path / "q.jsonl", '{"id": "q1", "text": "whale swam", "speaker": "X", "date": "2026-05-02"}'
    )
    assert answer["id"] == "q1"
    (match,) = answer["matches"]
    assert list(match) == ["id", "claim", "rating", "url", "score", "why"]
    assert (match["id"], match["url"], match["rating"]) == ("https://c.example/w", "https://c.example/w", "False")
    assert 0 <= match["score"] <= 1
    assert not CheckedClaim.objects.filter(pending=True).exists()


@pytest.mark.usefixtures("archive")
def test_bad_lines_are_answered_and_the_rest_goes_on(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        run_command(
            tmp_path / "q.jsonl", '{"id": 1}', "nonsense", '{"id": 2, "text": "whale"}',
            '{"id": 3, "text": "whale", "date": "soon"}', top=1,
        )  # fmt: skip
    answers = run_command.answers  # type: ignore[attr-defined]
    assert [answer.get("error", {}).get("code") for answer in answers] == [
        "input.missing_field", "input.not_json", None, "input.wrong_type",
    ]  # fmt: skip
    assert len(answers[2]["matches"]) == 1
