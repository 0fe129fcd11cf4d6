"""The assessor's sample: drawn at random, drawn again the same, and only of what the assessor may read."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.test import Client

from articles.models import Desk
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import Invalid, NotAllowed
from reviews.models import Verdict
from reviews.services.review import verdict_approve
from reviews.services.sample import MOST, sample_export
from tests import factories
from tests import publishing as desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdicts():
    for _ in range(5):
        verdict_approve(review=desk.proposed(), actor=desk.person("Reviewer"))
    return list(Verdict.objects.order_by("pk"))


def drawn(data: bytes) -> list[str]:
    return [name for name in zipfile.ZipFile(io.BytesIO(data)).namelist() if name.startswith("verdicts/")]


def test_the_same_seed_draws_the_same_verdicts_and_another_one_others(verdicts) -> None:
    auditor = factories.person(role="Auditor")
    names = {seed: drawn(sample_export(actor=auditor, seed=seed, size=2, days=7)) for seed in "abcdefgh"}
    assert drawn(sample_export(actor=auditor, seed="a", size=2, days=7)) == names["a"]
    assert all(len(found) == 2 for found in names.values())
    assert len({tuple(found) for found in names.values()}) > 1
    event = AuditEvent.objects.filter(action="sample.exported").first()
    assert (event.actor, event.after["seed"], event.after["of"]) == (auditor, "a", 5)


def test_a_verdict_comes_with_its_evidence_its_people_and_its_trail(verdicts) -> None:
    data = sample_export(actor=factories.person(role="Auditor"), seed="x", size=9, days=7)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        told = json.loads(archive.read(f"verdicts/{verdicts[0].pk}.json"))
        assert b"5 of 5 verdicts" in archive.read("README.txt")
        assert archive.read("sample.csv").count(b"\r\n") == 6
    assert told["verdict"]["label"] == verdicts[0].label.name
    assert told["verdict"]["proposed_by"] != told["verdict"]["approved_by"]
    assert told["evidence"][0]["passage"]
    assert "approved the verdict" in [event["did"] for event in told["trail"]]


def test_what_is_confidential_is_counted_only(verdicts) -> None:
    cited = verdicts[0].cited.get().evidence
    type(cited).objects.filter(pk=cited.pk).update(visibility="confidential", passage="The secret words.")
    data = sample_export(actor=factories.person(role="Auditor"), seed="x", size=9, days=7)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read(f"verdicts/{verdicts[0].pk}.json").decode()
    assert "The secret words." not in text
    assert json.loads(text)["confidential_evidence"] == 1


def test_nothing_behind_a_wall_is_drawn(verdicts) -> None:
    article = verdicts[0].review.claim.article
    article.desk = Desk.objects.create(name="Secret", slug="secret")
    article.save(update_fields=["desk"])
    data = sample_export(actor=factories.person(role="Auditor"), seed="x", size=9, days=7)
    assert f"verdicts/{verdicts[0].pk}.json" not in drawn(data)
    assert len(drawn(data)) == 4


@pytest.mark.parametrize("role", ["Viewer", "Checker", "Desk editor", "Publisher", "Reporter"])
def test_it_is_for_those_who_read_the_trail(role) -> None:
    with pytest.raises(NotAllowed):
        sample_export(actor=factories.person(role=role), seed="", size=1, days=7)


@pytest.mark.parametrize("size", [0, -1, MOST + 1])
def test_a_sample_has_a_size(size) -> None:
    with pytest.raises(Invalid):
        sample_export(actor=factories.person(role="Auditor"), seed="", size=size, days=7)


def test_the_page_offers_it_and_answers_with_a_file(verdicts) -> None:
    client = Client()
    client.force_login(factories.person(role="Auditor"))
    assert b'action="/insights/sample/"' in client.get("/insights/").content
    answer = client.post("/insights/sample/", {"seed": "2026", "size": "3", "days": "28"})
    assert answer["Content-Type"] == "application/zip"
    assert len(drawn(answer.content)) == 3
    assert client.post("/insights/sample/", {"size": "many"}).status_code == 422
    assert client.get("/insights/sample/").status_code == 405
