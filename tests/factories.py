"""Rows for tests, made directly: one keyword function a thing, every value with a default."""

from __future__ import annotations

import hashlib
import itertools
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.utils import timezone

from articles.choices import EvidenceState, RunState, Stance
from articles.models import Article, Claim, Evidence, PrefillRun, Revision, Snapshot, Source
from articles.workflow import ArticleState, ClaimState

_numbers = itertools.count(1)
PASSWORD = "correct horse battery staple"
TEXT = (
    "Harbour Tram Line Opens\n\n"
    "PORT ALMAR, November 19 (Tessel) - The harbour tram carries 30,000 people a day, "
    "Transport Minister Oda Wren said on Thursday.\n\n"
    "The line cost 240 million crowns, more than any other line. It is a fine day for the bay."
)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@cache
def _password_hash() -> str:
    """Hashing a password takes half a second on purpose; once is enough for all."""
    return make_password(PASSWORD)


def person(*, role: str = "Checker", username: str = "", first_name: str = "", last_name: str = "") -> User:
    """Somebody with a role; an empty role is somebody with no rights at all."""
    username = username or f"person{next(_numbers)}"
    user = User.objects.create(
        username=username, password=_password_hash(), first_name=first_name, last_name=last_name
    )
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def blocks_of(text: str) -> list[dict[str, Any]]:
    """The first paragraph as the headline, the others as paragraphs."""
    blocks, at = [], 0
    for part in text.split("\n\n"):
        kind = "paragraph" if blocks else "headline"
        blocks.append({"kind": kind, "start": at, "end": at + len(part)})
        at += len(part) + 2
    return blocks


def article(*, text: str = TEXT, title: str = "", read: bool = True, **values: Any) -> Article:
    """An article with one revision; `read` is whether the extractor has been there."""
    number = next(_numbers)
    made = Article.objects.create(
        identity=f"test:{number}", title=title or text.split("\n", 1)[0][:500] or "Untitled", publisher="Tessel Wire",
        state=ArticleState.IN_CHECK, published_at=NOON, **values,
    )  # fmt: skip
    revision = Revision.objects.create(
        article=made, number=1, text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), raw=text.encode(),
        raw_sha256=hashlib.sha256(text.encode()).hexdigest(), raw_name="test.txt", blocks=blocks_of(text),
        sentences=[[block["start"], block["end"]] for block in blocks_of(text)],
        extracted_at=NOON if read else None, extractor="test" if read else "",
    )  # fmt: skip
    made.current = revision
    made.save(update_fields=["current"])
    return made


def claim(*, article: Article, quote: str = "carries 30,000 people a day", **values: Any) -> Claim:
    """A claim of these words of the article; confirmed unless `state` says otherwise."""
    assert article.current is not None
    start = values.pop("start", None)
    start = article.current.text.index(quote) if start is None else start
    number = Claim.objects.filter(article=article).count() + 1
    defaults = {
        "statement": f"The harbour tram {quote}.", "state": ClaimState.CONFIRMED, "speaker": "Oda Wren",
        "speech": "indirect", "kind": "quantity", "score": 0.87, "priority": 87, "number": number, "origin": "person",
        "reasons": [
            {"name": "exact number", "weight": 1.2, "words": "30,000"},
            {"name": "comparison", "weight": 0.6, "words": "more than"},
            {"name": "could or may", "weight": -0.3, "words": "may"},
        ],
    }  # fmt: skip
    return Claim.objects.create(
        article=article, revision=article.current, quote=quote, start=start, end=start + len(quote),
        **(defaults | values),
    )  # fmt: skip


def source(*, name: str = "", **values: Any) -> Source:
    return Source.objects.create(**({"name": name or f"Source {next(_numbers)}", "kind": "archive"} | values))


def run(*, claim: Claim, source: Source, state: RunState = RunState.OK, **values: Any) -> PrefillRun:
    """A question to a source, in any state."""
    return PrefillRun.objects.create(
        claim=claim, source=source, state=state, query_digest=f"{next(_numbers):064}", not_before=NOON,
        **({"tries": 1} | values),
    )  # fmt: skip


def snapshot(*, content: bytes = b"As it was retrieved.", content_type: str = "text/plain") -> Snapshot:
    return Snapshot.objects.get_or_create(
        sha256=hashlib.sha256(content).hexdigest(),
        defaults={"content": content, "content_type": content_type, "retrieved_at": NOON},
    )[0]


def evidence(*, claim: Claim, source: Source | None = None, **values: Any) -> Evidence:
    """A suggestion, unless `state` says otherwise."""
    number = next(_numbers)
    defaults = {
        "title": f"Annual report, part {number}", "passage": "On working days 30,200 people ride the harbour tram.",
        "locator": "p. 31", "publisher": "City office of statistics", "relevance": 0.8,
        "suggested_stance": Stance.SUPPORTS, "state": EvidenceState.SUGGESTED, "snapshot": snapshot(),
    }  # fmt: skip
    return Evidence.objects.create(
        claim=claim, source=source, source_name=source.name if source else "By hand", external_id=f"test:{number}",
        retrieved_at=NOON, **(defaults | values),
    )  # fmt: skip


def tomorrow() -> str:
    """This time tomorrow, as a field for a moment takes it."""
    return (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
