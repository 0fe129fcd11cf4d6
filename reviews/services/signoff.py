"""The end of the work on a text: going through it line by line, completeness, and the signature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from articles.services.article import article_transition
from articles.workflow import ArticleAction, ArticleState, ClaimState
from factcheck.audit.services import one_act, person_name, record
from factcheck.core.errors import Invalid, NotAllowed, WrongState
from reviews.choices import TickDecision
from reviews.models import LineByLine, Review, SentenceMark, SignOff, TickChange
from reviews.policies import rights_of, wrote
from reviews.selectors.standing import standing_of
from reviews.services.transition import require, require_article_not_held
from reviews.workflow import ENDED

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models import Revision


def line_by_line_set(*, article: Article, actor: User, on: bool) -> None:
    """Begin or end going through an article sentence by sentence; raises NotAllowed. What was marked stays."""
    require(actor, "edit_claims", _("go through articles line by line"), article)
    with transaction.atomic():
        if on:
            LineByLine.objects.get_or_create(article=article, defaults={"by_name": person_name(actor)})
        else:
            LineByLine.objects.filter(article=article).delete()
        record("article.lines", article, actor=actor, after={"line_by_line": on})


def sentence_mark(*, revision: Revision, actor: User, start: int, end: int, has_fact: bool = False) -> None:
    """Say that a sentence has no fact, or take that back; raises NotAllowed, Invalid (claim.bad_span), WrongState."""
    require(actor, "edit_claims", _("mark sentences"), revision)
    require_article_not_held(revision.article_id)
    if [start, end] not in [list(span) for span in revision.sentences]:
        raise Invalid("claim.bad_span", start=start, end=end)
    with transaction.atomic():
        if has_fact:
            SentenceMark.objects.filter(revision=revision, start=start, end=end).delete()
        else:
            SentenceMark.objects.get_or_create(
                revision=revision, start=start, end=end,
                defaults={"marked_by": actor, "marked_by_name": person_name(actor)},
            )  # fmt: skip
        # Who looks at a sentence has answered what was asked about it.
        TickChange.objects.filter(revision=revision, start=start, end=end, decision="").update(
            decision=TickDecision.REOPENED if has_fact else TickDecision.CONFIRMED, decided_by=actor,
            decided_at=timezone.now(),
        )  # fmt: skip
        after = {"revision": revision.number, "start": start, "end": end, "no_fact": not has_fact}
        record("article.sentence", revision.article, actor=actor, after=after)


def article_sign_off(*, article: Article, actor: User, sha256: str, note: str = "") -> SignOff:
    """Sign the text with this hash: whoever signs answers for exactly the words they saw.

    1. Never the author, nor the only person who approved anything in it: NotAllowed (signoff.author, signoff.alone).
    2. Nothing may be open: Invalid (signoff.open).
    3. The text may not have changed since it was looked at: WrongState (signoff.text_changed).
    4. The record keeps the hash, every verdict with its version, the person, the time and the note.
    """
    require(actor, "sign_off", _("sign off articles"), article)
    if wrote(actor, article):
        raise NotAllowed("signoff.author")
    if article.pk in rights_of(actor).away_articles:
        raise NotAllowed("review.recused")
    with transaction.atomic(), one_act():
        held = (
            Article.objects.select_for_update(of=("self",), no_key=True)
            .select_related("current", "created_by")
            .get(pk=article.pk)
        )
        standing = standing_of(held)
        if not standing.ready:
            raise Invalid("signoff.open", detail=standing.words)
        assert held.current is not None  # a text that was read is there
        if held.current.sha256 != sha256:
            raise WrongState("signoff.text_changed")
        verdicts = _verdicts(held)
        if verdicts and {one["approved_by_id"] for one in verdicts} == {actor.pk}:
            raise NotAllowed("signoff.alone")
        if held.state == ArticleState.IN_CHECK:
            article_transition(article=held, action=ArticleAction.COMPLETE, actor=None)
        article_transition(article=held, action=ArticleAction.SIGN_OFF, actor=actor, note=note, implied=False)
        signed = SignOff.objects.create(
            article=held, revision=held.current, sha256=sha256, mode=held.mode, verdicts=verdicts,
            note=note.strip(), signed_by=actor, signed_by_name=person_name(actor), signed_at=timezone.now(),
        )  # fmt: skip
        record(
            "article.signed_off", held, actor=actor, after={"sha256": sha256, "verdicts": len(verdicts)}, note=note
        )
    return signed


def _verdicts(article: Article) -> list[dict[str, Any]]:
    ended = Review.objects.filter(
        claim__article=article, claim__state=ClaimState.CONFIRMED, active=True, state__in=sorted(ENDED)
    ).select_related("claim", "verdict__label", "verdict__proposed_by", "verdict__approved_by")
    return [
        {
            "claim": review.claim_id,
            "number": review.claim.number,
            "verdict": review.verdict.pk,
            "version": review.verdict.number,
            "label": review.verdict.label.name,
            "by": person_name(review.verdict.proposed_by),
            "approved_by": person_name(review.verdict.approved_by),
            "approved_by_id": review.verdict.approved_by_id,
        }
        for review in ended.order_by("claim__number")
        if review.verdict is not None
    ]


def article_sign_off_undo(*, article: Article, actor: User, note: str) -> None:
    """Take the signature back and go on checking; the record stays. Raises NotAllowed, Invalid, WrongState."""
    require(actor, "sign_off", _("reopen articles"), article)
    if not note.strip():
        raise Invalid("review.reason_needed")
    article_transition(article=article, action=ArticleAction.RESUME_CHECK, actor=actor, note=note, implied=False)
