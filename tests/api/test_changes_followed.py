"""Verdicts are published by several people at once while readers follow the feed over HTTP, in real threads.

A few here; FOLLOWED_VERDICTS=500 FOLLOWING_READERS=20 is the run that the documentation speaks of.
"""

from __future__ import annotations

import json
import os
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from reviews.services.publication import publication_publish
from tests.publishing import STATEMENT, approved, claim, person

if TYPE_CHECKING:
    from reviews.models import Publication

VERDICTS = int(os.environ.get("FOLLOWED_VERDICTS", "24"))
READERS = int(os.environ.get("FOLLOWING_READERS", "5"))
PUBLISHERS = 4
PAGES = (1, 3, 7, 100, 200)  # each reader asks for another number of changes at once


@dataclass
class Reader:
    """Follows the feed from the beginning until it has seen `enough`, or the hand is raised that it should stop."""

    url: str
    limit: int
    enough: int
    seen: list[dict[str, Any]] = field(default_factory=list)
    since: int = 0

    def read(self) -> dict[str, Any]:
        where = f"{self.url}/api/v1/changes/?since={self.since}&limit={self.limit}"
        with urllib.request.urlopen(where, timeout=20) as answer:
            part: dict[str, Any] = json.load(answer)
        self.seen += part["results"]
        self.since = part["since"]
        return part

    def follow(self, stop: threading.Event) -> None:
        while len(self.seen) < self.enough and not stop.is_set():
            if not self.read()["more"]:
                stop.wait(0.02)


def publish_all(drafts: list[Publication], publishers: int) -> None:
    """Publish them, several at the same moment, each by somebody of their own."""
    people = [person("Publisher") for _ in range(publishers)]

    def publish(place: int) -> None:
        try:
            for draft in drafts[place::publishers]:
                publication_publish(publication=draft, actor=people[place])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(publishers) as pool:
        list(pool.map(publish, range(publishers)))


@pytest.mark.usefixtures("_static_folder")
@pytest.mark.django_db(transaction=True)
def test_every_reader_sees_every_change_once_and_in_the_same_order(live_server: Any, settings: Any) -> None:
    settings.API_RATE_ADDRESS = 1_000_000
    drafts = [approved(claim(statement=f"{STATEMENT}, number {number}")) for number in range(VERDICTS)]
    readers = [Reader(live_server.url, PAGES[number % len(PAGES)], VERDICTS) for number in range(READERS)]
    sleeper, stop = Reader(live_server.url, 5, VERDICTS), threading.Event()
    sleeper.read()  # and stops for a day
    threads = [threading.Thread(target=reader.follow, args=(stop,)) for reader in readers]
    for thread in threads:
        thread.start()
    try:
        publish_all(drafts, PUBLISHERS)
        for thread in threads:
            thread.join(20 + VERDICTS / 5)
    finally:
        stop.set()
    sleeper.follow(threading.Event())
    slugs = {draft.slug for draft in drafts}
    for reader in (*readers, sleeper):
        numbers = [change["sequence"] for change in reader.seen]
        assert numbers == sorted(set(numbers))
        assert len(numbers) == VERDICTS
        assert {change["data"]["slug"] for change in reader.seen} == slugs
        assert reader.seen == sleeper.seen
