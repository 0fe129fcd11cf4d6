"""Questions to people outside the desk: the one writer of `Query.state`, and of the contact log.

Asking may set the claim to waiting; the last answer, or the end of the time to answer, lets the work go on.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.workflow import ClaimState
from factcheck.audit.services import one_act, person_name, record
from factcheck.core.errors import Invalid, NotAllowed, NotFound, WrongState
from reviews.choices import BY_HAND, CONTACTED, AnswerWay, ContactKind, NoticeEvent, RepliesHold, WaitKind
from reviews.models import Contact, Query, Review
from reviews.policies import desk_of, may
from reviews.selectors.desks import policy_of
from reviews.selectors.replies import hash_of, link_holds, link_of, link_token
from reviews.services.notice import notify
from reviews.services.transition import require, require_not_held, review_move
from reviews.workflow import QUERY, QueryAction, QueryState, ReviewAction, ReviewState

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User
    from django_stubs_ext import StrOrPromise

    from articles.models import Claim
    from reviews.models import DeskPolicy

LONGEST: Final = 10_000
AT_MOST: Final = timedelta(days=366)
# A late answer is still welcome; after this the address is dead.
LINK_AFTER: Final = timedelta(days=7)
_CLOSED: Final = (ClaimState.DISMISSED, ClaimState.MERGED, ClaimState.SPLIT)


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as somebody wants to ask it. `wait` sets the claim to waiting where it is the asker's to check."""

    kind: str
    to_name: str
    question: str
    due_at: datetime
    to_email: str = ""
    to_person: User | None = None
    wait: bool = True


def query_by_token(token: str) -> Query:
    """The question behind a guest's address; raises NotFound for an address that was never given out."""
    found = Query.objects.select_related("claim__article").filter(token_hash=hash_of(token)).first()
    if found is None:
        raise NotFound("not_found", what="question")
    return found


def _link_new(query: Query) -> None:
    query.seed = secrets.token_hex(32)
    query.token_hash = hash_of(link_token(query))
    query.link_until = (query.due_at or timezone.now()) + LINK_AFTER
    query.save(update_fields=["seed", "token_hash", "link_until"])


# --- asking ----------------------------------------------------------------------------------------------
def query_ask(*, claim: Claim, actor: User, asking: Asking) -> Query:
    """Put a question to somebody, with a time to answer; the claim waits for it if it is the asker's to check.

    Raises NotAllowed, Invalid (query.*), WrongState (query.nothing_claimed, article.held).
    """
    require(actor, "add_evidence", _("ask people outside"), claim)
    require_not_held(claim)
    if claim.state in _CLOSED:
        raise WrongState("query.nothing_claimed")
    now = timezone.now()
    _check(asking, now)
    policy = policy_of(claim)
    with transaction.atomic(), one_act():
        query = Query.objects.create(
            claim=claim, kind=asking.kind, to_name=asking.to_name.strip(), to_email=asking.to_email.strip(),
            to_person=asking.to_person, question=asking.question.strip(), asked_by=actor,
            asked_by_name=person_name(actor), asked_at=now, due_at=asking.due_at,
            remind_at=_remind_at(now, asking.due_at, policy),
        )  # fmt: skip
        _link_new(query)
        _log(query, ContactKind.ASKED, actor, query.question, at=now)
        after = {"claim": claim.pk, "kind": query.kind, "to": query.to_name, "due": asking.due_at.isoformat()}
        record("query.asked", query, actor=actor, after=after, note=query.question[:500])
        if asking.wait:
            _wait(query, actor)
        if query.to_person is not None:
            words = format_lazy(
                gettext_lazy("{who} asks you: {question}"), who=person_name(actor), question=query.question[:200]
            )
            notify(
                event=NoticeEvent.MENTIONED, people=[query.to_person], key=f"query:{query.pk}", about=claim,
                words=words, actor=actor,
            )  # fmt: skip
    return query


def _check(asking: Asking, now: datetime) -> None:
    if asking.kind not in WaitKind.values:
        raise Invalid("query.bad_way", way=asking.kind, known=", ".join(WaitKind.values))
    if not asking.to_name.strip():
        raise Invalid("query.no_name")
    if not asking.question.strip():
        raise Invalid("query.no_question")
    _short(asking.question)
    _in_time(asking.due_at, now)
    if asking.to_email.strip():
        try:
            validate_email(asking.to_email.strip())
        except ValidationError:
            raise Invalid("query.bad_mail", address=asking.to_email[:200]) from None


def _short(text: str) -> None:
    if len(text) > LONGEST:
        raise Invalid("query.too_long", limit=LONGEST)


def _in_time(due_at: datetime, now: datetime) -> None:
    if not now < due_at <= now + AT_MOST:
        raise Invalid("query.bad_time")


def _remind_at(asked: datetime, due: datetime, policy: DeskPolicy) -> datetime:
    """So many hours before the end as the desk wants, but never before half of the time is over."""
    return max(due - timedelta(hours=policy.remind_before_hours), asked + (due - asked) / 2)


def _wait(query: Query, actor: User) -> None:
    review = Review.objects.filter(
        claim=query.claim_id, active=True, state=ReviewState.IN_PROGRESS, assignee=actor
    ).first()
    if review is not None:
        words = f"{query.to_name}: {query.question}"
        changes = {"wait_kind": query.kind, "wait_note": words}
        review_move(review, ReviewAction.BLOCK, actor=actor, changes=changes, note=words, implied=True)


def _go_on(query: Query) -> None:
    """The last question is answered, or its time is over: the claim that waited for it goes on."""
    if Query.objects.filter(claim=query.claim_id, state=QueryState.OPEN).exists():
        return
    asked_for = Query.objects.filter(claim=query.claim_id).values_list("kind", flat=True)
    review = Review.objects.filter(
        claim=query.claim_id, active=True, state=ReviewState.BLOCKED, wait_kind__in=list(asked_for)
    ).first()
    if review is not None:
        changes = {"wait_kind": "", "wait_note": ""}
        review_move(review, ReviewAction.UNBLOCK, actor=None, changes=changes, implied=True)


def _tell(query: Query, event: NoticeEvent, words: StrOrPromise, what: str, actor: User | None = None) -> None:
    """Tell who asked and who has the claim."""
    review = Review.objects.filter(claim=query.claim_id, active=True).select_related("assignee").first()
    people = [query.asked_by, review.assignee if review else None, query.to_person if what == "remind" else None]
    notify(
        event=event, people=people, key=f"query:{query.pk}:{what}:{query.version}", about=query.claim, words=words,
        actor=actor,
    )  # fmt: skip


def _log(query: Query, kind: ContactKind, actor: User | None, words: str = "", *, by_name: str = "",
         at: datetime | None = None) -> Contact:  # fmt: skip
    return Contact.objects.create(
        query=query, kind=kind, words=words, at=at or timezone.now(), by=actor,
        by_name=by_name or (person_name(actor) if actor else ""),
    )  # fmt: skip


def _move(query: Query, action: QueryAction, seen: int | None = None, **changes: Any) -> None:
    """Compare-and-set on state and version; raises WrongState where somebody was first."""
    old = QueryState(query.state)
    new = QUERY.next_state(old, action)
    moved = Query.objects.filter(pk=query.pk, state=old, version=query.version if seen is None else seen).update(
        state=new, version=F("version") + 1, **changes
    )
    if moved != 1:
        raise WrongState("workflow.changed")
    query.refresh_from_db()


# --- what comes back -------------------------------------------------------------------------------------
def may_answer(person: User, query: Query) -> bool:
    """Whether the person may write an answer down: who was asked, and whoever may add evidence."""
    asked = query.to_person_id is not None and query.to_person_id == person.pk
    return asked or may(person, "add_evidence", desk_of(query)).allowed


def query_answer(
    *, query: Query, actor: User, answer: str, way: str = AnswerWay.DESK, by_name: str = "", quote: str = "",
    seen_version: int | None = None,
) -> Query:  # fmt: skip
    """Write down an answer. `quote` is what readers may see of it, in its own words.

    Raises NotAllowed (query.not_yours), Invalid (query.no_answer, query.bad_way), WrongState.
    """
    if not may_answer(actor, query):
        raise NotAllowed("query.not_yours", name=query.to_name)
    own = query.to_person_id == actor.pk
    known = (AnswerWay.DESK, *BY_HAND) if own else BY_HAND
    if way not in known:
        raise Invalid("query.bad_way", way=way, known=", ".join(known))
    name = by_name.strip() or (person_name(actor) if own else query.to_name)
    return _answered(query, actor, answer, way, name, quote=quote, seen=seen_version)


def query_answer_as_guest(*, token: str, answer: str, by_name: str = "") -> Query:
    """The answer of somebody who came with the address of the guest page; once only.

    Raises NotFound, Invalid (query.no_answer), WrongState (query.link_ended) where the address is dead.
    """
    query = query_by_token(token)
    if not link_holds(query):
        raise WrongState("query.link_ended")
    return _answered(query, None, answer, AnswerWay.LINK, by_name.strip()[:200] or query.to_name)


def _answered(
    query: Query, actor: User | None, answer: str, way: str, name: str, *, quote: str = "", seen: int | None = None
) -> Query:
    answer = answer.replace("\x00", "").strip()
    if not answer:
        raise Invalid("query.no_answer")
    _short(answer)
    _short(quote)
    with transaction.atomic(), one_act():
        now = timezone.now()
        _move(
            query, QueryAction.ANSWER, seen, answer=answer, answered_at=now, answered_by_name=name[:200],
            answered_way=way, quote=quote.strip(),
        )  # fmt: skip
        _log(query, ContactKind.ANSWERED, actor, answer, by_name=name, at=now)
        record("query.answered", query, actor=actor, after={"way": way, "by": name}, note=answer[:500])
        _tell(
            query,
            NoticeEvent.ANSWER,
            format_lazy(gettext_lazy("{who} answered: {answer}"), who=name, answer=answer[:200]),
            "answered",
            actor,
        )
        _go_on(query)
    return query


def query_withdraw(*, query: Query, actor: User, note: str, seen_version: int | None = None) -> None:
    """Take a question back; its address is dead then. Raises NotAllowed, Invalid (review.reason_needed)."""
    require(actor, "add_evidence", _("take questions back"), query)
    if not note.strip():
        raise Invalid("review.reason_needed")
    with transaction.atomic(), one_act():
        _move(query, QueryAction.WITHDRAW, seen_version, note=note.strip())
        _log(query, ContactKind.WITHDRAWN, actor, note.strip())
        record("query.withdrawn", query, actor=actor, note=note)
        _go_on(query)


def query_extend(*, query: Query, actor: User, due_at: datetime, seen_version: int | None = None) -> None:
    """Give more time, also to somebody whose time was over. Raises NotAllowed, Invalid (query.bad_time)."""
    require(actor, "add_evidence", _("give more time"), query)
    now = timezone.now()
    _in_time(due_at, now)
    with transaction.atomic(), one_act():
        before = query.due_at
        remind = _remind_at(now, due_at, policy_of(query))
        _move(
            query, QueryAction.EXTEND, seen_version, due_at=due_at, remind_at=remind, reminded_at=None,
            link_until=due_at + LINK_AFTER,
        )  # fmt: skip
        _log(query, ContactKind.EXTENDED, actor, f"Until {due_at.astimezone(UTC):%d %B %Y, %H:%M} GMT")
        record(
            "query.extended", query, actor=actor, before={"due": before.isoformat() if before else None},
            after={"due": due_at.isoformat()},
        )  # fmt: skip


def contact_add(*, query: Query, actor: User, kind: str, words: str) -> Contact:
    """Put a call, letter or meeting into the contact log. Raises NotAllowed, Invalid (query.bad_way)."""
    require(actor, "add_evidence", _("write the contact log"), query)
    if kind not in CONTACTED:
        raise Invalid("query.bad_way", way=kind, known=", ".join(CONTACTED))
    if not words.strip():
        raise Invalid("review.reason_needed")
    _short(words)
    with transaction.atomic():
        made = _log(query, ContactKind(kind), actor, words.strip())
        record("query.contact", query, actor=actor, after={"kind": kind}, note=words[:500])
    return made


def query_link_new(*, query: Query, actor: User) -> str:
    """A new address in place of the old one, which is dead at once. Raises NotAllowed, WrongState."""
    require(actor, "add_evidence", _("give out guest links"), query)
    with transaction.atomic():
        held = Query.objects.select_for_update(no_key=True).get(pk=query.pk)
        if held.state not in (QueryState.OPEN, QueryState.NO_REPLY):
            raise WrongState("workflow.wrong_state", action="link", state=held.state.replace("_", " "))
        _link_new(held)
        if held.link_until is not None and held.link_until < timezone.now():
            Query.objects.filter(pk=held.pk).update(link_until=timezone.now() + LINK_AFTER)
        _log(held, ContactKind.LINK, actor)
        record("query.link", held, actor=actor)
    query.refresh_from_db()
    return link_of(query)


def reply_waive(*, claim: Claim, actor: User, reason: str) -> Query:
    """Say why nobody is asked for a reply; it stands in the claim's history. Raises NotAllowed, Invalid."""
    require(actor, "propose_verdict", _("do without a reply"), claim)
    require_not_held(claim)
    if not reason.strip():
        raise Invalid("review.reason_needed")
    _short(reason)
    with transaction.atomic():
        query = Query.objects.create(
            claim=claim, kind=WaitKind.RIGHT_OF_REPLY, state=QueryState.WAIVED, asked_by=actor,
            to_name=claim.speaker or claim.article.publisher or _("The speaker"), asked_by_name=person_name(actor),
            asked_at=timezone.now(), note=reason.strip(),
        )  # fmt: skip
        record("query.waived", query, actor=actor, after={"claim": claim.pk}, note=reason)
    return query


# --- what it holds up ------------------------------------------------------------------------------------
def require_answered(claim: Claim, policy: DeskPolicy) -> None:
    """Raise Invalid (query.open) while somebody still has time to answer and the desk waits for it."""
    if policy.replies_hold == RepliesHold.NOTHING:
        return
    names = list(Query.objects.filter(claim=claim, state=QueryState.OPEN).values_list("to_name", flat=True))
    if names:
        raise Invalid("query.open", names=", ".join(names))


# --- what happens with time ------------------------------------------------------------------------------
def queries_tick(*, most: int = 500) -> tuple[int, int]:
    """Remind of what is nearly due and end what is over; returns how many of each. Safe to run twice at once."""
    now = timezone.now()
    due = Query.objects.filter(state=QueryState.OPEN, due_at__lte=now).order_by("due_at")[:most]
    ended = sum(_expire(query, now) for query in due)
    near = Query.objects.filter(
        Q(due_at__gt=now), state=QueryState.OPEN, reminded_at=None, remind_at__lte=now
    ).order_by("remind_at")[:most]
    return sum(_remind(query, now) for query in near), ended


def _expire(query: Query, now: datetime) -> bool:
    with transaction.atomic(), one_act():
        moved = Query.objects.filter(pk=query.pk, state=QueryState.OPEN, due_at__lte=now).update(
            state=QueryState.NO_REPLY, version=F("version") + 1
        )
        if moved == 1:
            query.refresh_from_db()
            _log(query, ContactKind.NO_REPLY, None, at=now)
            record("query.no_reply", query, actor=None)
            _tell(
                query,
                NoticeEvent.ANSWER,
                format_lazy(gettext_lazy("{who} has not replied in time"), who=query.to_name),
                "over",
            )
            _go_on(query)
    return moved == 1


def _remind(query: Query, now: datetime) -> bool:
    with transaction.atomic(), one_act():
        reminded = Query.objects.filter(pk=query.pk, state=QueryState.OPEN, reminded_at=None).update(reminded_at=now)
        if reminded == 1:
            _log(query, ContactKind.REMINDER, None, at=now)
            record("query.reminded", query, actor=None)
            _tell(
                query,
                NoticeEvent.DUE,
                format_lazy(gettext_lazy("{who} has not answered yet. Ask again"), who=query.to_name),
                "remind",
            )
    return reminded == 1
