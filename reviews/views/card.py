"""The claim card: drawn once for the page, for htmx and after every act."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_noop

from articles.choices import DismissReason, EvidenceState, Mode
from articles.services.prefill import claim_query
from articles.workflow import CLAIM_OPEN, ClaimState
from factcheck.core.errors import MESSAGES
from reviews import publishing
from reviews.choices import BY_HAND, CONTACTED, FactLabel, MediaCheck, Motivation, QuoteCheck, WaitKind
from reviews.gates import Gate, VerdictDraft, propose_gates
from reviews.origin_forms import OriginForms
from reviews.policies import desk_of, granted, may_review
from reviews.selectors import claim_card, desk
from reviews.selectors.matches import matches_of
from reviews.selectors.sealed import sealed_from
from reviews.services.draft import drafts_discard
from reviews.services.lease import lease_of, session_of, since
from reviews.services.opinion import may_judge_second, may_judge_third
from reviews.views.base import DeskRequest, on_article_page, page
from reviews.views.pieces import asked_of, rows_of, shelf_of, stances
from reviews.workflow import HELD, PublicationState, ReviewAction, ReviewState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User
    from django.http import HttpResponse

    from articles.models import Evidence
    from reviews.forms import VerdictForm
    from reviews.models import Annotation, Draft, Lease, Review

_S = ReviewState
OK = 200


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is at the claim, for the line above it."""

    mine: bool
    lease: Lease | None
    here: bool  # the lease is this window's
    may_take_over: bool
    may_ask: bool

    @property
    def since(self) -> str:
        return since(self.lease) if self.lease else ""

    @property
    def elsewhere(self) -> bool:
        """The person types in another window of theirs."""
        return self.mine and self.lease is not None and not self.here


def presence_of(request: DeskRequest, review: Review | None) -> Presence:
    """Reads `review.claim.lease`: whoever gets the review gets it along."""
    lease = lease_of(review)
    mine = review is not None and review.assignee_id == request.user.pk
    here = bool(lease and lease.person_id == request.user.pk and _session(request) == lease.session)
    held = review is not None and review.state in HELD and not mine
    typing = lease is not None and lease.person_id != request.user.pk
    if review is None or not held:
        return Presence(mine, lease, here, may_take_over=False, may_ask=False)
    may = may_review(request.user, ReviewAction.TAKE_OVER, review, typing=typing).allowed
    return Presence(mine, lease, here, may, typing and "propose_verdict" in granted(request.user, desk_of(review)))


def _session(request: DeskRequest) -> str:
    return session_of(request.session.session_key)


@dataclass(frozen=True, slots=True)
class Dock:
    """The foot of the card: the one main act, and a sentence where there is none.

    `main` is take, go_on, propose, judge (blind), decide (between two), approve, publish or empty.
    """

    main: str = ""
    words: str = ""


_ASIDE = {
    ClaimState.MERGED: gettext_noop("This claim is one with another."),
    ClaimState.SPLIT: gettext_noop("This claim was split into others."),
}


def dock_of(request: DeskRequest, card: claim_card.Card) -> Dock:
    """What this person can do next with the claim."""
    rights = granted(request.user, desk_of(card.claim))
    review = card.review
    if card.claim.state not in CLAIM_OPEN:
        aside = _ASIDE.get(ClaimState(card.claim.state), gettext_noop("This claim was put aside."))
        return Dock(words=gettext(aside))
    if review is None or review.state == _S.QUEUED:
        return Dock(main="take") if "propose_verdict" in rights else Dock(words=gettext("Nobody has this claim yet."))
    if review.state in (_S.PROPOSED, _S.SECOND_REVIEW):
        return _second(request, card, review)
    if review.state in (_S.APPROVED, _S.CLOSED):
        return _after(card, rights)
    return _held(request, review)


def _held(request: DeskRequest, review: Review) -> Dock:
    if review.assignee_id != request.user.pk:
        name = claim_card.name_of(review.assignee) if review.assignee else gettext("Somebody")
        held = gettext("%(name)s has this claim. You can read, comment and add evidence.")
        return Dock(words=held % {"name": name})
    if review.state == _S.IN_PROGRESS:
        return Dock(main="propose")
    return Dock(main="take" if review.state == _S.ASSIGNED else "go_on")


def _second(request: DeskRequest, card: claim_card.Card, review: Review) -> Dock:
    if review.verdict and review.verdict.proposed_by_id == request.user.pk:
        sealed = gettext("You proposed this verdict. Somebody judges it blind now.")
        return Dock(words=sealed if review.sealed else gettext(MESSAGES["review.own_proposal"]))
    may = may_judge_second(request.user, review)
    if not may.allowed:
        waits = gettext("A second person looks at this verdict now.")
        return Dock(words=gettext(MESSAGES[may.code]) if may.code in MESSAGES and not may.needs else waits)
    if review.sealed:
        return Dock(main="judge")
    if card.far_apart:
        assert card.second is not None  # the two are far apart
        third = may_judge_third(request.user, review, card.second.opinion)
        return Dock(main="decide") if third.allowed else Dock(words=gettext(MESSAGES["review.third_needed"]))
    return Dock(main="approve")


def _after(card: claim_card.Card, rights: frozenset[str]) -> Dock:
    publication = card.publication
    if publication is None:
        return Dock(words=gettext("Approved."))
    if publication.state == PublicationState.LIVE:
        newer = card.review is not None and card.review.verdict_id != publication.verdict_id
        stands = gettext("A newer verdict is approved. Publish it as a new version.")
        return Dock(words=stands if newer else gettext("Published."))
    if publication.state == PublicationState.DRAFT and "publish" in rights:
        return Dock(main="publish")
    return Dock(words=gettext("Approved. It waits for the publisher."))


def verdict_initial(card: claim_card.Card) -> dict[str, Any]:
    """What the form starts with: nothing, or the words of the verdict that came back to its proposer."""
    verdict = card.review.verdict if card.review else None
    if verdict is None:
        return {}
    return {
        "label": verdict.label.key,
        "quote_check": verdict.quote_check,
        "summary": card.with_desk_numbers(verdict.summary),
        "rationale": card.with_desk_numbers(verdict.rationale),
        "gaps": card.with_desk_numbers(verdict.gaps),
        "media_check": verdict.media_check,
        "media_context": verdict.media_context,
        "media_original": verdict.media_original,
    }


def blind_evidence(card: claim_card.Card) -> list[Evidence]:
    """The evidence as it came, with nothing that gives the first verdict away: no stance, order, choice or count."""
    return sorted(card.evidence, key=lambda one: one.pk)


def draft_of(card: claim_card.Card, values: dict[str, Any]) -> VerdictDraft:
    label = next((one.label for one in card.choices if one.label.key == values.get("label")), None)
    return VerdictDraft(
        label,
        values.get("rationale") or "",
        values.get("summary") or "",
        values.get("gaps") or "",
        values.get("quote_check") or "",
        values.get("media_check") or "",
        values.get("media_context") or "",
    )


def gates_of(card: claim_card.Card, values: dict[str, Any]) -> list[Gate]:
    return propose_gates(
        card.claim, draft_of(card, values), card.policy, evidence=card.evidence, runs=card.runs,
        queries=[one.query for one in card.asked], checks=card.checks,
    )  # fmt: skip


def card_context(
    request: DeskRequest, pk: int, *, form: VerdictForm | None = None, threads: Sequence[Annotation] | None = None
) -> dict[str, Any]:
    """Everything the card's template reads. A bound `form` keeps what was typed; `threads` as for the card."""
    card = claim_card.card(request.user, pk, threads=threads)
    drafts = card.drafts
    typed = {name: draft.text for name, draft in drafts.get("verdict", {}).items()}
    values = _values(form) if form is not None else verdict_initial(card) | typed
    dock = dock_of(request, card)
    if dock.main in ("judge", "decide"):  # never with anything of the first verdict in it
        values = {name: draft.text for name, draft in drafts.get("opinion", {}).items()}
    sealed = sealed_from(request.user, card.review)
    shelf = None if sealed else shelf_of(card, asked_of(request))
    gates = gates_of(card, values) if dock.main == "propose" else []
    rights = granted(request.user, desk_of(card.claim))
    return {
        "card": card,
        "dock": dock,
        "sealed": sealed,
        "blind_rows": rows_of(card, blind_evidence(card)) if sealed else [],
        "shelf": shelf,
        "may_weigh": "add_evidence" in rights,
        "csrf_field": format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request)),
        "rights": rights,
        "verdict_values": values,
        "verdict_errors": form.errors if form is not None else {},
        "chosen": _chosen(card, values),
        "gates": gates,
        "left": sum(not gate.ok and gate.blocking for gate in gates),
        "mine": card.review is not None and card.review.assignee_id == request.user.pk,
        "in_article": on_article_page(request) or request.path.startswith("/articles/"),
        "before": matches_of(card.claim, card.review),
        "presence": presence_of(request, card.review),
        "drafts": _for_the_browser(drafts),
        "drafts_saved": max((one.saved_at for fields in drafts.values() for one in fields.values()), default=None),
        "stances": stances(),
        "quote_checks": QuoteCheck.choices,
        "media_checks": MediaCheck.choices,
        "search": claim_query(card.claim),
        "origins": OriginForms(card.claim) if "edit_claims" in rights else None,
        "wait_kinds": WaitKind.choices,
        "motivations": Motivation.choices,
        "fact_labels": FactLabel.choices if card.claim.article.mode == Mode.PRE_PUBLICATION else [],
        "answer_ways": [(way.value, way.label) for way in BY_HAND],
        "contact_kinds": [(kind.value, kind.label) for kind in CONTACTED],
        "dismiss_reasons": DismissReason.choices,
        "publication_offers": publishing.offers(card.publication, request.user) if card.publication else [],
        "assignable": _assignable(rights, card, request.user),
    }


def _for_the_browser(drafts: dict[str, dict[str, Draft]]) -> str:
    """Every kept field with its version, for an attribute: htmx takes scripts out of what it swaps."""
    return json.dumps(
        {
            form: {field: {"text": one.text, "version": one.version} for field, one in fields.items()}
            for form, fields in drafts.items()
        }
    )


def _values(form: VerdictForm) -> dict[str, Any]:
    return {name: form.data.get(name, "") for name in form.fields}


def _chosen(card: claim_card.Card, values: dict[str, Any]) -> claim_card.Choice | None:
    return next((one for one in card.choices if one.label.key == values.get("label")), None)


def _assignable(rights: frozenset[str], card: claim_card.Card, person: User) -> list[User]:
    """Whom the claim may be given to, by a desk editor or by whoever has it."""
    mine = card.review is not None and card.review.assignee_id == person.pk
    return card.people if mine or "assign_reviews" in rights else []


def answer(
    request: DeskRequest, pk: int, *, said: str = "", text_too: bool = True, form: VerdictForm | None = None,
    status: int = OK, undo: bool = False, used: str = "",
) -> HttpResponse:  # fmt: skip
    """After an act: the card anew for htmx (with the text beside it), else back to the page.

    `used` is the form that was sent: what was kept of it has done its work.
    """
    if used:
        drafts_discard(claim=pk, person=request.user, form=used)
    if not request.htmx and form is None:
        if said:
            messages.success(request, said, extra_tags="undo" if undo else "")
        return redirect("reviews:claim", pk)
    context = card_context(request, pk, form=form) | {"said": said, "refused": status != OK, "undo": undo}
    if not request.htmx:
        return page(request, "reviews/claim.html", context, status=status)
    article = context["card"].claim.article
    if text_too and context["in_article"] and article.current_id is not None:
        drawn = desk.article_desk(request.user, article.pk, selected=pk)
        context |= {"desk": drawn, "article": drawn.article}
    return render(request, "reviews/_answer.html", context, status=status)


def piece_answer(request: DeskRequest, evidence: Evidence, *, said: str, undo: bool = False) -> HttpResponse:
    """After an act on one piece: that piece and what counts it, and not the whole card; else back to the page."""
    if not request.htmx:
        return answer(request, evidence.claim_id, said=said, undo=undo)
    context = card_context(request, evidence.claim_id)
    if context["shelf"] is None:  # sealed: this person sees another card altogether
        response = answer(request, evidence.claim_id, said=said, undo=undo, text_too=False)
        response["HX-Retarget"] = "#claim"
        return response
    card: claim_card.Card = context["card"]
    now = next((one for one in card.evidence if one.pk == evidence.pk), evidence)
    gone = now.state == EvidenceState.DROPPED
    context |= {"rows": [] if gone else rows_of(card, [now]), "said": said, "undo": undo}
    response = render(request, "reviews/_piece_answer.html", context)
    if request.htmx.target == "dropped" and not gone:  # it comes back from where the dropped ones are
        response["HX-Retarget"], response["HX-Reswap"] = "#evidence-list", "beforeend"
    return response
