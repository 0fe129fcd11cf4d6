"""What the claim card shows: one claim with everything that was found, written and judged. Constant queries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.models import User
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext as _

from articles.anchoring.wording import Part, parts
from articles.choices import Relation, RunState
from articles.extraction.kin import other_number
from articles.models import Claim, ClaimMove, ClaimRelation, Evidence, PrefillRun, Source
from articles.origins import Appearance, Claimant, appearances_of, claimants_of
from articles.selectors.kin import stated_of
from articles.selectors.weighed import Picture, weigh
from factcheck.audit.actions import ACTIONS
from factcheck.audit.models import AuditEvent
from factcheck.core.beside import Beside, beside
from factcheck.core.errors import NotFound
from reviews import shown
from reviews.choices import OpinionKind
from reviews.citations import cited, numbered, renumbered
from reviews.models import (
    Annotation,
    Check,
    Contact,
    Draft,
    Material,
    Opinion,
    Publication,
    Query,
    Recusal,
    Review,
    VerdictEvidence,
    VerdictLabel,
    VerdictReply,
)
from reviews.opinions import FAR
from reviews.policies import visible
from reviews.selectors.desks import labels_on, people_who
from reviews.selectors.queue import CountUpTo, with_work
from reviews.selectors.queue_rows import Person, Prefill, person_shown, prefill_of, why_words
from reviews.selectors.replies import Asked, asked_of
from reviews.selectors.sealed import sealed_from, threads_open_to
from reviews.selectors.threads import notes_on, threads_of
from reviews.selectors.twins import Twin, twins_shown
from reviews.triage import HARM, REACH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import Model, QuerySet

    from reviews.models import DeskPolicy
    from reviews.triage import Question

HISTORY_SIZE: Final = 40
# Who is typing, joined to a review.
LEASED: Final = ("claim__article", "claim__lease__person", "claim__lease__asked_by")


@dataclass(frozen=True, slots=True)
class Choice:
    """A label of the scale in the picker. `colour` is its place among the colours, 1 to 7."""

    label: VerdictLabel
    colour: int
    dots: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Kinship:
    """Another claim, of this article or another, that says the same or the contrary."""

    words: str
    claim: Claim
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history."""

    at: datetime
    who: str
    did: str
    note: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The old words beside the new ones; `parts` is empty where nothing like them was found."""

    move: ClaimMove
    claim: Claim

    @property
    def parts(self) -> list[Part]:
        return parts(self.move.old_quote, self.move.quote) if self.move.quote else []


@dataclass(frozen=True, slots=True)
class Reason:
    name: str
    words: str
    weight: float
    share: int  # of the strongest, in percent

    @property
    def signed(self) -> str:
        return f"{self.weight:+.2f}".replace("-", "−")


@dataclass(frozen=True, slots=True)
class Judged:
    """A second or third verdict with its label as the picker knows it."""

    opinion: Opinion
    choice: Choice


@dataclass(frozen=True, slots=True)
class Card:
    """Everything about one claim that its card shows."""

    claim: Claim
    review: Review | None
    state: shown.Shown
    holder: Person | None
    total: int
    kin: list[Kinship]
    twins: list[Twin]
    evidence: list[Evidence]
    runs: list[PrefillRun]
    prefill: Prefill
    threads: list[Annotation]
    choices: list[Choice]
    history: list[Happened]
    publication: Publication | None
    asked: list[Asked]
    opinions: list[Opinion]
    recusals: list[Recusal]
    cited: dict[int, int]  # the numbers of the verdict that stands, to the keys of its evidence
    replies: list[VerdictReply]  # what readers are told with the verdict that stands
    newest: int
    policy: DeskPolicy
    drafts: dict[str, dict[str, Draft]]
    people: list[User]  # who could be given the claim
    checks: list[Check]
    numbers: dict[int, int]  # key of each piece of evidence to the number by which a rationale cites it
    materials: list[Material]  # without their texts
    moved: Moved | None = None

    @property
    def claimants(self) -> tuple[Claimant, ...]:
        return claimants_of(self.claim.claimants)

    @property
    def appearances(self) -> tuple[Appearance, ...]:
        return appearances_of(self.claim.appearances)

    @property
    def of_media(self) -> bool:
        """The claim stood in a picture or recording, so that this can be judged too."""
        return any(one.is_media for one in self.appearances)

    @property
    def why(self) -> str:
        return ", ".join(_(one) for one in why_words(self.claim.reasons)[:4])

    @property
    def harm(self) -> list[tuple[Question, int | None]]:
        """The questions of harm and reach with what was answered."""
        held = getattr(self.claim, "harm", None)
        return [(one, getattr(held, one.key, None)) for one in (*HARM, REACH)]

    @property
    def reasons(self) -> list[Reason]:
        return reasons_of(self.claim)

    @property
    def silent(self) -> list[PrefillRun]:
        """The questions that were not answered."""
        return [run for run in self.runs if run.state in (RunState.FAILED, RunState.THROTTLED)]

    @property
    def second(self) -> Judged | None:
        """What the second person judged blind."""
        return self._judged(OpinionKind.SECOND)

    @property
    def third(self) -> Judged | None:
        """What a desk editor judged where the two were far apart."""
        return self._judged(OpinionKind.THIRD)

    def _judged(self, kind: OpinionKind) -> Judged | None:
        found = next((one for one in self.opinions if one.kind == kind), None)
        if found is None:
            return None
        known = next((one for one in self.choices if one.label.pk == found.label_id), None)
        return Judged(found, known or choice_of(found.label, self.choices))

    @property
    def away_names(self) -> dict[int, str]:
        """Who keeps out, by key; somebody who left the desk has no name here."""
        return {one.pk: name_of(one) for one in self.people}

    @property
    def far_apart(self) -> bool:
        return self.second is not None and self.second.opinion.steps >= FAR and self.third is None

    @property
    def anchors(self) -> dict[int, str]:
        """Where the numbers of the verdict that stands lead on this card."""
        return {number: f"ev-{key}" for number, key in self.cited.items()}

    def with_desk_numbers(self, text: str) -> str:
        """Words of the verdict that stands, to be edited again: its citations get the numbers of the desk."""
        numbers = {position: self.numbers.get(key, position) for position, key in self.cited.items()}
        return renumbered(text, {number: numbers.get(number, number) for number in cited(text)})

    @property
    def picture(self) -> Picture:
        """The evidence weighed, with its gaps."""
        return weigh(self.claim, self.evidence)

    @property
    def axis(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.label.value is not None]

    @property
    def off_axis(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.label.value is None]

    @property
    def given(self) -> Choice | None:
        """The verdict that stands, as the picker knows it."""
        verdict = self.review.verdict if self.review else None
        return choice_of(verdict.label, self.choices) if verdict else None


# What `opened` brings along in small lists, by the name it has on the claim.
_ASKED: Final = ("id", "source_id", "state", "tries", "finished_at", "error_detail")
_BROUGHT: Final = (
    "id", "claim_id", "state", "url", "name", "title", "created_by_name", "created_at", "error_detail",
)  # fmt: skip
_PEOPLE: Final = ("id", "username", "first_name", "last_name")


def opened(person: User, pk: int) -> Claim:
    """A claim with everything that hangs on it once: one query. Raises NotFound for what this person may not see.

    Joined: article, desk and policy, active review with verdict and people, lease, publication. Beside it: the labels
    of the desk, the questions to sources, what this person typed, who could be given the claim.
    """
    mine = Draft.objects.filter(claim=OuterRef("pk"), person=person)
    found = _with_everything().filter(visible(person, "article__"), pk=pk).annotate(drafts_beside=Beside(mine))
    claim: Claim | None = found.order_by("pk").first()
    if claim is None:
        raise NotFound("not_found", what="claim")
    return claim


@cache
def _with_everything() -> QuerySet[Any, Any]:
    """What `opened` reads for everybody; put together once, since that takes longer than the answer."""
    desk, mine = OuterRef("article__desk"), OuterRef("pk")
    runs = PrefillRun.objects.filter(claim=mine)
    return (
        with_work(Claim.objects.all())
        .select_related(
            "article__desk__policy", "publication", "harm", "label", "lease__person", "lease__asked_by", *_WORK
        )
        .annotate(
            total=CountUpTo(Claim.objects.filter(article=OuterRef("article")).order_by().values("pk")),
            labels_beside=Beside(labels_on(desk)),
            runs_beside=Beside(runs, _ASKED),
            sources_beside=Beside(Source.objects.filter(runs__claim=mine).distinct(), ("id", "name", "reliability")),
            queries_beside=Beside(Query.objects.filter(claim=mine)),
            contacts_beside=Beside(Contact.objects.filter(query__claim=mine)),
            replies_beside=Beside(VerdictReply.objects.filter(verdict=OuterRef("work__verdict"))),
            opinions_beside=Beside(Opinion.objects.filter(verdict=OuterRef("work__verdict"))),
            recusals_beside=Beside(
                Recusal.objects.filter(Q(claim=mine) | Q(claim=None), article=OuterRef("article"), lifted_at=None)
            ),
            cited_beside=Beside(
                VerdictEvidence.objects.filter(verdict=OuterRef("work__verdict")), ("id", "evidence_id", "position")
            ),
            materials_beside=Beside(Material.objects.filter(claim=mine), _BROUGHT),
            checks_beside=Beside(Check.objects.filter(claim=mine)),
            people_beside=Beside(people_who("propose_verdict", desk), _PEOPLE),
        )
    )


_WORK: Final = ("work__assignee", "work__verdict__label", "work__verdict__proposed_by", "work__verdict__approved_by")


def card(person: User, pk: int, *, threads: Sequence[Annotation] | None = None) -> Card:
    """The card of a claim: five queries, one fewer with the notes at hand, one more where it is stale, and
    where it has twins.

    `threads` are notes of its article that were read already, if they were.
    """
    claim: Any = opened(person, pk)
    review: Review | None = getattr(claim, "work", None)  # Django sets it only where there is one
    evidence = list(
        claim.evidence.select_related("source", "decided_by", "snapshot", "page").defer("snapshot__content")
    )
    runs = _runs(claim)
    if threads is None:
        threads = threads_of(*notes_on(claim.pk, claim.revision_id, claim.start, claim.end))
    known = {one.pk for one in evidence}
    notes = [one for one in threads if one.evidence_id in known or _is_on(one, claim)]
    if sealed_from(person, review):
        notes = threads_open_to(person, notes)
    publication: Publication | None = getattr(claim, "publication", None)
    asked = _asked(claim)
    kin, twins = _kin(claim)
    return Card(
        claim=claim,
        review=review,
        policy=claim.article.desk.policy,
        state=shown.shown(claim.state, review.state if review else None, stale=claim.stale_anchor),
        holder=person_shown(name_of(review.assignee)) if review and review.assignee else None,
        total=claim.total,
        kin=kin,
        twins=twins,
        evidence=evidence,
        runs=runs,
        prefill=prefill_of(run.state for run in runs),
        threads=notes,
        choices=choices_of(sorted(beside(VerdictLabel, claim.labels_beside), key=lambda label: label.position)),
        history=_history(claim, review, evidence, [*notes, *(one.query for one in asked)], publication),
        publication=publication,
        asked=asked,
        opinions=sorted(beside(Opinion, claim.opinions_beside), key=lambda one: one.pk),
        recusals=sorted(beside(Recusal, claim.recusals_beside), key=lambda one: one.pk),
        cited={one.position: one.evidence_id for one in beside(VerdictEvidence, claim.cited_beside)},
        replies=sorted(beside(VerdictReply, claim.replies_beside), key=lambda reply: reply.pk),
        newest=max((one.pk for one in evidence), default=0),
        drafts=by_form(beside(Draft, claim.drafts_beside)),
        checks=sorted(beside(Check, claim.checks_beside), key=lambda check: check.pk),
        materials=sorted(beside(Material, claim.materials_beside), key=lambda one: one.pk),
        people=sorted(
            beside(User, claim.people_beside), key=lambda one: (one.first_name, one.last_name, one.username)
        ),
        numbers=numbered(one.pk for one in evidence),
        moved=_moved(claim) if claim.stale_anchor else None,
    )


def _runs(claim: Any) -> list[PrefillRun]:
    sources = {source.pk: source for source in beside(Source, claim.sources_beside)}
    runs = beside(PrefillRun, claim.runs_beside)
    for run in runs:
        run.source = sources[run.source_id]
    return sorted(runs, key=lambda run: (run.source.name, run.pk))


def _asked(claim: Any) -> list[Asked]:
    contacts = sorted(beside(Contact, claim.contacts_beside), key=lambda one: (one.at, one.pk))
    queries = sorted(beside(Query, claim.queries_beside), key=lambda one: (one.asked_at, one.pk))
    return [asked_of(query, [one for one in contacts if one.query_id == query.pk]) for query in queries]


def _moved(claim: Claim) -> Moved | None:
    move = ClaimMove.objects.select_related("revision").defer("revision__text", "revision__raw").filter(
        claim=claim, decision=""
    ).first()  # fmt: skip
    return Moved(move, claim) if move else None


def name_of(person: User) -> str:
    return person.get_full_name() or person.get_username()


def _is_on(note: Annotation, claim: Claim) -> bool:
    if note.claim_id == claim.pk:
        return True
    if note.revision_id != claim.revision_id or note.start is None or note.end is None:
        return False
    return note.start < claim.end and note.end > claim.start


def _kin(claim: Claim) -> tuple[list[Kinship], list[Twin]]:
    """The other claims, and apart from them those that are this claim in another version of the story."""
    found = (
        ClaimRelation.objects.filter(Q(claim=claim) | Q(other=claim), claim__article__desk=F("other__article__desk"))
        .select_related("claim__article", "other__article")
        .order_by("pk")
    )
    twins = {one.other_id for one in found if one.kind == Relation.TWIN and one.claim_id == claim.pk}
    passive = {
        "contradicts": _("contradicted by"),
        "denies": _("denied by"),
        "repeats": _("repeated in"),
        "same": _("same as"),
    }
    active = {"contradicts": _("contradicts"), "denies": _("denies"), "repeats": _("repeats"), "same": _("same as")}
    seen: dict[int, Kinship] = {}
    for one in found:
        mine = one.claim_id == claim.pk
        other = one.other if mine else one.claim
        if other.pk in twins:
            continue
        words = (active if mine else passive)[one.kind]
        if other_number(stated_of(claim), stated_of(other)):
            words = _("%(relation)s with another number") % {"relation": words}
        seen.setdefault(other.pk, Kinship(words, other, elsewhere=other.article_id != claim.article_id))
    return list(seen.values()), twins_shown([claim.pk] if twins else []).get(claim.pk, [])


def reasons_of(claim: Claim) -> list[Reason]:
    """The named reasons with their weights, strongest first."""
    most = max((abs(one["weight"]) for one in claim.reasons), default=1) or 1
    ranked = sorted(claim.reasons, key=lambda one: -abs(one["weight"]))
    return [
        Reason(one["name"], one.get("words", ""), one["weight"], round(100 * abs(one["weight"]) / most))
        for one in ranked
    ]


def by_form(drafts: Iterable[Draft]) -> dict[str, dict[str, Draft]]:
    """What somebody typed, by form and field."""
    found: dict[str, dict[str, Draft]] = {}
    for draft in drafts:
        found.setdefault(draft.form, {})[draft.field] = draft
    return found


def choices_of_scales(labels: Sequence[VerdictLabel]) -> dict[int, Choice]:
    """Every label of the scales these labels are of, by key: desks may judge with different ones; one query."""
    found = VerdictLabel.objects.filter(scale__in={label.scale_id for label in labels}).select_related("scale")
    of_scale: dict[int, list[VerdictLabel]] = {}
    for label in found.order_by("position"):
        of_scale.setdefault(label.scale_id, []).append(label)
    return {choice.label.pk: choice for held in of_scale.values() for choice in choices_of(held)}


def choices_of(labels: Sequence[VerdictLabel]) -> list[Choice]:
    axis = sorted((label for label in labels if label.value is not None), key=lambda label: label.value or 0)
    rank = {label.pk: place for place, label in enumerate(axis)}
    off = [label.pk for label in labels if label.value is None]
    return [
        Choice(
            label,
            1 + round(4 * rank[label.pk] / max(1, len(axis) - 1))
            if label.pk in rank
            else min(7, 6 + off.index(label.pk)),
            tuple(place == rank.get(label.pk) for place in range(len(axis))),
        )
        for label in labels
    ]


def choice_of(label: VerdictLabel, choices: Sequence[Choice]) -> Choice:
    """The label as a choice; one of a scale that was replaced keeps its name and a neutral colour."""
    return next((choice for choice in choices if choice.label.pk == label.pk), Choice(label, 7, ()))


def _history(
    claim: Claim, review: Review | None, evidence: Iterable[Evidence], spoken: Iterable[Model],
    publication: Publication | None,
) -> list[Happened]:  # fmt: skip
    told = Q(target_type="articles.claim", target_id=str(claim.pk))
    told |= Q(target_type="articles.evidence", target_id__in=[str(one.pk) for one in evidence])
    for label, keys in _by_model(spoken).items():
        told |= Q(target_type=label, target_id__in=keys)
    if review is not None:
        told |= Q(target_type="reviews.review", target_id=str(review.pk))
    if publication is not None:
        told |= Q(target_type="reviews.publication", target_id=str(publication.pk))
    found = AuditEvent.objects.filter(told, implied=False).order_by("-sequence")[:HISTORY_SIZE]
    return [Happened(one.at, one.actor_name, _(ACTIONS.get(one.action, one.action)), one.note) for one in found]


def _by_model(things: Iterable[Model]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for thing in things:
        found.setdefault(thing._meta.label_lower, []).append(str(thing.pk))
    return found
