"""Who keeps out of what because of a conflict. `policies.conflict_of` is where it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from factcheck.audit.services import one_act, person_name, record
from factcheck.core.errors import Invalid, WrongState
from reviews.models import Recusal, Review
from reviews.policies import desk_of, granted, rights_forget
from reviews.services.transition import require, review_move
from reviews.workflow import HELD, ReviewAction

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models import Article, Claim


def recuse(
    *, article: Article, actor: User, reason: str, claim: Claim | None = None, person: User | None = None
) -> Recusal:
    """Somebody keeps out of an article, or of one claim of it: `person`, or the actor themselves.

    What they had in hand goes back to the queue; what they typed stays in their drafts. For somebody else it takes a
    desk editor. Raises NotAllowed, Invalid (review.reason_needed), WrongState (it stands already).
    """
    who = person or actor
    if who != actor:
        require(actor, "assign_reviews", _("keep others out"), article)
    elif not granted(actor, desk_of(article)):
        require(actor, "read_desk", _("keep out of this"), article)
    if not reason.strip():
        raise Invalid("review.reason_needed")
    with transaction.atomic(), one_act():
        try:
            with transaction.atomic():
                made = Recusal.objects.create(
                    person=who, article=article, claim=claim, reason=reason.strip(), by_name=person_name(actor),
                    at=timezone.now(),
                )  # fmt: skip
        except IntegrityError:
            raise WrongState("workflow.changed") from None
        after = {"person": who.get_username(), "article": article.pk, "claim": claim.pk if claim else None}
        record("recusal.made", made, actor=actor, after=after, note=reason)
        _let_go(who, article, claim, actor)
    rights_forget(who)
    return made


def _let_go(person: User, article: Article, claim: Claim | None, actor: User) -> None:
    held = Review.objects.filter(assignee=person, active=True, state__in=HELD, claim__article=article)
    for review in held.filter(claim=claim) if claim else held:
        review_move(review, ReviewAction.GIVE_BACK, actor=actor, changes={"assignee": None}, implied=True)


def recusal_lift(*, recusal: Recusal, actor: User, reason: str) -> None:
    """The conflict is gone: a desk editor who is not the person says so. Raises NotAllowed, Invalid, WrongState."""
    require(actor, "assign_reviews", _("lift a conflict"), recusal.article)
    if recusal.person_id == actor.pk:
        raise Invalid("recusal.own")
    if not reason.strip():
        raise Invalid("review.reason_needed")
    with transaction.atomic():
        lifted = Recusal.objects.filter(pk=recusal.pk, lifted_at=None).update(
            lifted_at=timezone.now(), lifted_by_name=person_name(actor), lifted_because=reason.strip()
        )
        if lifted != 1:
            raise WrongState("workflow.changed")
        recusal.refresh_from_db()
        record("recusal.lifted", recusal, actor=actor, note=reason)
    rights_forget(recusal.person)
