"""Readers' letters: taken in within bounds, answered by the desk within the days its profile promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import DEFAULT_DESK
from factcheck.audit.services import record
from factcheck.core.errors import Invalid, NotAllowed, TooMany, WrongState
from factcheck.core.language import as_all_read
from reviews.choices import Channel, LetterKind, LetterOutcome, NoticeEvent
from reviews.models import Letter
from reviews.policies import LETTER_RIGHTS, desk_of, granted
from reviews.selectors.desks import people_who
from reviews.selectors.profile import profile
from reviews.services.notice import notify
from reviews.services.outgoing import Message, outgoing_add

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from reviews.models import Publication

_TOLD: Final = {
    LetterKind.COMPLAINT: gettext_lazy("A reader complains; an answer is due by {day}"),
    LetterKind.QUESTION: gettext_lazy("A reader asks the desk to check something; an answer is due by {day}"),
}
LONGEST: Final = 4000
LETTERS_FOR: Final = gettext_lazy("This is for: Desk editor, Publisher.")
# Open letters at one time; what comes on top of that is no readership.
MOST_OPEN: Final = 5000


@dataclass(frozen=True, slots=True)
class Written:
    """What a reader sent. `publication` is the page a complaint is about."""

    kind: LetterKind
    words: str
    url: str = ""
    name: str = ""
    email: str = ""
    publication: Publication | None = None


def letter_receive(written: Written) -> Letter:
    """Keep a letter with the day by which it is answered.

    Raises Invalid (letter.*), TooMany (letter.full) when the desk has more than it can read.
    """
    words = written.words.strip()
    if not words or len(words) > LONGEST:
        raise Invalid("letter.words", most=LONGEST)
    if written.kind == LetterKind.COMPLAINT and written.publication is None:
        raise Invalid("letter.about_what")
    if written.url:
        _check_url(written.url)
    if Letter.objects.filter(outcome="")[MOST_OPEN : MOST_OPEN + 1].exists():
        raise TooMany("letter.full", seconds=3600)
    of, now = profile(), timezone.now()
    days = of.complaint_days if written.kind == LetterKind.COMPLAINT else of.question_days
    desk = desk_of(written.publication) if written.publication else DEFAULT_DESK
    with transaction.atomic():
        letter = Letter.objects.create(
            kind=written.kind, words=words, url=written.url, name=written.name.strip(), email=written.email,
            publication=written.publication, desk_id=desk, received_at=now, due_at=now + timedelta(days=days),
        )  # fmt: skip
        # The trail names no reader: what they wrote may have to be forgotten, the trail is not.
        record(
            "letter.received", letter, actor=None, after={"kind": letter.kind, "due_at": letter.due_at.isoformat()}
        )
        _tell_desk(letter)
    return letter


def _tell_desk(letter: Letter) -> None:
    """Those who may answer hear of it; a notice names no reader either."""
    people = {one for right in sorted(LETTER_RIGHTS) for one in people_who(right, letter.desk.pk)}
    words = format_lazy(_TOLD[LetterKind(letter.kind)], day=lazy(date_format, str)(letter.due_at, "j F"))
    notify(
        event=NoticeEvent.LETTER, people=people, key=f"letter:{letter.pk}", words=words, url=letter.get_absolute_url()
    )


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Invalid("letter.url") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Invalid("letter.url")


def letter_take(*, letter: Letter, actor: User, seen_version: int | None = None) -> None:
    """Say that one works on it; raises NotAllowed, WrongState."""
    _change(letter, actor, "letter.taken", seen_version, taken_by=actor)


def letter_answer(*, letter: Letter, actor: User, answer: str, seen_version: int | None = None) -> None:
    """Answer it: the words stand at the reader's address, and go out by e-mail where one was given.

    Raises NotAllowed, Invalid (letter.answer), WrongState.
    """
    answer = answer.strip()
    if not answer or len(answer) > LONGEST:
        raise Invalid("letter.answer", most=LONGEST)
    with transaction.atomic():
        _end(letter, actor, "letter.answered", seen_version, outcome=LetterOutcome.ANSWERED, answer=answer)
        if letter.email and settings.EMAIL_ON:
            with as_all_read():
                complaint = letter.kind == LetterKind.COMPLAINT
                subject = _("Your complaint") if complaint else _("What you asked us to check")
                wrote = _("You wrote on %(date)s:") % {"date": date_format(letter.received_at, "j F Y")}
            body = f"{answer}\n\n--\n{wrote}\n{letter.words}\n"
            outgoing_add([Message(f"letter:{letter.pk}", Channel.EMAIL, subject, body, letter=letter)])


def letter_set_aside(*, letter: Letter, actor: User, note: str = "", seen_version: int | None = None) -> None:
    """End it without an answer: rubbish, or nothing that can be checked. Raises NotAllowed, WrongState."""
    _end(letter, actor, "letter.set_aside", seen_version, note=note, outcome=LetterOutcome.SET_ASIDE)


def _end(letter: Letter, actor: User, code: str, seen: int | None, *, note: str = "", **changes: Any) -> None:
    _change(letter, actor, code, seen, note=note, ended_by=actor, ended_at=timezone.now(), **changes)


def _change(letter: Letter, actor: User, code: str, seen: int | None, *, note: str = "", **changes: Any) -> None:
    """Compare-and-set on the version of a letter that is open, with its trail."""
    if not LETTER_RIGHTS & granted(actor, letter.desk_id):
        raise NotAllowed("workflow.not_allowed", action=_("answer readers"), needs=LETTERS_FOR)
    with transaction.atomic():
        moved = Letter.objects.filter(
            pk=letter.pk, outcome="", version=letter.version if seen is None else seen
        ).update(version=F("version") + 1, **changes)
        if moved != 1:
            raise WrongState("workflow.changed")
        letter.refresh_from_db()
        record(code, letter, actor=actor, after={"outcome": letter.outcome}, note=note)
