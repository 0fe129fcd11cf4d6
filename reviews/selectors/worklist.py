"""What changed since a person ticked or judged it, old beside new: two queries, however much there is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.anchoring.wording import Part, parts
from articles.models import ClaimMove
from articles.workflow import ClaimState
from reviews.models import TickChange
from reviews.policies import visible
from reviews.selectors.sealed import sealed_from

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

    from articles.models import Article

LISTED: Final = 200
_LONGEST: Final = 4_000  # words beyond this are shown whole; comparing takes the square of the length
_CHANGES: Final = {
    "moved": _("The same words, elsewhere"),
    "changed": _("In other words"),
    "gone": _("No longer in the text"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence or claim to confirm or to reopen. `kind` is tick or claim, `change` moved, changed or gone."""

    kind: str
    pk: int
    change: str
    old: str
    new: str
    before: str
    after: str
    article: Article
    old_revision: int
    revision: int
    who: str
    label: str = ""
    version: int = 0
    number: int = 0
    next: str = ""

    @property
    def id(self) -> str:
        """Its name on the page."""
        return f"{self.kind}-{self.pk}"

    @property
    def words(self) -> str:
        return str(_CHANGES[self.change])

    @property
    def parts(self) -> list[Part]:
        if len(self.old) + len(self.new) > _LONGEST:
            return [Part("old", self.old), Part("new", self.new)]
        return parts(self.old, self.new)


def ticks_changed(person: User, *, everybody: bool = False) -> QuerySet[TickChange]:
    """Open changes of sentences this person had ticked; of everybody's, those on the articles they may see."""
    found = TickChange.objects.filter(visible(person, "revision__article__"), decision="").order_by()
    return found if everybody else found.filter(person=person)


def verdicts_changed(person: User, *, everybody: bool = False) -> QuerySet[ClaimMove]:
    """Open moves of claims whose verdict this person proposed or approved."""
    judged = Q(claim__reviews__active=True, claim__reviews__verdict__isnull=False)
    if not everybody:
        mine = Q(claim__reviews__verdict__proposed_by=person) | Q(claim__reviews__verdict__approved_by=person)
        judged &= mine
    seen = visible(person, "claim__article__")
    return ClaimMove.objects.filter(seen, judged, decision="", claim__state=ClaimState.CONFIRMED).order_by()


def worklist(person: User, *, article: int | None = None, everybody: bool = False) -> list[Row]:
    """The list in the order of articles and of their texts; at most `LISTED` of either kind."""
    ticks = ticks_changed(person, everybody=everybody)
    moves = verdicts_changed(person, everybody=everybody)
    if article is not None:
        ticks, moves = ticks.filter(revision__article=article), moves.filter(claim__article=article)
    heavy = [f"{at}revision__{name}" for at in ("", "old_") for name in ("raw", "text", "sentences", "attributions")]
    ticks = (
        ticks.select_related("revision__article", "old_revision").defer(*heavy).order_by("-revision", "start", "pk")
    )
    moves = moves.select_related(
        "revision", "claim__article", "claim__revision"
    ).prefetch_related("claim__reviews__verdict__label").defer(
        *(f"{at}revision__{name}" for at in ("", "claim__") for name in ("raw", "text", "sentences", "attributions"))
    ).order_by("-revision", "start", "pk")  # fmt: skip
    rows = [*(_of_move(one, person) for one in moves[:LISTED]), *(_of_tick(one) for one in ticks[:LISTED])]
    rows.sort(key=lambda row: -row.article.pk)
    return [replace(row, next=after.id if after else "") for row, after in zip_longest(rows, rows[1:])]


def _of_tick(one: TickChange) -> Row:
    return Row(
        kind="tick", pk=one.pk, change=one.kind, old=one.old_words, new=one.words, before="", after="",
        article=one.revision.article, old_revision=one.old_revision.number, revision=one.revision.number,
        who=one.person_name,
    )  # fmt: skip


def _of_move(one: ClaimMove, person: User) -> Row:
    claim = one.claim
    review = next((review for review in claim.reviews.all() if review.active and review.verdict), None)
    verdict = None if review is None or sealed_from(person, review) else review.verdict
    change = "gone" if not one.quote else "moved" if one.quote == one.old_quote else "changed"
    return Row(
        kind="claim", pk=claim.pk, change=change, old=one.old_quote, new=one.quote, before=claim.prefix,
        after=claim.suffix, article=claim.article, old_revision=claim.revision.number, revision=one.revision.number,
        who="", label=verdict.label.name if verdict else "", version=claim.version, number=claim.number,
    )  # fmt: skip
