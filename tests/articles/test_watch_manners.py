"""Watching without being a burden: one page at a time, what a site asks for is heeded, no flood of old pages."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from articles.choices import ItemState, LookOutcome
from articles.models import Article, Desk, Host, Watch, WatchItem
from articles.services.hosts import host_rest, host_turn
from articles.services.watch import item_fetch, watch_look, watch_save, watches_due
from reviews.models import Membership
from tests.servers import Asked, Reply, serving, typed
from tests.services import wait_until

if TYPE_CHECKING:
    from tests.services import StartWorker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_static_folder")]
TODAY = timezone.now().strftime("%a, %d %b %Y %H:%M:%S GMT")


def item(url: str, n: int, words: str = "Summary.") -> str:
    return (
        f"<item><title>Story {n}</title><link>{url}/{n}</link><guid>urn:{n}</guid><pubDate>{TODAY}</pubDate>"
        f"<description>{words}</description></item>"
    )


def feed(*items: str) -> Reply:
    body = f'<rss version="2.0"><channel><title>Tessel Wire</title>{"".join(items)}</channel></rss>'
    return typed("application/rss+xml", body.encode())


def page(n: str) -> Reply:
    body = (
        f"<html><head><title>Story {n}</title></head><body><article><h1>Story {n}</h1><p>Tram number {n} carries "
        f"{n},000 people a day, the minister said on Thursday at the harbour.</p></article></body></html>"
    )
    return typed("text/html", body.encode())


def sitemap(*entries: str) -> Reply:
    body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(entries)}</urlset>'
    return typed("application/xml", body.encode())


# --- one page at a time -------------------------------------------------------------------------------
def test_pages_of_one_host_are_fetched_with_the_interval_between_them(settings: Any) -> None:
    settings.HOST_INTERVAL_SECONDS = 20
    replies: dict[str, Reply] = {str(n): page(str(n)) for n in range(1, 5)}
    with serving(lambda asked: replies[asked.path[1:]]) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        replies["feed"] = feed(*(item(server.url, n) for n in range(1, 5)))
        watch = Watch.objects.create(name="Tessel", url=f"{server.url}/feed")
        assert watch_look(watch_id=watch.pk)
        waiting = list(WatchItem.objects.order_by("pk"))
        said = [item_fetch(item_id=one.pk) for one in waiting]
        assert said == [ItemState.WAITING] * 4  # the look itself was the host's turn
        assert [asked.path for asked in server.asked] == ["/feed"]
        waiting = list(WatchItem.objects.order_by("not_before"))
        gaps = [(late.not_before - early.not_before).total_seconds() for early, late in pairwise(waiting)]
        assert gaps == [20, 20, 20]
        assert {one.tries for one in waiting} == {0}
        assert watches_due() == 0
        # Twenty seconds later the first one's turn has come, and only its.
        Host.objects.update(free_at=timezone.now())
        WatchItem.objects.update(not_before=timezone.now())
        assert [item_fetch(item_id=one.pk) for one in waiting][:2] == [ItemState.STORED, ItemState.WAITING]
        assert len(server.asked) == 2


def test_other_hosts_are_not_held_up(settings: Any) -> None:
    settings.HOST_INTERVAL_SECONDS = 20
    assert host_turn("https://one.example/a") is None
    assert host_turn("https://one.example:443/b") is not None
    assert host_turn("http://one.example/b") is None  # another port
    assert host_turn("https://two.example/a") is None


def test_the_parts_of_one_look_wait_for_their_turn(settings: Any) -> None:
    settings.HOST_INTERVAL_SECONDS = 1
    index = "".join(f"<sitemap><loc>{{url}}/map{n}</loc></sitemap>" for n in range(2))
    replies: dict[str, Reply] = {f"map{n}": sitemap() for n in range(2)}
    with serving(lambda asked: replies[asked.path[1:]]) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        replies["map"] = typed(
            "application/xml", f"<sitemapindex>{index.format(url=server.url)}</sitemapindex>".encode()
        )
        watch = Watch.objects.create(name="Tessel", url=f"{server.url}/map", kind="sitemap")
        began = timezone.now()
        look = watch_look(watch_id=watch.pk)
    assert look
    assert look.outcome == LookOutcome.OK
    assert len(server.asked) == 3
    assert timezone.now() - began >= timedelta(seconds=2)


def test_a_page_that_asks_us_to_wait_keeps_us_from_the_whole_host(settings: Any) -> None:
    settings.HOST_INTERVAL_SECONDS = 1
    replies: dict[str, Reply] = {"1": Reply(status=429, headers={"Retry-After": "900"}), "2": page("2")}
    with serving(lambda asked: replies[asked.path[1:]]) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        watch = Watch.objects.create(name="Tessel", url=f"{server.url}/feed")
        first, second = (
            WatchItem.objects.create(watch=watch, key=str(n), fingerprint="x", url=f"{server.url}/{n}")
            for n in (1, 2)
        )
        assert item_fetch(item_id=first.pk) == ItemState.WAITING
        assert item_fetch(item_id=second.pk) == ItemState.WAITING
        assert len(server.asked) == 1
    second.refresh_from_db()
    assert second.not_before > timezone.now() + timedelta(minutes=14)


def test_a_rest_is_never_shortened(settings: Any) -> None:
    settings.HOST_INTERVAL_SECONDS = 1
    late, soon = timezone.now() + timedelta(hours=1), timezone.now() + timedelta(minutes=1)
    host_rest("https://one.example/", late)
    host_rest("https://one.example/", soon)
    assert Host.objects.get().free_at == late


# --- where watching begins ----------------------------------------------------------------------------
def places(server: Any, *names: str) -> str:
    return "".join(f"<url><loc>{server.url}/{name}</loc></url>" for name in names)


def test_undated_pages_that_a_sitemap_listed_before_stay_out_and_later_ones_come_in(settings: Any) -> None:
    replies: dict[str, Reply] = {}
    with serving(lambda asked: replies[asked.path[1:]]) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        dated = f"<url><loc>{server.url}/dated</loc><lastmod>{timezone.now().isoformat()}</lastmod></url>"
        replies["map"] = sitemap(places(server, "old1", "old2"), dated)
        watch = Watch.objects.create(name="Tessel", url=f"{server.url}/map", kind="sitemap")
        first = watch_look(watch_id=watch.pk)
        replies["map"] = sitemap(places(server, "new", "old1", "old2"), dated)
        Watch.objects.update(next_look_at=timezone.now())
        second = watch_look(watch_id=watch.pk)
    assert first
    assert second
    assert (first.fresh, first.left_out, second.fresh) == (1, 2, 1)
    assert first.said == "2 listed without a date were there before and are left out; later ones come in."
    waiting = WatchItem.objects.filter(state=ItemState.WAITING).values_list("url", flat=True)
    assert sorted(waiting) == sorted([f"{server.url}/dated", f"{server.url}/new"])
    assert set(WatchItem.objects.filter(state=ItemState.LEFT_OUT).values_list("error_code", flat=True)) == {
        "watch.before"
    }


def test_any_age_means_all_of_them(settings: Any) -> None:
    with serving(lambda _asked: sitemap(f"<url><loc>{server.url}/old</loc></url>")) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        watch = Watch.objects.create(name="Tessel", url=f"{server.url}/map", kind="sitemap", newest_days=0)
        look = watch_look(watch_id=watch.pk)
    assert look
    assert (look.fresh, look.left_out) == (1, 0)


def test_another_address_is_another_beginning() -> None:
    watch = Watch.objects.create(
        name="Tessel", url="https://tessel.example/map", kind="sitemap", last_answer_at=timezone.now()
    )
    watch.notes = "Asked the publisher."
    watch_save(watch=watch, actor=None)
    assert Watch.objects.get().last_answer_at is not None
    watch.url = "https://tessel.example/other-map"
    watch_save(watch=watch, actor=None)
    assert Watch.objects.get().last_answer_at is None


# --- walls --------------------------------------------------------------------------------------------
def test_a_source_manager_sends_nothing_to_a_walled_desk_and_reads_nothing_of_it() -> None:
    manager = User.objects.create_user("sil", is_staff=True)
    manager.groups.add(Group.objects.get(name="Source manager"))
    walled = Desk.objects.create(name="Investigations", slug="investigations", walled=True)
    watch = Watch.objects.create(name="Leaks", url="https://leaks.example/feed", desk=walled)
    item_ = WatchItem.objects.create(watch=watch, key="k", fingerprint="f", title="A secret story")
    client = Client()
    client.force_login(manager)
    form = {"name": "Harbour", "kind": "feed", "url": "https://tessel.example/feed", "interval_minutes": "15",
            "newest_days": "2", "wanted_words": "", "unwanted_words": "", "notes": "", "desk": walled.pk}  # fmt: skip
    refused = client.post("/admin/articles/watch/add/", form)
    assert refused.status_code == 200
    assert "Select a valid choice" in refused.content.decode()
    assert not Watch.objects.filter(name="Harbour").exists()
    assert "Investigations" not in client.get("/admin/articles/watch/add/").content.decode()
    for path in ("watch/", "watchitem/", "watchlook/"):
        assert "Leaks" not in client.get(f"/admin/articles/{path}").content.decode()
    assert client.get(f"/admin/articles/watch/{watch.pk}/change/").status_code == 302  # it is not there
    assert client.get(f"/admin/articles/watchitem/{item_.pk}/change/").status_code == 302
    Membership.objects.create(person=manager, desk=walled, role=Group.objects.get(name="Checker"))
    assert client.post("/admin/articles/watch/add/", form).status_code == 302
    assert Watch.objects.get(name="Harbour").desk == walled


# --- a worker that dies -------------------------------------------------------------------------------
TEXTS, PAGES = 60, 6


@pytest.mark.worker
def test_a_worker_killed_in_the_middle_of_a_look_loses_nothing_and_doubles_nothing(
    worker_process: StartWorker,
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/texts":
            words = "The harbour tram number {} carries many people a day, the minister said on Thursday."
            return feed(*(item(server.url, 100 + n, words.format(n)) for n in range(TEXTS)))
        if asked.path == "/pages":
            return feed(*(item(server.url, n) for n in range(PAGES)))
        time.sleep(0.3)  # how long the outside world takes, not a wait for a condition
        return page(asked.path[1:])

    with serving(answer) as server:
        settings = {"OUTBOUND_ALLOWED": server.host_port, "BROKER_VISIBILITY_SECONDS": "5", "SWEEP_SECONDS": "1",
                    "WATCH_LEASE_SECONDS": "3", "HOST_INTERVAL_SECONDS": "0"}  # fmt: skip
        for name, fetch in (("texts", False), ("pages", True)):
            Watch.objects.create(name=name, url=f"{server.url}/{name}", fetch_pages=fetch)
        first = worker_process(beat=True, **settings)
        wait_until(lambda: Article.objects.count() >= TEXTS // 4, seconds=60, what="the first stories")
        first.kill()
        here = Article.objects.count()
        assert here < TEXTS + PAGES, "the worker was done before it was killed: the test proves nothing"
        worker_process(beat=True, **settings)
        wait_until(lambda: Article.objects.count() == TEXTS + PAGES, seconds=90, what="every story")
        stored = WatchItem.objects.filter(state=ItemState.STORED)
        wait_until(lambda: stored.count() == TEXTS + PAGES, seconds=30, what="every item")
        ended = Watch.objects.filter(token=None, last_answer_at__isnull=False)
        wait_until(lambda: ended.count() == 2, seconds=30, what="both looks")
    assert WatchItem.objects.count() == TEXTS + PAGES
    assert {article.revisions.count() for article in Article.objects.all()} == {1}
