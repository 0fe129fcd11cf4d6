"""What was asked and what came back: for the card, for the gates and for readers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.core.language import as_all_read
from reviews.choices import WaitKind
from reviews.workflow import QueryState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from reviews.models import Contact, Query


_REPLIED: Final = (QueryState.ANSWERED, QueryState.NO_REPLY, QueryState.WAIVED)


_ALIVE: Final = (QueryState.OPEN, QueryState.NO_REPLY)
_SALT: Final = "reviews.query.link"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what its card shows beside it; `link` and `mail` are empty where nobody can answer there."""

    query: Query
    contacts: list[Contact]
    link: str
    mail: str
    words: str


def asked_of(query: Query, contacts: list[Contact]) -> Asked:
    link = link_of(query)
    return Asked(query, contacts, link, _mail(query, link) if link and query.to_email else "", reply_words(query))


def _mail(query: Query, link: str) -> str:
    """The address that opens a ready letter in the asker's own mail program."""
    with as_all_read():
        until = (
            _("We would like your answer by %(moment)s.") % {"moment": moment(query.due_at)} if query.due_at else ""
        )
        way = _("You can answer this mail, or here: %(link)s") % {"link": link}
        subject = _("%(desk)s: a question") % {"desk": settings.DESK_NAME}
    body = f"{query.question}\n\n{until}\n{way}\n"
    return f"mailto:{quote(query.to_email)}?subject={quote(subject)}&body={quote(body)}"


def link_token(query: Query) -> str:
    """The secret in the address of the guest page; it is made anew each time and kept nowhere."""
    return salted_hmac(_SALT, f"{query.pk}:{query.seed}", algorithm="sha256").hexdigest()


def hash_of(token: str) -> str:
    """What is kept of the secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_holds(query: Query) -> bool:
    return query.state in _ALIVE and query.link_until is not None and query.link_until > timezone.now()


def link_of(query: Query) -> str:
    """Where the person asked may answer; empty where there is no such place any longer."""
    if not query.token_hash or not link_holds(query):
        return ""
    return f"{settings.BASE_URL}/answer/{link_token(query)}/"


def moment(at: datetime) -> str:
    """As readers read a time: 20 November 2026, 12:00 GMT."""
    return date_format(at, "j F Y, H:i") + " GMT"


def reply_words(query: Query) -> str:
    """The sentence for readers, in the language of the public pages; empty where there is "
    "none (another kind of question, or one that was taken back)."""
    if query.kind != WaitKind.RIGHT_OF_REPLY or query.due_at is None:
        return ""
    with as_all_read():
        return _reply_words(query, query.due_at)


def _reply_words(query: Query, due_at: datetime) -> str:
    named = {"name": query.to_name, "moment": moment(due_at), "quote": query.quote}
    if query.state == QueryState.ANSWERED and query.answered_at is not None:
        late = _REPLIED_LATE if query.answered_at > due_at else _REPLIED_IN_TIME
        return late[bool(query.quote)] % (named | {"date": date_format(query.answered_at, "j F Y")})
    if query.state == QueryState.NO_REPLY:
        return _("%(name)s did not reply by %(moment)s.") % named
    if query.state == QueryState.OPEN:
        return _("%(name)s was asked for a reply and has until %(moment)s.") % named
    return ""


# Without and with words that may be shown.
_REPLIED_IN_TIME: Final = (
    gettext_lazy("%(name)s replied on %(date)s."),
    gettext_lazy("%(name)s replied on %(date)s: “%(quote)s”"),
)
_REPLIED_LATE: Final = (
    gettext_lazy("%(name)s replied on %(date)s, after the time we had given."),
    gettext_lazy("%(name)s replied on %(date)s, after the time we had given: “%(quote)s”"),
)


def was_offered(queries: Iterable[Query]) -> bool:
    """Whether the right of reply was seen to: answered, let pass, or waived with a reason."""
    return any(one.kind == WaitKind.RIGHT_OF_REPLY and one.state in _REPLIED for one in queries)


def still_open(queries: Iterable[Query]) -> list[Query]:
    return [one for one in queries if one.state == QueryState.OPEN]
