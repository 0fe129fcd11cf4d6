"""The demo desk: people, sources and stories to look around with. Safe to run again; keeps what is there."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.models import Group, User
from django.db import transaction

from articles.choices import Origin, Reliability
from articles.models import Article, CheckedClaim, Source
from articles.progress import wait_for_evidence
from articles.services.archive import checked_claim_save
from articles.services.article import article_ingest
from articles.services.document import document_add
from articles.services.source import source_save

if TYPE_CHECKING:
    from django.core.management.base import OutputWrapper

SAMPLE: Final = Path(__file__).resolve().parent.parent / "articles" / "sample"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    username: str
    first: str
    last: str
    role: str


PEOPLE: Final = (
    DemoPerson("mirek", "Mirek", "Soll", "Checker"),
    DemoPerson("ana", "Ana", "Verrel", "Reviewer"),
    DemoPerson("ines", "Ines", "Cato", "Desk editor"),
    DemoPerson("tove", "Tove", "Lind", "Publisher"),
    DemoPerson("admin", "Ada", "Min", "Administrator"),
)
# name, connector, settings, reliability, enabled
SOURCES: Final[tuple[tuple[str, str, dict[str, Any], Reliability, bool], ...]] = (
    ("Checked before", "archive", {}, Reliability.HIGH, True),
    ("Earlier evidence", "previous", {}, Reliability.MEDIUM, True),
    ("Official documents", "documents", {"folder": "official"}, Reliability.HIGH, True),
    ("Wikipedia", "wikipedia", {"language": "en"}, Reliability.MEDIUM, True),
    ("Wikidata", "wikidata", {}, Reliability.MEDIUM, True),
    ("World Bank", "worldbank", {}, Reliability.HIGH, True),
    ("Crossref", "crossref", {}, Reliability.HIGH, True),
    ("Eurostat", "eurostat", {}, Reliability.HIGH, True),
    ("Wayback Machine", "wayback", {}, Reliability.MEDIUM, True),
    # One question in five seconds: switched on where somebody can wait for it.
    ("GDELT news", "gdelt", {}, Reliability.MEDIUM, False),
    ("UN News", "feed", {"url": "https://news.un.org/feed/subscribe/en/news/all/rss.xml"}, Reliability.MEDIUM, False),
)


def people_create() -> list[tuple[DemoPerson, str]]:
    """The people who are missing, each with the password that is shown this once."""
    made = []
    for person in PEOPLE:
        if User.objects.filter(username=person.username).exists():
            continue
        password = secrets.token_urlsafe(12)
        with transaction.atomic():
            user = User.objects.create_user(
                person.username,
                password=password,
                first_name=person.first,
                last_name=person.last,
                is_staff=True,
                is_superuser=person.username == "admin",
            )
            user.groups.add(Group.objects.get(name=person.role))
        made.append((person, password))
    return made


def sources_create() -> int:
    """The sources who are missing, with the sample documents and checked claims; returns how many."""
    made = 0
    for name, kind, settings, reliability, enabled in SOURCES:
        if Source.objects.filter(name=name).exists():
            continue
        source = Source(name=name, kind=kind, settings=settings, reliability=reliability, enabled=enabled)
        source.rate_per_minute = 12 if kind == "gdelt" else source.rate_per_minute
        # What lies here answers as often as it is asked; what lies outside is asked politely.
        source.rate_per_minute = 0 if kind in ("archive", "documents") else 60
        source_save(source=source, actor=None)
        made += 1
    for path in sorted((SAMPLE / "documents").glob("*.txt")):
        document_add(
            source=Source.objects.get(name="Official documents"), name=path.name, data=path.read_bytes(), actor=None
        )
    _checked_claims_create()
    return made


def _checked_claims_create() -> None:
    for row in json.loads((SAMPLE / "checked_claims.json").read_text(encoding="utf-8")):
        if not CheckedClaim.objects.filter(identity=row["identity"]).exists():
            checked_claim_save(**row | {"reviewed_on": date.fromisoformat(row["reviewed_on"])}, language="en")


def stories_take_in(out: OutputWrapper) -> list[Article]:
    """The sample stories that are not here yet, through the whole pipeline, with a progress bar on `out`."""
    taken = []
    for path in sorted((SAMPLE / "stories").glob("*.txt")):
        story = article_ingest(path.read_bytes(), name=path.name, origin=Origin.SAMPLE)
        if story.created:
            wait_for_evidence(story.article, out)
            taken.append(story.article)
    return taken
