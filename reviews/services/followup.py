"""Outlets that carried a claim: found, asked to correct, and what they answered. The one writer of follow-ups."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from factcheck.audit.services import person_name, record
from factcheck.core.errors import Invalid, WrongState
from reviews import lint
from reviews.choices import FollowUpFound, FollowUpOutcome, NoticeEvent
from reviews.models import FollowUp
from reviews.selectors.followup import places_of
from reviews.services.notice import notify
from reviews.services.transition import require
from reviews.workflow import PublicationState

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from reviews.models import Publication

PERMISSION: Final = "assign_reviews"
USUAL_TIME: Final = timedelta(days=7)
AT_MOST: Final = timedelta(days=366)
LONGEST: Final = 10_000
_SILENT: Final = gettext_lazy("{outlet} has not answered whether it will correct.")
MOST_AT_ONCE: Final = 100
_SCHEMES: Final = ("http", "https")


def _may(publication: Publication, actor: User) -> None:
    require(actor, PERMISSION, "follow up published verdicts", publication)


def _live(publication: Publication) -> None:
    if publication.state != PublicationState.LIVE:
        raise WrongState("follow_up.not_live")


def followups_find(*, publication: Publication, actor: User) -> int:
    """Note the places where the desk knows the claim to stand; returns how many are new. Running it again adds none.

    Raises NotAllowed, WrongState (follow_up.not_live).
    """
    _may(publication, actor)
    _live(publication)
    known = set(publication.follow_ups.values_list("url", flat=True))
    now = timezone.now()
    found = [
        FollowUp(publication=publication, outlet=place.outlet, url=place.url, found_as=place.found_as, found_at=now)
        for place in places_of(publication)
        if place.url not in known
    ]
    with transaction.atomic():
        FollowUp.objects.bulk_create(found, ignore_conflicts=True)  # somebody else may have looked at this moment
        if found:
            record("follow_up.found", publication, actor=actor, after={"places": [one.url for one in found]})
    return len(found)


def followup_add(*, publication: Publication, actor: User, outlet: str, url: str = "", contact: str = "") -> FollowUp:
    """Note an outlet that somebody knows of; the same address again is the same follow-up.

    Raises NotAllowed, WrongState (follow_up.not_live), Invalid (follow_up.*).
    """
    _may(publication, actor)
    _live(publication)
    outlet, url = outlet.strip(), url.strip()
    if url and (urlsplit(url).scheme not in _SCHEMES or lint.same_site(url, settings.BASE_URL)):
        raise Invalid("follow_up.bad_place", url=url[:200])
    if not outlet:
        outlet = urlsplit(url).hostname or ""
    if not outlet:
        raise Invalid("follow_up.no_outlet")
    with transaction.atomic():
        held = publication.follow_ups.select_for_update().filter(url=url).first() if url else None
        if held is not None:
            return held
        made = FollowUp.objects.create(
            publication=publication, outlet=outlet[:200], url=url, contact=contact.strip()[:300],
            found_as=FollowUpFound.HAND, found_at=timezone.now(),
        )  # fmt: skip
        record("follow_up.added", made, actor=actor, after={"outlet": made.outlet, "url": url})
    return made


def followup_ask(
    *, follow_up: FollowUp, actor: User, words: str, due_at: datetime | None = None, contact: str = "",
    seen_version: int | None = None,
) -> FollowUp:  # fmt: skip
    """Note that the outlet was asked to correct, in these words and with a time to answer: a week unless given.

    Asking again begins the time anew. Raises NotAllowed, WrongState (follow_up.not_live, follow_up.ended,
    workflow.changed), Invalid (follow_up.no_words, follow_up.bad_time).
    """
    _may(follow_up.publication, actor)
    _live(follow_up.publication)
    now, words = timezone.now(), words.strip()
    due = due_at or now + USUAL_TIME
    if not words or len(words) > LONGEST:
        raise Invalid("follow_up.no_words", most=LONGEST)
    if not now < due <= now + AT_MOST:
        raise Invalid("follow_up.bad_time")
    changes = {
        "asked_by": actor, "asked_by_name": person_name(actor), "asked_at": now, "due_at": due, "words": words,
        "reminded_at": None, "contact": contact.strip()[:300] or follow_up.contact,
    }  # fmt: skip
    after = {"outlet": follow_up.outlet, "due": due.isoformat()}
    return _move(follow_up, actor, "follow_up.asked", changes, after, seen_version)


def followup_end(
    *, follow_up: FollowUp, actor: User, outcome: str, answer: str = "", seen_version: int | None = None
) -> FollowUp:
    """Note what came of it. Whoever was never asked can only be put aside.

    Raises NotAllowed, WrongState (follow_up.ended, workflow.changed), Invalid (follow_up.bad_outcome,
    follow_up.not_asked).
    """
    _may(follow_up.publication, actor)
    if outcome not in FollowUpOutcome.values:
        raise Invalid("follow_up.bad_outcome", outcome=outcome, known=", ".join(FollowUpOutcome.values))
    if follow_up.asked_at is None and outcome not in _UNASKED:
        raise Invalid("follow_up.not_asked")
    changes = {"outcome": outcome, "answer": answer.strip()[:LONGEST], "ended_at": timezone.now()}
    after = {"outlet": follow_up.outlet, "outcome": outcome}
    return _move(follow_up, actor, "follow_up.ended", changes, after, seen_version)


# An outlet may mend its words before anybody has asked.
_UNASKED: Final = (FollowUpOutcome.PUT_ASIDE, FollowUpOutcome.CORRECTED, FollowUpOutcome.TAKEN_DOWN)


def _move(
    follow_up: FollowUp, actor: User, code: str, changes: dict[str, Any], after: dict[str, Any], seen: int | None
) -> FollowUp:
    """Compare-and-set on the version, and on that it has not ended."""
    if follow_up.outcome:
        raise WrongState("follow_up.ended", outcome=follow_up.get_outcome_display())
    with transaction.atomic():
        held = FollowUp.objects.filter(
            pk=follow_up.pk, outcome="", version=follow_up.version if seen is None else seen
        )
        if held.update(version=F("version") + 1, **changes) != 1:
            raise WrongState("workflow.changed")
        follow_up.refresh_from_db()
        record(code, follow_up, actor=actor, after=after)
    return follow_up


def followups_tick() -> int:
    """Tell who asked that the time to answer is over, once; returns how many. May run twice and in parallel."""
    now = timezone.now()
    due = FollowUp.objects.filter(outcome="", asked_at__isnull=False, reminded_at=None, due_at__lte=now)
    reminded = 0
    for one in due.select_related("publication__claim__article", "asked_by").order_by("due_at", "pk")[:MOST_AT_ONCE]:
        with transaction.atomic():
            if FollowUp.objects.filter(pk=one.pk, reminded_at=None, outcome="").update(reminded_at=now) != 1:
                continue
            notify(
                event=NoticeEvent.OVERDUE, people=[one.asked_by], about=one.publication.claim,
                key=f"follow-up:{one.pk}:{one.version}", url=f"/claims/{one.publication.claim_id}/follow-up/",
                words=format_lazy(_SILENT, outlet=one.outlet),
            )  # fmt: skip
        reminded += 1
    return reminded
