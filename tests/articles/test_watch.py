"""Watched places: asked politely, taken in once, changed stories become revisions, notices stop the clock."""

from __future__ import annotations

import json
from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles.choices import HeldFor, ItemState, LookOutcome
from articles.models import Article, Desk, Watch, WatchItem, WatchLook
from articles.services.article import article_ingest, embargoes_lift
from articles.services.watch import item_fetch, watch_look, watch_save, watch_test, watches_due
from articles.workflow import ArticleState
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import FactcheckError
from tests.servers import Asked, Reply, redirect, serving, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_static_folder")]
TODAY = timezone.now().strftime("%a, %d %b %Y %H:%M:%S GMT")


class Site:
    """A news site on loopback whose answers a test changes as it goes."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.asked: list[Asked] = []
        self.url = ""

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        return self.replies.get(asked.path, Reply(status=404))

    def feed(self, *items: str, **headers: str) -> None:
        body = f'<rss version="2.0"><channel><title>Tessel Wire</title>{"".join(items)}</channel></rss>'
        self.replies["/feed"] = typed("application/rss+xml", body.encode(), **headers)

    def page(self, path: str, text: str) -> None:
        body = (
            f"<html><head><title>{path}</title></head><body><article><h1>Tram line opens</h1><p>{text}</p></article>"
        )
        self.replies[path] = typed("text/html; charset=utf-8", body.encode())


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    made = Site()
    with serving(made.answer) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        made.url = server.url
        yield made


def item(site: Site, path: str = "/tram", words: str = "The tram carries 30,000 people a day.") -> str:
    return (
        f"<item><title>Tram line opens</title><link>{site.url}{path}</link><guid>urn:tessel:{path}</guid>"
        f"<pubDate>{TODAY}</pubDate><description>{words}</description></item>"
    )


def watching(site: Site, **more: Any) -> Watch:
    return Watch.objects.create(**({"name": "Tessel", "url": f"{site.url}/feed", "fetch_pages": False} | more))


def again(watch: Watch) -> WatchLook | None:
    Watch.objects.filter(pk=watch.pk).update(next_look_at=timezone.now())
    return watch_look(watch_id=watch.pk)


# --- taking in ----------------------------------------------------------------------------------------
def test_a_new_story_comes_in_once_and_a_changed_one_is_its_next_revision(site: Site) -> None:
    site.feed(item(site))
    desk = Desk.objects.create(name="Harbour", slug="harbour")
    watch = watching(site, desk=desk)
    first = watch_look(watch_id=watch.pk)
    second = again(watch)
    assert first
    assert second
    assert (first.outcome, first.fresh, second.fresh, second.changed) == (LookOutcome.OK, 1, 0, 0)
    site.feed(item(site, words="The tram carries 31,000 people a day."))
    third = again(watch)
    assert third
    assert third.changed == 1
    article = Article.objects.get()
    assert (article.origin, article.desk, article.revisions.count()) == ("watch", desk, 2)
    assert article.url == f"{site.url}/tram"


def test_a_story_is_fetched_from_its_page_where_the_feed_has_no_more_than_a_summary(site: Site) -> None:
    site.feed(item(site, words="Summary."))
    site.page("/tram", "The harbour tram carries 30,000 people a day, the minister said on Thursday.")
    watch = watching(site, fetch_pages=True)
    watch_look(watch_id=watch.pk)
    waiting = WatchItem.objects.get()
    assert (waiting.state, Article.objects.count()) == (ItemState.WAITING, 0)
    assert item_fetch(item_id=waiting.pk) == ItemState.STORED
    assert item_fetch(item_id=waiting.pk) is None  # a task may run twice
    article = Article.objects.get()
    assert article.current
    assert "30,000 people" in article.current.text


def test_a_page_that_is_no_story_is_refused_with_its_reason_and_one_that_fails_is_tried_again(site: Site) -> None:
    site.feed(item(site, "/empty"), item(site, "/busy"))
    site.replies["/empty"] = typed("text/html", b"<html><body></body></html>")
    site.replies["/busy"] = Reply(status=503)
    watch = watching(site, fetch_pages=True)
    watch_look(watch_id=watch.pk)
    empty, busy = WatchItem.objects.order_by("pk")
    assert item_fetch(item_id=empty.pk) == ItemState.REFUSED
    assert item_fetch(item_id=busy.pk) == ItemState.WAITING
    empty.refresh_from_db()
    busy.refresh_from_db()
    assert empty.error_code.startswith("article.")
    assert busy.not_before > timezone.now()
    assert (busy.error_code, busy.tries) == ("http.status", 1)


def test_one_broken_story_does_not_keep_the_others_out(site: Site) -> None:
    site.feed("<item><title>Only a title</title><guid>urn:x</guid></item>", item(site))
    watch_look(watch_id=watching(site).pk)
    assert sorted(WatchItem.objects.values_list("state", flat=True)) == ["refused", "stored"]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({}, {"/tram", "/sport"}),
        ({"wanted_words": "TRAM carries"}, {"/tram"}),
        ({"unwanted_words": "football\ntennis"}, {"/tram"}),
        ({"wanted_words": "zeppelin"}, set()),
    ],
)
def test_filter_words_decide_which_stories_come_in(site: Site, rules: dict[str, str], expected: set[str]) -> None:
    site.feed(item(site), item(site, "/sport", "A football match drew 4,000 people."))
    watch_look(watch_id=watching(site, **rules).pk)
    assert {article.url.removeprefix(site.url) for article in Article.objects.all()} == expected
    assert WatchItem.objects.filter(state=ItemState.LEFT_OUT).count() == 2 - len(expected)


def test_stories_older_than_the_desk_wants_are_left_out(site: Site) -> None:
    site.feed(item(site).replace(TODAY, "Mon, 02 Jan 2023 10:00:00 GMT"))
    watch_look(watch_id=watching(site, newest_days=2).pk)
    assert WatchItem.objects.get().state == ItemState.LEFT_OUT


def test_a_feed_does_not_speak_for_the_articles_of_another_site(site: Site) -> None:
    own, _ = article_ingest(b"The mayor paid 40 crowns. It is so.", url="https://other.example/mayor").article, None
    site.feed(item(site).replace(f"{site.url}/tram", "https://other.example/mayor"))
    watch_look(watch_id=watching(site).pk)
    own.refresh_from_db()
    assert own.revisions.count() == 1
    assert Article.objects.count() == 2


def test_a_feed_that_is_not_well_formed_is_read_all_the_same(site: Site) -> None:
    site.feed(item(site).replace("Tram line opens", "Tram & line opens"))
    look = watch_look(watch_id=watching(site).pk)
    assert look
    assert (look.outcome, look.fresh) == (LookOutcome.OK, 1)


@pytest.mark.parametrize("body", [b"<!DOCTYPE r [<!ENTITY a 'x'>]><rss><channel/></rss>", b"no feed", b'{"a": 1}'])
def test_what_is_no_feed_is_said_and_nothing_comes_in(site: Site, body: bytes) -> None:
    site.replies["/feed"] = typed("application/xml", body)
    look = watch_look(watch_id=watching(site).pk)
    assert look
    assert (look.outcome, Article.objects.count()) == (LookOutcome.FAILED, 0)
    assert look.said


# --- sitemaps and WordPress ---------------------------------------------------------------------------
def test_a_sitemap_index_is_followed_one_level_and_only_on_its_own_host(site: Site) -> None:
    now = timezone.now().isoformat()
    site.replies["/index.xml"] = typed(
        "application/xml",
        f"<sitemapindex><sitemap><loc>{site.url}/news.xml</loc></sitemap>"
        f"<sitemap><loc>https://other.example/x.xml</loc></sitemap></sitemapindex>".encode(),
    )
    site.replies["/news.xml"] = typed(
        "application/xml",
        f"<urlset><url><loc>{site.url}/tram</loc><lastmod>{now}</lastmod></url>"
        f"<url><loc>https://other.example/b</loc></url></urlset>".encode(),
    )
    watch_look(watch_id=watching(site, kind="sitemap", url=f"{site.url}/index.xml").pk)
    assert [found.url for found in WatchItem.objects.all()] == [f"{site.url}/tram"]


def test_a_wordpress_site_is_asked_for_what_changed_since_the_last_look(site: Site) -> None:
    stamp = timezone.now().replace(microsecond=0, tzinfo=None).isoformat()
    post = {
        "id": 7, "date_gmt": stamp, "modified_gmt": stamp, "status": "publish", "link": f"{site.url}/tram/",
        "title": {"rendered": "Tram line opens"}, "content": {"rendered": "<p>It carries 30,000 people a day.</p>"},
    }  # fmt: skip
    path = "/wp-json/wp/v2/posts"
    site.replies[path] = typed("application/json", json.dumps([post]).encode())
    watch = watching(site, kind="wordpress", url=site.url, fetch_pages=True)
    watch_look(watch_id=watch.pk)
    assert Article.objects.get().title == "Tram line opens"
    site.replies[path] = typed("application/json", b"[]")
    again(watch)
    assert site.asked[-1].params["modified_after"] > site.asked[0].params["modified_after"]
    assert site.asked[-1].params["orderby"] == "modified"


def test_a_post_behind_a_password_is_refused_alone(site: Site) -> None:
    stamp = timezone.now().replace(microsecond=0, tzinfo=None).isoformat()
    said = {"date_gmt": stamp, "modified_gmt": stamp, "status": "publish", "title": {"rendered": "Tram line opens"}}
    locked = said | {"id": 1, "link": f"{site.url}/a/", "content": {"rendered": "", "protected": True}}
    free = said | {"id": 2, "link": f"{site.url}/b/", "content": {"rendered": "<p>It carries 30,000 people.</p>"}}
    site.replies["/wp-json/wp/v2/posts"] = typed("application/json", json.dumps([locked, free]).encode())
    look = watch_look(watch_id=watching(site, kind="wordpress", url=site.url).pk)
    assert look
    assert look.outcome == LookOutcome.OK
    assert Article.objects.count() == 1
    assert WatchItem.objects.get(state=ItemState.REFUSED).error_code == "article.encrypted"


# --- manners ------------------------------------------------------------------------------------------
def test_a_place_that_has_not_changed_is_asked_with_what_it_said_and_says_so(site: Site) -> None:
    site.feed(item(site), ETag='"v1"', **{"Last-Modified": TODAY})
    watch = watching(site)
    watch_look(watch_id=watch.pk)
    site.replies["/feed"] = Reply(status=304)
    look = again(watch)
    assert look
    assert look.outcome == LookOutcome.NOT_MODIFIED
    sent = site.asked[-1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"v1"', TODAY)
    again(watch)
    assert site.asked[-1].headers["if-none-match"] == '"v1"'  # a 304 without a tag keeps the one we have


def test_a_place_that_moved_for_good_is_asked_at_its_new_address(site: Site) -> None:
    site.feed(item(site))
    site.replies["/new"], site.replies["/feed"] = site.replies["/feed"], redirect("/new", 301)
    watch = watching(site)
    look = watch_look(watch_id=watch.pk)
    watch.refresh_from_db()
    assert look
    assert watch.url == f"{site.url}/new"
    assert watch.url in look.said
    assert AuditEvent.objects.filter(action="watch.moved").exists()


def test_a_place_that_is_gone_is_stopped_and_says_why(site: Site) -> None:
    site.replies["/feed"] = Reply(status=410)
    watch = watching(site)
    look = watch_look(watch_id=watch.pk)
    watch.refresh_from_db()
    assert look
    assert (look.outcome, watch.enabled) == (LookOutcome.GONE, False)
    assert "410" in watch.stopped_reason
    assert again(watch) is None


def test_a_place_that_asks_us_to_wait_is_left_alone_as_long(site: Site) -> None:
    site.replies["/feed"] = Reply(status=429, headers={"Retry-After": "7200"})
    watch = watching(site)
    look = watch_look(watch_id=watch.pk)
    watch.refresh_from_db()
    assert look
    assert look.outcome == LookOutcome.THROTTLED
    assert watch.next_look_at - timezone.now() > timedelta(minutes=118)


def test_each_failure_in_a_row_doubles_the_wait_up_to_a_day_and_an_answer_ends_it(site: Site) -> None:
    site.replies["/feed"] = Reply(status=500)
    watch = watching(site, interval_minutes=10)
    waits = []
    for _ in range(9):
        again(watch)
        watch.refresh_from_db()
        waits.append(round((watch.next_look_at - timezone.now()).total_seconds() / 60))
    assert waits[:4] == [20, 40, 80, 160]
    assert waits[-1] == 24 * 60
    site.feed(item(site))
    again(watch)
    watch.refresh_from_db()
    assert watch.failures_in_row == 0


def test_a_look_is_held_by_one_worker_and_given_out_again_when_it_dies(site: Site) -> None:
    site.feed(item(site))
    watch = watching(site)
    held = Watch.objects.filter(pk=watch.pk)
    held.update(token="00000000-0000-4000-8000-000000000000", lease_until=timezone.now() + timedelta(minutes=1))
    assert watch_look(watch_id=watch.pk) is None
    held.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert watches_due() == 1
    assert watch_look(watch_id=watch.pk) is not None
    assert watches_due() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_the_same_moment_one_looks(site: Site) -> None:
    site.feed(item(site))
    watch = watching(site)
    start, done = Barrier(2), []

    def work() -> None:
        start.wait()
        try:
            done.append(watch_look(watch_id=watch.pk))
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [one is not None for one in done].count(True) == 1
    assert len(site.asked) == 1


# --- notices ------------------------------------------------------------------------------------------
def ninjs(site: Site, **more: Any) -> None:
    story = {"uri": "urn:tessel:9", "versionCreated": timezone.now().isoformat(),
             "headlines": [{"role": "main", "value": "Ferry sale"}],
             "bodies": [{"role": "main", "value": "The ferry was sold for 12 million crowns."}]} | more  # fmt: skip
    site.replies["/feed"] = typed("application/json", json.dumps([story]).encode())


def test_a_withdrawn_story_is_marked_and_held_and_goes_on_when_it_is_usable_again(site: Site) -> None:
    ninjs(site)
    watch = watching(site)
    watch_look(watch_id=watch.pk)
    due = timezone.now() + timedelta(hours=4)
    Article.objects.update(due_at=due)
    ninjs(site, pubStatus="canceled", bodies=[])
    again(watch)
    article = Article.objects.get()
    assert (article.state, article.held_for) == (ArticleState.HELD, HeldFor.WITHDRAWN)
    assert article.withdrawn_at
    assert article.revisions.count() == 1, "a notice is no text"
    Article.objects.update(held_at=timezone.now() - timedelta(hours=2))
    ninjs(site, pubStatus="usable")
    again(watch)
    article.refresh_from_db()
    assert (article.state, article.withdrawn_at, article.held_for) == (ArticleState.PARSED, None, "")
    assert article.due_at
    assert article.due_at >= due + timedelta(hours=2), "the time on hold does not count"


def test_an_embargo_holds_a_story_until_its_time(site: Site) -> None:
    ninjs(site, embargoedUntil=(timezone.now() + timedelta(hours=1)).isoformat())
    watch_look(watch_id=watching(site).pk)
    article = Article.objects.get()
    assert (article.state, article.held_for) == (ArticleState.HELD, HeldFor.EMBARGO)
    assert embargoes_lift() == 0
    Article.objects.update(embargoed_until=timezone.now() - timedelta(seconds=1))
    assert (embargoes_lift(), embargoes_lift()) == (1, 0)
    article.refresh_from_db()
    assert article.state == ArticleState.PARSED


def test_what_a_person_holds_stays_on_hold_when_an_embargo_ends(site: Site) -> None:
    ninjs(site)
    watch = watching(site)
    watch_look(watch_id=watch.pk)
    Article.objects.update(state=ArticleState.HELD)
    ninjs(site, embargoedUntil=(timezone.now() + timedelta(hours=1)).isoformat())
    again(watch)
    Article.objects.update(embargoed_until=timezone.now() - timedelta(seconds=1))
    assert embargoes_lift() == 0
    assert Article.objects.get().state == ArticleState.HELD


def test_versions_of_a_newsml_item_are_one_article(site: Site) -> None:
    for version, count in ((1, 30), (2, 31)):
        site.replies["/feed"] = typed(
            "application/xml",
            f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:t:1" version="{version}"><itemMeta>'
            f"<versionCreated>{timezone.now().isoformat()}</versionCreated></itemMeta><contentMeta><headline>Tram"
            f"</headline></contentMeta><contentSet><inlineData>The tram carries {count},000 people a day."
            "</inlineData></contentSet></newsItem>".encode(),
        )
        watch = Watch.objects.first() or watching(site)
        again(watch)
    assert Article.objects.get().revisions.count() == 2


# --- managing -----------------------------------------------------------------------------------------
def signed_in(role: str) -> Client:
    who = User.objects.create_user(role.lower().replace(" ", "-"), is_staff=True)
    who.groups.add(Group.objects.get(name=role))
    made = Client()
    made.force_login(who)
    return made


@pytest.mark.parametrize(
    ("role", "status"), [("Source manager", 200), ("Administrator", 200), ("Checker", 403), ("Desk editor", 403)]
)
@pytest.mark.parametrize("page", ["watch/", "watch/add/", "watchlook/", "watchitem/"])
def test_source_managers_and_administrators_manage_watched_places(role: str, status: int, page: str) -> None:
    expected = 403 if page.startswith("watch/add") and status == 403 else status
    assert signed_in(role).get(f"/admin/articles/{page}").status_code == expected


def test_a_place_is_added_and_tested_in_the_admin(site: Site) -> None:
    site.feed(item(site))
    client = signed_in("Source manager")
    form = {"name": "Tessel", "kind": "feed", "url": f"{site.url}/feed", "desk": 1, "enabled": "on",
            "interval_minutes": 15, "newest_days": 2}  # fmt: skip
    assert client.post("/admin/articles/watch/add/", form).status_code == 302
    watch = Watch.objects.get()
    answer = client.post(
        "/admin/articles/watch/", {"action": "test_chosen", "_selected_action": [watch.pk]}, follow=False
    )
    told = " ".join(str(one) for one in get_messages(answer.wsgi_request))
    assert "1 stories are listed" in told
    assert Article.objects.count() == 0, "a test takes nothing in"
    assert client.get(f"/admin/articles/watch/{watch.pk}/change/").status_code == 200


@pytest.mark.parametrize(("url", "code"), [("ftp://x.example/f", "watch.bad_url"), ("http:///f", "watch.bad_url")])
def test_an_address_that_cannot_be_asked_is_refused(url: str, code: str) -> None:
    with pytest.raises(FactcheckError) as refused:
        watch_save(watch=Watch(name="x", url=url), actor=None)
    assert refused.value.code == code


def test_a_test_that_fails_says_why(site: Site) -> None:
    tested = watch_test(watch=watching(site, url=f"{site.url}/nowhere"), actor=None)
    assert not tested.ok
    assert "404" in tested.said
