"""Rows the tests of publishing and of the API stand on: people by role, a claim, a verdict on its way out."""

from __future__ import annotations

import hashlib
import itertools
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone

from articles.choices import EvidenceState, Visibility
from articles.models import Article, CheckedClaim, Claim, ClaimMatch, Evidence, Revision
from articles.workflow import ArticleState, ClaimState
from factcheck.core.authentication import key_create
from reviews.models import Publication, Review
from reviews.services.publication import publication_publish
from reviews.services.review import Proposal, claim_take, verdict_approve, verdict_propose

TEXT = "Output has doubled in a single year, Ilva Torrent said. The plant opened in 2019."
STATEMENT = "Output of the Ostrel plant has doubled in a single year"
RATIONALE = "Between November 2025 and October 2026 the plant delivered 1,371 gigawatt-hours, twice the year before."
_numbers = itertools.count(1)


def person(role: str = "", name: str = "") -> User:
    """Somebody with one role; without a role nobody of the desk."""
    username = name or f"{role.lower().replace(' ', '-') or 'nobody'}-{next(_numbers)}"
    made = User.objects.create_user(username)  # no password: hashing one takes longer than most tests
    if role:
        made.groups.add(Group.objects.get(name=role))
    return made


def bearer(holder: User, *scopes: str) -> dict[str, str]:
    """The headers of a client with a key of this person."""
    token = key_create(name="test", person=holder, scopes=scopes).token
    return {"Authorization": f"Bearer {token}"}


def article(**changes: Any) -> Article:
    number = next(_numbers)
    values: dict[str, Any] = {
        "identity": f"https://tessel.example/{number}", "url": f"https://tessel.example/{number}",
        "title": "Ostrel plant doubles output, minister says", "publisher": "Tessel Wire", "language": "en",
        "published_at": datetime(2026, 1, 19, 11, 5, tzinfo=UTC), "state": ArticleState.IN_CHECK,
    }  # fmt: skip
    made = Article.objects.create(**values | changes)
    text = f"{TEXT} {number}"
    made.current = Revision.objects.create(
        article=made, number=1, text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), raw=text.encode(),
        raw_sha256=hashlib.sha256(text.encode()).hexdigest(), extracted_at=timezone.now(),
    )  # fmt: skip
    made.save()
    return made


def claim(of: Article | None = None, **changes: Any) -> Claim:
    of = of or article()
    number = of.claims.count() + 1
    values: dict[str, Any] = {
        "article": of, "revision": of.current, "number": number, "quote": TEXT[:35], "start": number - 1,
        "end": number + 34, "statement": STATEMENT, "speaker": "Ilva Torrent", "speech": "direct",
        "kind": "quantity", "score": 0.87, "priority": 87, "state": ClaimState.CONFIRMED,
        "reasons": [{"name": "number", "weight": 0.4, "words": "doubled"}],
    }  # fmt: skip
    return Claim.objects.create(**values | changes)


def evidence(of: Claim, **changes: Any) -> Evidence:
    number = next(_numbers)
    values: dict[str, Any] = {
        "claim": of, "source_name": "Kestrenet", "external_id": f"row-{number}", "kind": "dataset",
        "title": f"Generation by plant, sheet {number}", "publisher": "Kestrenet",
        "url": f"https://kestrenet.example/data/{number}", "retrieved_at": timezone.now(),
        "passage": "Ostrel: 1,371 GWh, against 688 GWh", "locator": "Table 4, row 17", "relevance": 0.9,
        "suggested_stance": "supports", "stance": "supports", "state": EvidenceState.KEPT,
        "visibility": Visibility.PUBLIC,
    }  # fmt: skip
    return Evidence.objects.create(**values | changes)


def match(of: Claim, **changes: Any) -> ClaimMatch:
    """An earlier review of another outlet that was suggested for the claim."""
    number = next(_numbers)
    review = changes.pop("review", None) or CheckedClaim.objects.create(
        identity=f"https://halden.example/{number}", url=f"https://halden.example/{number}", publisher="Halden Facts",
        claim="Output of the Ostrel plant has not doubled since 2023", rating="False", reviewed_on=date(2026, 1, 9),
    )  # fmt: skip
    values: dict[str, Any] = {
        "claim": of, "review": review, "score": 0.81, "model": "weighing 1, words only", "found_at": timezone.now(),
        "why": ["Words in both: Ostrel, doubled."],
    }  # fmt: skip
    return ClaimMatch.objects.create(**values | changes)


def proposal(**changes: Any) -> Proposal:
    values: dict[str, Any] = {
        "label": "misleading", "rationale": RATIONALE, "quote_check": "accurate",
        "summary": "The year before was the repair year.",
    }  # fmt: skip
    return Proposal(**values | changes)


def proposed(of: Claim | None = None, checker: User | None = None, **changes: Any) -> Review:
    """A review whose verdict waits for a second person."""
    of = of or claim()
    if not of.evidence.exists():
        evidence(of)
    checker = checker or person("Checker")
    review = claim_take(claim=of, actor=checker)
    verdict_propose(review=review, actor=checker, proposal=proposal(**changes))
    review.refresh_from_db()
    return review


def approved(of: Claim | None = None, **changes: Any) -> Publication:
    """A draft that may be published."""
    review = proposed(of, **changes)
    verdict_approve(review=review, actor=person("Reviewer"))
    return Publication.objects.get(claim=review.claim)


def published(of: Claim | None = None, **changes: Any) -> Publication:
    publication = approved(of, **changes)
    publication_publish(publication=publication, actor=person("Publisher"))
    publication.refresh_from_db()
    return publication
