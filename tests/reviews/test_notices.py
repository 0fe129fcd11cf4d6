"""Who is told of what, once each, the way they chose; and what becomes of a message on its way out."""

from __future__ import annotations

import json
import smtplib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.utils import timezone

from articles.models import Article, Claim, ClaimMove, Desk
from factcheck.core.errors import Invalid
from reviews.choices import Channel, NoticeEvent, SendState
from reviews.models import ChatRoom, DeskPolicy, Membership, Notice, Outgoing, PersonSettings, Review
from reviews.services.correction import publication_retract
from reviews.services.notice import DEFAULTS, Ways, choices_save, notices_read, notify
from reviews.services.outgoing import MOST_TRIES, outgoing_send, outgoing_sweep
from reviews.services.review import claim_take, review_perform
from reviews.services.told import notices_of_time
from reviews.tasks import send_outgoing, tell_of_time, tidy_notices
from reviews.workflow import ReviewAction
from tests import factories
from tests import publishing as published
from tests.servers import Reply, closed_port, hanging, serving

if TYPE_CHECKING:
    from django.contrib.auth.models import User


pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    return factories.claim(article=factories.article())


def tell(people: list[User], *, key: str = "k", about: Any = None, **values: Any) -> int:
    with transaction.atomic():
        return notify(
            event=values.pop("event", NoticeEvent.MENTIONED), people=people, key=key, about=about,
            words=values.pop("words", "Ana mentions you"), **values,
        )  # fmt: skip


def walled_desk() -> Desk:
    desk = Desk.objects.create(name="Investigations", slug="inv", walled=True)
    DeskPolicy.objects.create(pk=desk.pk, desk=desk)
    return desk


def events_of(person: User) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("event", flat=True))


def with_mail(person: User) -> User:
    person.email = f"{person.username}@desk.example"
    person.save(update_fields=["email"])
    return person


# --- who hears of it ------------------------------------------------------------------------------------
def test_the_same_thing_tells_nobody_twice(claim, settings):
    settings.EMAIL_ON = True
    ana, bo = with_mail(factories.person()), with_mail(factories.person())
    assert tell([ana], about=claim) == 1
    assert tell([ana, bo], about=claim) == 1  # only who had not heard of it
    assert tell([ana, bo], about=claim) == 0
    assert Notice.objects.count() == Outgoing.objects.count() == 2
    assert tell([ana], about=claim, key="another") == 1


def test_a_notice_is_written_with_what_it_tells_or_not_at_all(claim):
    ana = factories.person()
    with transaction.atomic():
        notify(event=NoticeEvent.ASSIGNED, people=[ana], key="k", words="Told", about=claim)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_notice_outside_of_a_transaction_is_refused():
    with pytest.raises(RuntimeError):
        notify(event=NoticeEvent.ASSIGNED, people=[], key="k", words="Told")


def test_left_out_are_who_did_it_who_is_off_and_who_may_not_see_it(claim):
    ana, off, outsider = factories.person(), factories.person(), factories.person(role="")
    off.is_active = False
    off.save()
    assert tell([ana, off, outsider, None], about=claim, actor=ana) == 0


def test_nothing_is_told_across_a_wall(claim):
    inside, outside = factories.person(), factories.person()
    desk = walled_desk()
    role = inside.groups.get()
    Membership.objects.create(person=inside, desk=desk, role=role)
    Article.objects.filter(pk=claim.article_id).update(desk=desk)
    claim.refresh_from_db()
    assert tell([inside, outside], about=claim) == 1
    assert Notice.objects.get().person == inside


def test_the_author_of_a_text_hears_of_it_without_reading_the_desk():
    reporter = factories.person(role="Reporter")
    claim = factories.claim(article=factories.article(created_by=reporter))
    assert tell([reporter], about=claim, event=NoticeEvent.ANSWER) == 1


def test_telling_fifty_people_costs_the_queries_of_telling_one(claim, django_assert_num_queries):
    for count, key in ((1, "one"), (50, "fifty")):
        people = [factories.person() for _ in range(count)]
        with django_assert_num_queries(8), transaction.atomic():  # two of them are the savepoint
            assert notify(event=NoticeEvent.SECOND_REVIEW, people=people, key=key, words="x", about=claim) == count


# --- how ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ways", "shown", "channels"),
    [
        (None, True, ["chat", "email"]),
        (Ways(page=True, email=False, chat=False), True, []),
        (Ways(page=False, email=True, chat=False), False, ["email"]),
        (Ways(page=False, email=False, chat=True), False, ["chat"]),
        (Ways(page=False, email=False, chat=False), False, []),
    ],
)
def test_each_person_chooses(claim, settings, ways, shown, channels):
    settings.EMAIL_ON = True
    ana = with_mail(factories.person())
    PersonSettings.objects.create(person=ana, chat_url="https://chat.example/hooks/1")
    if ways is not None:
        choices_save(person=ana, ways={NoticeEvent.MENTIONED: ways})
        choices_save(person=ana, ways={NoticeEvent.MENTIONED: ways})  # twice is once
    tell([ana], about=claim)
    assert Notice.objects.get().shown is shown
    assert sorted(Outgoing.objects.values_list("channel", flat=True)) == channels


def test_without_mail_server_address_or_chat_only_the_page_tells(claim, settings):
    ana = with_mail(factories.person())
    tell([ana], about=claim)
    settings.EMAIL_ON = True
    tell([factories.person()], about=claim)
    assert Notice.objects.filter(shown=True).count() == 2
    assert not Outgoing.objects.exists()


def test_every_event_has_a_default_and_an_unknown_one_is_refused():
    assert set(DEFAULTS) == set(NoticeEvent.values)
    with pytest.raises(Invalid) as error:
        choices_save(person=factories.person(), ways={"lunch": DEFAULTS[NoticeEvent.DUE]})
    assert error.value.code == "notice.unknown_event"


def test_a_room_hears_once_what_its_desk_is_told(claim):
    ChatRoom.objects.create(desk=claim.article.desk, name="All", url="https://chat.example/1")
    ChatRoom.objects.create(desk=claim.article.desk, name="Late", url="https://chat.example/2", events=["overdue"])
    ChatRoom.objects.create(desk=claim.article.desk, name="Off", url="https://chat.example/3", enabled=False)
    tell([factories.person(), factories.person()], about=claim)
    tell([factories.person()], about=claim)
    assert [one.room.name for one in Outgoing.objects.all()] == ["All"]


# --- what moves tell ------------------------------------------------------------------------------------
def test_who_is_given_a_claim_is_told_and_who_loses_it(claim):
    editor, ana, bo = factories.person(role="Desk editor"), factories.person(), factories.person()
    review = claim_take(claim=claim, actor=editor)
    assert events_of(editor) == []  # nobody is told of what they did
    review_perform(review=review, action=ReviewAction.ASSIGN, actor=editor, assignee=ana, note="Due tonight")
    review_perform(review=review, action=ReviewAction.ASSIGN, actor=editor, assignee=bo)
    assert events_of(ana) == [NoticeEvent.ASSIGNED, NoticeEvent.RETURNED]
    assert events_of(bo) == [NoticeEvent.ASSIGNED]
    first = Notice.objects.filter(person=ana).earliest("pk")
    assert "Due tonight" in first.words
    assert f"claim {claim.number}" in first.words
    assert first.url == f"/claims/{claim.pk}/"


def test_a_proposal_asks_the_others_for_a_second_look_and_changes_come_back_to_the_proposer():
    claim = published.claim()
    before = factories.person(role="Reviewer")
    review = published.proposed(claim)
    verdict = review.verdict
    assert verdict is not None
    reviewer = factories.person(role="Reviewer")
    assert events_of(reviewer) == []  # came to the desk later
    assert events_of(before) == [NoticeEvent.SECOND_REVIEW]
    review_perform(review=review, action=ReviewAction.REQUEST_CHANGES, actor=reviewer, note="Where from?")
    assert events_of(verdict.proposed_by)[-1] == NoticeEvent.RETURNED


def test_a_retraction_is_told_to_those_who_worked_on_the_verdict():
    publication = published.published()
    verdict = publication.verdict
    publisher = factories.person(role="Publisher")
    publication_retract(publication=publication, actor=publisher, note="Wrong table.")
    told = Notice.objects.filter(event=NoticeEvent.CORRECTED).values_list("person", flat=True)
    assert set(told) == {verdict.proposed_by_id, verdict.approved_by_id}


def held(claim: Claim, **due: float) -> Review:
    review = claim_take(claim=claim, actor=factories.person())
    Review.objects.filter(pk=review.pk).update(due_at=timezone.now() + timedelta(**due))
    review.refresh_from_db()
    return review


@pytest.mark.parametrize(
    ("due", "events"),
    [({"hours": 3}, []), ({"hours": 1}, [NoticeEvent.DUE]), ({"minutes": -1}, [NoticeEvent.OVERDUE])],
)
def test_deadlines_are_told_once_however_often_the_clock_ticks(claim, due, events):
    review = held(claim, **due)
    for _ in range(2):
        tell_of_time()
    assert events_of(review.assignee) == events


def test_another_deadline_is_told_again_and_a_late_claim_after_the_warning(claim):
    review = held(claim, hours=1)
    assert notices_of_time() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert notices_of_time() == 1
        Review.objects.filter(pk=review.pk).update(due_at=timezone.now() + timedelta(hours=1))
        assert notices_of_time() == 1
    assert events_of(review.assignee) == [NoticeEvent.DUE, NoticeEvent.OVERDUE, NoticeEvent.DUE]


def test_words_that_changed_are_told_to_who_holds_the_claim(claim):
    review = held(claim, days=3)
    claim.stale_anchor = True
    claim.save()
    ClaimMove.objects.create(claim=claim, revision=claim.revision, old_quote=claim.quote, how="gone")
    assert [notices_of_time(), notices_of_time()] == [1, 0]
    assert events_of(review.assignee) == [NoticeEvent.STALE]


# --- reading --------------------------------------------------------------------------------------------
def test_a_person_reads_their_own_notices_only(claim):
    ana, bo = factories.person(), factories.person()
    for key in ("a", "b", "c"):
        tell([ana, bo], about=claim, key=key)
    one, two, three = Notice.objects.filter(person=ana).order_by("pk")
    assert notices_read(person=bo, only=one.pk) == 0
    assert notices_read(person=ana, only=one.pk) == 1
    assert notices_read(person=ana, up_to=two.pk) == 1
    three.refresh_from_db()
    assert three.read_at is None


def test_what_was_read_long_ago_is_thrown_away_once_its_claim_is_settled(claim):
    ana, other = factories.person(), factories.claim(article=claim.article, start=0)
    for key, about in (("open", claim), ("settled", other), ("unread", other)):
        tell([ana], about=about, key=key)
    Claim.objects.filter(pk=other.pk).update(settled=True)
    Notice.objects.exclude(key="unread").update(read_at=timezone.now())
    tidy_notices()
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        tidy_notices()
        tidy_notices()
    assert set(Notice.objects.values_list("key", flat=True)) == {"open", "unread"}


# --- on the way out -------------------------------------------------------------------------------------
def mailed(claim: Claim, settings: Any) -> Outgoing:
    settings.EMAIL_ON = True
    tell([with_mail(factories.person())], about=claim, words="Ana\nmentions <you>")
    return Outgoing.objects.get()


def test_a_mail_is_sent_once_however_often_the_task_runs(claim, settings):
    row = mailed(claim, settings)
    for _ in range(3):
        send_outgoing(row.pk)
    (sent,) = mail.outbox
    assert sent.to == [row.person.email]
    assert "\n" not in sent.subject
    assert f"{settings.BASE_URL}/claims/{claim.pk}/" in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    row.refresh_from_db()
    assert row.state == SendState.SENT


def test_a_mail_server_that_is_gone_is_tried_again_and_given_up_in_the_end(claim, settings, monkeypatch):
    row = mailed(claim, settings)

    def refuse(_self: object, _messages: object) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    assert outgoing_send(outgoing_id=row.pk) == SendState.QUEUED
    assert outgoing_send(outgoing_id=row.pk) is None  # not before its time
    for _ in range(MOST_TRIES - 1):
        with time_machine.travel(Outgoing.objects.get().not_before + timedelta(seconds=1)):
            state = outgoing_send(outgoing_id=row.pk)
    assert state == SendState.FAILED


def test_what_a_dead_worker_held_is_perhaps_sent_and_never_sent_again(claim, settings):
    row = mailed(claim, settings)
    Outgoing.objects.update(state=SendState.SENDING, lease_until=timezone.now() - timedelta(seconds=1))
    assert outgoing_sweep() == 0
    assert outgoing_send(outgoing_id=row.pk) is None
    assert Outgoing.objects.get().state == SendState.UNSURE
    assert not mail.outbox


def test_a_message_nobody_was_nudged_for_is_found_by_the_sweep(claim, settings):
    mailed(claim, settings)
    assert outgoing_sweep() == 1


@pytest.mark.parametrize("lost", ["account", "wall", "address"])
def test_who_may_no_longer_know_is_not_told(claim, settings, lost):
    row = mailed(claim, settings)
    if lost == "account":
        row.person.is_active = False
    elif lost == "address":
        row.person.email = ""
    else:
        desk = walled_desk()
        Article.objects.update(desk=desk)
    row.person.save()
    assert outgoing_send(outgoing_id=row.pk) == SendState.CANCELLED
    assert not mail.outbox


def chatted(claim: Claim, url: str) -> Outgoing:
    ana = factories.person()
    PersonSettings.objects.create(person=ana, chat_url=url)
    tell([ana], about=claim, words="Is 3 < 4 & <!channel> loud?")
    return Outgoing.objects.get(channel=Channel.CHAT)


def test_a_chat_gets_the_words_and_no_markup(claim, settings):
    with serving(lambda _asked: Reply(b"ok")) as chat:
        settings.OUTBOUND_ALLOWED = chat.allow
        row = chatted(claim, f"{chat.url}/hooks/abc")
        assert outgoing_send(outgoing_id=row.pk) == SendState.SENT
        assert outgoing_send(outgoing_id=row.pk) is None
    (asked,) = chat.asked
    assert asked.path == "/hooks/abc"
    assert "3 &lt; 4 &amp; &lt;!channel&gt;" in json.loads(asked.body)["text"]


@pytest.mark.parametrize(
    ("status", "state"), [(404, SendState.FAILED), (503, SendState.QUEUED), (429, SendState.QUEUED)]
)
def test_what_a_chat_answers(claim, settings, status, state):
    with serving(lambda _asked: Reply(status=status)) as chat:
        settings.OUTBOUND_ALLOWED = chat.allow
        assert outgoing_send(outgoing_id=chatted(claim, chat.url).pk) == state


def test_a_chat_that_says_nothing_has_perhaps_taken_it(claim, settings, monkeypatch):
    monkeypatch.setattr("reviews.services.outgoing.TIMEOUT_SECONDS", 0.3)
    with hanging() as chat:
        settings.OUTBOUND_ALLOWED = chat.allow
        assert outgoing_send(outgoing_id=chatted(claim, chat.url).pk) == SendState.UNSURE


def test_a_chat_that_is_not_there_is_tried_again_and_one_inside_the_house_is_refused(claim, settings):
    port = closed_port()
    settings.OUTBOUND_ALLOWED = frozenset({f"127.0.0.1:{port}"})
    row = chatted(claim, f"http://127.0.0.1:{port}/")
    assert outgoing_send(outgoing_id=row.pk) == SendState.QUEUED
    settings.OUTBOUND_ALLOWED = frozenset()
    Outgoing.objects.update(not_before=timezone.now())
    assert outgoing_send(outgoing_id=row.pk) == SendState.FAILED
