"""Telling people of the desk. A notice is written in the transaction of what happened; what goes out follows it.

    notify(event=NoticeEvent.MENTIONED, people=[bo], key=f"note:{note.pk}", about=claim, words="Ana mentions you")

The key names what happened: the same one again tells nobody twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from articles.models import Article, Claim
from factcheck.audit.services import person_name
from factcheck.core.errors import Invalid
from reviews.choices import Channel, NoticeEvent
from reviews.models import ChatRoom, Notice, NoticeChoice, PersonSettings
from reviews.policies import desk_of, sees
from reviews.selectors.desks import people_who
from reviews.services.outgoing import Message, outgoing_add

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from django.contrib.auth.models import User
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Ways:
    """How somebody hears of one kind of event."""

    page: bool
    email: bool
    chat: bool


KEPT_FOR: Final = timedelta(days=90)
_ALL: Final = Ways(page=True, email=True, chat=True)
_QUIET: Final = Ways(page=True, email=False, chat=True)
DEFAULTS: Final[dict[str, Ways]] = {
    NoticeEvent.ASSIGNED: _ALL, NoticeEvent.RETURNED: _ALL, NoticeEvent.MENTIONED: _ALL, NoticeEvent.ANSWER: _ALL,
    NoticeEvent.SECOND_REVIEW: _QUIET, NoticeEvent.DUE: _QUIET, NoticeEvent.OVERDUE: _ALL,
    NoticeEvent.STALE: _QUIET, NoticeEvent.CORRECTED: _ALL, NoticeEvent.SOURCE: _ALL, NoticeEvent.LETTER: _QUIET,
}  # fmt: skip


def notify(
    *, event: NoticeEvent, people: Iterable[User | None], key: str, words: StrOrPromise,
    about: Claim | Article | None = None, url: str = "", actor: User | None = None, moment: datetime | None = None,
) -> int:  # fmt: skip
    """Tell these people once, each the way they chose; returns how many had not heard of it. A few queries for any.

    Left out are who did it, who is inactive and who may not see what it is about. `url` is a path, by default the
    page of the claim or article. Lazy `words` are read in the language of each person.
    Call it in the transaction of what happened (RuntimeError outside of one).
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A notice must be written in the transaction of what it tells.")
    article = about.article if isinstance(about, Claim) else about
    wanted = {one.pk: one for one in people if one is not None and one.is_active and one != actor}
    told = _who_may_know(wanted, article)
    fresh = _write(told, event, key, Notice(
        event=event, article=article, claim=about if isinstance(about, Claim) else None,
        url=url or (about.get_absolute_url() if about else "/"), moment=moment,
        by_name=person_name(actor) if actor else "",
    ), words)  # fmt: skip
    _rooms(event, key, words, url, about, article)
    return fresh


def _who_may_know(people: Mapping[int, User], article: Article | None) -> list[User]:
    if article is None or not people:
        return list(people.values())
    readers = set(people_who("read_desk", desk_of(article)).filter(pk__in=people).values_list("pk", flat=True))
    return [one for one in people.values() if one.pk in readers or _own(one, article)]


def _own(person: User, article: Article) -> bool:
    return article.created_by_id == person.pk and sees(person, article)


def _write(people: Sequence[User], event: NoticeEvent, key: str, like: Notice, words: StrOrPromise) -> int:
    """The rows of those who have not heard of it, and what goes out to them."""
    known = set(Notice.objects.filter(person__in=people, key=key).values_list("person", flat=True))
    fresh = [one for one in people if one.pk not in known]
    if not fresh:
        return 0
    ways, now = ways_of(fresh, event), timezone.now()
    held = PersonSettings.objects.filter(person__in=fresh).values_list("person", "language", "chat_url")
    own = {person: (language, chat_url) for person, language, chat_url in held}
    said = {one.pk: said_in(own.get(one.pk, ("", ""))[0], words) for one in fresh}
    values = {name: getattr(like, name) for name in _COPIED}
    Notice.objects.bulk_create(
        [Notice(person=one, key=key, words=said[one.pk], shown=ways[one.pk].page, at=now, **values) for one in fresh],
        ignore_conflicts=True,  # two at the same moment: the second one adds nothing
    )
    chats = {person for person, (_language, chat_url) in own.items() if chat_url}
    outgoing_add(_messages(fresh, ways, key, like, said, chats))
    return len(fresh)


def said_in(language: str, words: StrOrPromise) -> str:
    """The words of a notice in the language somebody chose; in that of this instance where they chose none."""
    with override(language or settings.LANGUAGE_CODE):
        return str(words)[:400]


_COPIED: Final = ("event", "article", "claim", "url", "by_name", "moment")


def _messages(
    people: Sequence[User], ways: Mapping[int, Ways], key: str, like: Notice, said: Mapping[int, str],
    chats: Collection[int],
) -> list[Message]:  # fmt: skip
    mailed = [one for one in people if ways[one.pk].email and one.email and settings.EMAIL_ON]
    chatted = [one for one in people if ways[one.pk].chat and one.pk in chats]
    return [
        Message(
            f"{one.pk}:{key}:{channel}",
            channel,
            said[one.pk],
            _body(said[one.pk], like.url),
            person=one,
            article=like.article,
        )
        for channel, those in ((Channel.EMAIL, mailed), (Channel.CHAT, chatted))
        for one in those
    ]


def _body(words: str, url: str) -> str:
    return f"{words}\n\n{settings.BASE_URL}{url}\n"


def _rooms(
    event: NoticeEvent,
    key: str,
    words: StrOrPromise,
    url: str,
    about: Claim | Article | None,
    article: Article | None,
) -> None:
    """The rooms of the article's desk hear of it once, however many people do."""
    if article is None:
        return
    rooms = [room for room in ChatRoom.objects.filter(desk=article.desk_id, enabled=True) if _hears(room, event)]
    page = url or (about.get_absolute_url() if about else "/")
    said = said_in("", words)
    outgoing_add(
        Message(
            f"room{room.pk}:{key}", Channel.CHAT, room=room, article=article, subject=said, body=_body(said, page)
        )
        for room in rooms
    )


def _hears(room: ChatRoom, event: NoticeEvent) -> bool:
    return not room.events or event in room.events


def ways_of(people: Collection[User], event: NoticeEvent) -> dict[int, Ways]:
    """How each of them hears of an event; one query."""
    chosen = NoticeChoice.objects.filter(person__in=people, event=event)
    ways = {one.person_id: Ways(one.page, one.email, one.chat) for one in chosen}
    return {one.pk: ways.get(one.pk, DEFAULTS[event]) for one in people}


# --- what a person does with them ------------------------------------------------------------------------
def notices_read(*, person: User, up_to: int | None = None, only: int | None = None) -> int:
    """Mark one notice as read, or all up to the newest one that was on the page. Returns how many were not yet."""
    which = Q(pk=only) if only is not None else Q(pk__lte=up_to)
    return Notice.objects.filter(which, person=person, shown=True, read_at=None).update(read_at=timezone.now())


def notices_tidy() -> int:
    """Throw away what was read long ago about claims that are settled; returns how many. Safe to run twice."""
    old = timezone.now() - KEPT_FOR
    done = Q(claim=None) | Q(claim__settled=True)  # an open claim keeps its own, or it would be told anew
    return Notice.objects.filter(done, read_at__lt=old).delete()[0]


def choices_save(*, person: User, ways: Mapping[str, Ways]) -> None:
    """Keep how a person wants to hear of each event; raises Invalid (notice.unknown_event)."""
    unknown = sorted(set(ways) - set(NoticeEvent.values))
    if unknown:
        raise Invalid("notice.unknown_event", names=", ".join(unknown))
    rows = [
        NoticeChoice(person=person, event=event, page=way.page, email=way.email, chat=way.chat)
        for event, way in ways.items()
    ]
    NoticeChoice.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["person", "event"], update_fields=["page", "email", "chat"]
    )


def choices_of(person: User) -> dict[str, Ways]:
    """How this person hears of every kind of event."""
    held: dict[str, Any] = {one.event: one for one in NoticeChoice.objects.filter(person=person)}
    return {
        event: Ways(held[event].page, held[event].email, held[event].chat) if event in held else DEFAULTS[event]
        for event in NoticeEvent.values
    }
