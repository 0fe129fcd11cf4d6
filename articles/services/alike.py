"""Articles that tell one story are linked, and their claims that are one claim; nothing is hidden because of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from articles.alike.claims import Said, twins
from articles.alike.sketch import runs, sketch
from articles.choices import Relation
from articles.models import Article, Claim, ClaimRelation, StoryLink, StoryMark
from articles.selectors.alike import stories_near
from articles.workflow import ClaimState
from factcheck.audit.services import hold_end

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def story_mark(article: Article, text: str, *, first: bool = False) -> None:
    """Keep the sketch of the article's current text; call it in the transaction that stores the text.

    With `first` there is no other sketch of this article to be taken away.
    """
    if not first:
        StoryMark.objects.filter(article=article).delete()
    StoryMark.objects.bulk_create([StoryMark(article=article, value=value) for value in sketch(runs(text))])


def stories_link(article: Article, near: Sequence[tuple[int, float]]) -> None:
    """Store which articles tell the same story, in place of what was stored of this one before.

    Call it in the transaction that stored the claims, after its event in the trail: from then on such transactions
    run one after the other, so that of two versions that are read at once the second sees the claims of the first.
    """
    StoryLink.objects.filter(Q(article=article) | Q(other=article)).delete()
    links = [StoryLink(article=article, other_id=pk, share=part) for pk, part in near]
    StoryLink.objects.bulk_create(
        [*links, *(StoryLink(article_id=pk, other=article, share=part) for pk, part in near)]
    )
    ours = Claim.objects.filter(article=article)
    either = Q(claim__in=ours.values("pk")) | Q(other__in=ours.values("pk"))
    ClaimRelation.objects.filter(either, kind=Relation.TWIN).delete()
    claims_twin(list(ours), [pk for pk, _ in near])


def claims_twin(claims: Sequence[Claim], articles: Iterable[int]) -> int:
    """Relate each of the claims, all of one article, to its twin in each of the articles; returns how many pairs."""
    ours = _said(claims)
    found = 0
    for pk in articles:
        theirs = _said(Claim.objects.filter(article=pk))
        pairs = twins(ours, theirs) if ours and theirs else []
        both = [(one, other) for pair in pairs for one, other in (pair, pair[::-1])]
        ClaimRelation.objects.bulk_create(
            [ClaimRelation(claim_id=one, other_id=other, kind=Relation.TWIN) for one, other in both],
            ignore_conflicts=True,
        )
        found += len(pairs)
    return found


def claim_twin(claim: Claim) -> int:
    """The same for one claim that a person marked, in the articles its own is linked to already."""
    linked = StoryLink.objects.filter(article=claim.article_id).order_by("other").values_list("other", flat=True)
    return claims_twin([claim], list(linked))


def _said(claims: Iterable[Claim]) -> list[tuple[int, Said]]:
    """A claim that was dismissed is in nobody's hands."""
    return [
        (one.pk, Said(one.quote, one.statement, one.stance_of_speaker))
        for one in claims
        if one.state != ClaimState.DISMISSED
    ]


def story_relink(article: Article) -> None:
    """Mark and link an article that came in before there were marks, or when what counts as alike has changed."""
    assert article.current is not None
    with transaction.atomic():
        hold_end()
        story_mark(article, article.current.text)
        stories_link(article, stories_near(article, article.current.text))
