"""Articles handed in by people and programs: the rights in front of `article_ingest`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from articles.choices import Mode, Origin
from articles.models import DEFAULT_DESK, Article, Desk, PrefillRun
from articles.services.alike import story_relink
from articles.services.article import Ingested, article_ingest
from factcheck.audit.services import record
from factcheck.core.errors import NotFound, WrongState
from reviews.models import Submission
from reviews.policies import sees
from reviews.selectors.desks import desks_where
from reviews.services.transition import require
from reviews.services.triage import rank_soon

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def article_hand_in(
    *,
    data: bytes,
    actor: User,
    name: str = "",
    url: str = "",
    content_type: str = "",
    origin: Origin = Origin.FILE,
    mode: Mode = Mode.PUBLISHED,
    desk: str = "",
) -> Ingested:
    """Take a story in for somebody; raises NotAllowed and Invalid (article.*).

    A new text for an address the desk knows is taken only from people who may see that article: others would
    replace, and learn of, what is not theirs. `desk` is the slug of a desk; without one it is the first on which
    the person may hand in. Raises NotFound for a desk that is not theirs.
    """
    taking = desk_for(actor, desk)
    require(actor, "ingest", _("hand in articles"), taking)

    def may_revise(article: Article) -> bool:
        return sees(actor, article)

    return article_ingest(
        data, name=name, url=url, content_type=content_type, origin=origin, mode=mode, actor=actor,
        may_revise=may_revise, desk=taking.pk,
    )  # fmt: skip


def desk_for(actor: User, slug: str) -> Desk:
    """The desk a text is handed in to: the one named, else the first where the person may."""
    theirs = desks_where(actor, "ingest")
    if not slug:
        return theirs[0] if theirs else Desk.objects.get(pk=DEFAULT_DESK)
    found = next((desk for desk in theirs if desk.slug == slug), None)
    if found is None:
        raise NotFound("not_found", what="desk")
    return found


def article_move_desk(*, article: Article, desk: Desk, actor: User, note: str = "") -> None:
    """Give an article to another desk, with everything that hangs on it; the people who had its claims keep them.

    Which other articles tell its story is found anew, on the desk it comes to.

    Raises NotAllowed unless the actor may assign on both desks, WrongState where it is there already or where the
    other desk has an article from the same address.
    """
    require(actor, "assign_reviews", _("give articles away"), article)
    require(actor, "assign_reviews", _("take articles over"), desk)
    if article.desk_id == desk.pk or Article.objects.filter(desk=desk, identity=article.identity).exists():
        raise WrongState("desk.has_it", desk=desk.name)
    with transaction.atomic():
        before = article.desk.name
        moved = Article.objects.filter(pk=article.pk, desk=article.desk_id, version=article.version).update(
            desk=desk, version=F("version") + 1
        )
        if moved != 1:
            raise WrongState("workflow.changed")
        article.refresh_from_db()
        Submission.objects.filter(article=article).update(desk=desk)
        PrefillRun.objects.filter(claim__article=article).update(desk=desk)
        rank_soon(Q(article=article.pk))
        record(
            "article.desk", article, actor=actor, before={"desk": before}, after={"desk": desk.name}, note=note,
        )  # fmt: skip
        story_relink(article)
