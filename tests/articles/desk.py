"""Rows for tests of facts: a story with as many claims as wanted, and sources served on loopback."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from articles.models import Article, Claim, Revision, Source
from articles.services.prefill import prefill_plan

NOW = datetime(2026, 11, 19, 11, 5, tzinfo=UTC)


def story(text: str = "The plant supplied 1,371 gigawatt-hours last year.", *, title: str = "Ostrel") -> Revision:
    digest = hashlib.sha256(text.encode()).hexdigest()
    article = Article.objects.create(
        identity=f"sha256:{digest}", title=title, language="en", published_at=NOW, state="in_check"
    )
    revision = Revision.objects.create(
        article=article, number=1, text=text, sha256=digest, raw=text.encode(), raw_sha256=digest, extracted_at=NOW
    )
    Article.objects.filter(pk=article.pk).update(current=revision)
    return revision


def claims(revision: Revision, count: int, *, state: str = "proposed") -> list[Claim]:
    """`count` claims with different statements on different spans of the text."""
    return Claim.objects.bulk_create(
        Claim(
            article=revision.article,
            revision=revision,
            number=number,
            state=state,
            quote=revision.text[:number],
            start=0,
            end=number,
            statement=f"The Ostrel plant supplied {number} gigawatt-hours in 2026.",
            score=0.8,
            priority=80,
        )
        for number in range(1, count + 1)
    )


def planned(count: int, *sources: Source, text: str = "x" * 1000) -> list[Claim]:
    """`count` claims whose questions to the enabled sources are planned."""
    made = claims(story(text), count)
    prefill_plan(made)
    return made


def feed_source(url: str, *, name: str = "Tessel feed", rate: int = 0) -> Source:
    return Source.objects.create(name=name, kind="feed", settings={"url": url}, rate_per_minute=rate)


RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Tessel Wire</title>
<item><title>Ostrel plant output</title><link>https://wire.example/ostrel</link><guid>urn:tessel:1</guid>
<pubDate>Thu, 19 Nov 2026 10:00:00 GMT</pubDate>
<description>The Ostrel plant supplied 1,371 gigawatt-hours in 2026, the grid operator said.</description>
</item></channel></rss>"""
