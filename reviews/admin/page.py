"""What a claim's admin page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from articles.choices import RUN_ENDED, EvidenceState
from factcheck.audit.actions import ACTIONS
from factcheck.audit.selectors import timeline
from reviews.admin import forms
from reviews.admin.acts import Act, Offer, offers
from reviews.gates import Gate, VerdictDraft, propose_gates
from reviews.models import Annotation
from reviews.policies import desk_of, may
from reviews.selectors.desks import labels_of, policy_of
from reviews.selectors.sealed import sealed_from
from reviews.workflow import ReviewState

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models import Claim
    from reviews.models import Query, Review

Tried = tuple[str, forms.ActForm]


def page_context(actor: User, claim: Claim, tried: Tried | None = None) -> dict[str, Any]:
    """Everything the claim's page shows, in a number of queries that does not grow with the rows."""
    review = (
        claim.reviews.filter(active=True).select_related("assignee", "verdict__label", "verdict__proposed_by").first()
    )
    sealed = sealed_from(actor, review)
    evidence = list(claim.evidence.select_related("source", "decided_by"))
    if sealed:
        evidence.sort(key=lambda one: one.pk)
    runs = list(claim.runs.select_related("source"))
    offered = [_with_form(offer, claim, review, tried) for offer in offers(actor, claim, review)]
    return {
        "claim": claim,
        "article": claim.article,
        "review": review,
        "offers": [offer for offer in offered if offer.decision.allowed],
        "refusals": [offer for offer in offered if not offer.decision.allowed],
        "evidence": [(one, _evidence_form(one, tried)) for one in evidence],
        "waiting": 0 if sealed else sum(one.state == EvidenceState.SUGGESTED for one in evidence),
        "runs": runs,
        "asking": sum(run.state not in RUN_ENDED for run in runs),
        "sealed": sealed,
        "may_weigh": not sealed and may(actor, "add_evidence", desk_of(claim)).allowed,
        "may_note": may(actor, "write_notes", desk_of(claim)).allowed,
        "gates": _gates(claim, review, tried),
        "verdicts": [one for one in _verdicts(claim) if not (sealed and review and one.pk == review.verdict_id)],
        "annotations": [one for one in _annotations(claim) if not sealed or one.created_by_id == actor.pk],
        "queries": [(one, _query_form(one, tried)) for one in claim.queries.all()],
        "events": [] if sealed else history(claim),
    }


def _with_form(offer: Offer, claim: Claim, review: Review | None, tried: Tried | None) -> Offer:
    if not offer.decision.allowed:
        return offer
    if tried is not None and tried[0] == offer.name:
        offer.form = tried[1]
        return offer
    offer.form = _blank(offer.act, offer.name, review)
    offer.form.for_claim(claim)
    return offer


def _blank(act: Act, name: str, review: Review | None) -> forms.ActForm:
    return act.form(initial={"seen": review.version if review else None}, auto_id=f"{name}-%s")


def _evidence_form(evidence: Any, tried: Tried | None) -> forms.EvidenceForm:
    if tried and isinstance(tried[1], forms.EvidenceForm) and tried[1].data.get("evidence") == str(evidence.pk):
        return tried[1]
    initial = {
        "evidence": evidence.pk, "version": evidence.version, "stance": evidence.stance, "locator": evidence.locator,
    }  # fmt: skip
    return forms.EvidenceForm(initial=initial, auto_id=f"evidence-{evidence.pk}-%s")


def _query_form(query: Query, tried: Tried | None) -> forms.QueryForm:
    if tried and isinstance(tried[1], forms.QueryForm) and tried[1].data.get("query") == str(query.pk):
        return tried[1]
    return forms.QueryForm(initial={"query": query.pk, "version": query.version}, auto_id=f"query-{query.pk}-%s")


def _gates(claim: Claim, review: Review | None, tried: Tried | None) -> list[Gate]:
    if review is None or review.state != ReviewState.IN_PROGRESS:
        return []
    data = tried[1].data if tried and tried[0] == "propose" else {}
    policy = policy_of(claim)
    label = None
    if data.get("label"):
        label = labels_of(claim).filter(key=data["label"]).first()
    draft = VerdictDraft(
        label, data.get("rationale", ""), data.get("summary", ""), data.get("gaps", ""), data.get("quote_check", ""),
        data.get("media_check", ""), data.get("media_context", ""),
    )  # fmt: skip
    return propose_gates(claim, draft, policy)


def _verdicts(claim: Claim) -> list[Any]:
    found = [review.verdicts.all() for review in claim.reviews.prefetch_related(
        "verdicts__label", "verdicts__proposed_by", "verdicts__approved_by"
    )]  # fmt: skip
    return sorted((verdict for verdicts in found for verdict in verdicts), key=lambda one: -one.pk)


def _annotations(claim: Claim) -> list[Annotation]:
    """Notes on the claim, and those on words of the text that overlap it."""
    over = Q(revision=claim.revision_id, start__lt=claim.end, end__gt=claim.start)
    replies = Q(parent__revision=claim.revision_id, parent__start__lt=claim.end, parent__end__gt=claim.start)
    return list(
        Annotation.objects.filter(Q(claim=claim) | over | replies)
        .select_related("created_by", "resolved_by")
        .distinct()
    )


def history(claim: Claim) -> list[dict[str, Any]]:
    """The trail of the claim and all that hangs on it, newest first, as sentences."""
    things = [claim, *claim.reviews.all(), *claim.evidence.all(), *_annotations(claim), *claim.queries.all()]
    return [
        {"at": event.at, "who": event.actor_name, "did": ACTIONS[event.action], "on": event.target_name,
         "note": event.note, "implied": event.implied}
        for event in timeline(*things).order_by("-sequence")[:200]
    ]  # fmt: skip
