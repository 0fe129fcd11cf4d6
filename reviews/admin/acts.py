"""Every act on a claim's admin page: the form it asks with, and the one service it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.workflow import CLAIM, CLAIM_OPEN, ClaimAction, ClaimState
from factcheck.core.errors import MESSAGES, Invalid, NotFound
from reviews.admin import forms
from reviews.choices import OpinionKind
from reviews.opinions import FAR
from reviews.policies import Decision, desk_of, granted, may, may_review
from reviews.services.annotation import Words, annotation_reopen, annotation_resolve, words_find
from reviews.services.asking import Asking, query_answer, query_ask, query_withdraw, reply_waive
from reviews.services.claim import claim_assign, claim_bring_back, claim_put_right, claim_set_aside
from reviews.services.evidence import finding_add, suggestion_drop, suggestion_keep, suggestion_stance
from reviews.services.joining import claim_divide, claim_join, claim_part, claim_undivide
from reviews.services.noting import note_write
from reviews.services.opinion import opinion_decide, opinion_give
from reviews.services.recusal import recuse
from reviews.services.review import (
    Proposal,
    claim_accept,
    claim_take,
    review_perform,
    verdict_approve,
    verdict_propose,
)
from reviews.workflow import REVIEW, ReviewAction, ReviewState

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django_stubs_ext import StrOrPromise

    from articles.models import Claim, Evidence
    from reviews.models import Annotation, Query, Review

Run = Callable[["User", "Claim", dict[str, Any]], str]


@dataclass(frozen=True)
class Act:
    """`run` does it and returns the sentence to show; `review` or `claim` name the row of the state table."""

    label: StrOrPromise
    run: Run
    form: type[forms.ActForm] = forms.ActForm
    review: ReviewAction | None = None
    claim: ClaimAction | None = None


@dataclass
class Offer:
    """An act as the page shows it: with its form, or with the reason why this person may not."""

    name: str
    act: Act
    decision: Decision
    form: forms.ActForm | None = field(default=None)

    @property
    def refusal(self) -> str:
        if self.decision.allowed:
            return ""
        if self.decision.code == "workflow.not_allowed":
            return self.decision.needs
        return _(MESSAGES[self.decision.code])


def review_of(claim: Claim) -> Review:
    """The active review; raises NotFound where the claim was not confirmed yet, or its check has ended."""
    review = claim.reviews.filter(active=True).select_related("claim__article", "verdict").first()
    if review is None:
        raise NotFound("not_found", what=_("review of this claim"))
    return review


def _evidence_of(claim: Claim, data: dict[str, Any]) -> Evidence:
    evidence = claim.evidence.filter(pk=data["evidence"]).first()
    if evidence is None:
        raise NotFound("not_found", what=_("evidence of this claim"))
    evidence.version = data["version"]  # the one that was looked at; the service refuses if it has changed
    return evidence


def _annotation_of(claim: Claim, data: dict[str, Any]) -> Annotation:
    found = claim.annotations.filter(pk=data["annotation"]).first()
    found = found or claim.revision.annotations.filter(pk=data["annotation"]).first()
    if found is None:
        raise NotFound("not_found", what=_("note on this claim"))
    return found


# --- the acts, one function each -------------------------------------------------------------------------
def _take(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    claim_take(claim=claim, actor=actor)
    return _("Claim %(number)s taken.") % {"number": claim.number}


def _confirm(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    claim_accept(claim=claim, actor=actor)
    return _("Claim %(number)s confirmed.") % {"number": claim.number}


def _dismiss(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    claim_set_aside(claim=claim, actor=actor, reason=data["reason"], note=data["note"])
    return _("Claim %(number)s dismissed: %(dismiss_reason)s.") % {
        "number": claim.number,
        "dismiss_reason": claim.get_dismiss_reason_display().lower(),
    }


def _restore(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    claim_bring_back(claim=claim, actor=actor)
    return _("Claim %(number)s restored.") % {"number": claim.number}


def _merge(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    into = claim.article.claims.filter(number=data["number"]).first()
    if into is None:
        raise NotFound("not_found", what=_("claim of that number"))
    claim_join(claim=claim, into=into, actor=actor, note=data["note"])
    return _("Claim %(number)s merged into claim %(number2)s.") % {"number": claim.number, "number2": into.number}


def _unmerge(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    claim_part(claim=claim, actor=actor)
    return _("Claim %(number)s stands on its own again.") % {"number": claim.number}


def _split(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    made = claim_divide(claim=claim, statements=data["statements"].splitlines(), actor=actor)
    return _("Claim %(number)s split into claims %(names)s.") % {
        "number": claim.number,
        "names": ", ".join(str(one.number) for one in made),
    }


def _unsplit(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    claim_undivide(claim=claim, actor=actor)
    return _("Claim %(number)s is one again.") % {"number": claim.number}


def _reword(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    claim_put_right(claim=claim, actor=actor, statement=data["statement"], speaker=data["speaker"])
    return _("Claim %(number)s reworded. Its sources are asked again.") % {"number": claim.number}


def _assign(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    person = data["assignee"]
    claim_assign(claim=claim, actor=actor, assignee=person, note=data["note"], seen_version=data["seen"])
    return _("Claim %(number)s given to %(person)s.") % {
        "number": claim.number,
        "person": person.get_full_name() or person.get_username(),
    }


def _moved(action: ReviewAction, done: StrOrPromise) -> Run:
    def run(actor: User, claim: Claim, data: dict[str, Any]) -> str:
        review_perform(
            review=review_of(claim), action=action, actor=actor, note=data.get("note", ""),
            seen_version=data["seen"], wait_kind=data.get("wait_kind", ""),
        )  # fmt: skip
        return _("Claim %(number)s: %(done)s.") % {"number": claim.number, "done": done}

    return run


def _propose(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    verdict = verdict_propose(
        review=review_of(claim),
        actor=actor,
        proposal=Proposal(
            label=data["label"],
            rationale=data["rationale"],
            quote_check=data["quote_check"],
            summary=data["summary"],
            gaps=data["gaps"],
            media_check=data["media_check"],
            media_context=data["media_context"],
            media_original=data["media_original"],
        ),
        seen_version=data["seen"],
    )
    return _("“%(name)s” proposed for claim %(number)s.") % {"name": verdict.label.name, "number": claim.number}


def _approve(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    verdict = verdict_approve(
        review=review_of(claim), actor=actor, note=data["note"], override_reason=data["override_reason"],
        seen_version=data["seen"],
    )  # fmt: skip
    return _("“%(name)s” approved for claim %(number)s. It can be published now.") % {
        "name": verdict.label.name,
        "number": claim.number,
    }


def _opinion(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    named = {name: data[name] for name in ("label", "quote_check", "rationale")}
    opinion_give(review=review_of(claim), actor=actor, **named)
    return _("Your verdict is saved. The first one is shown now.")


def _decide_between(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    named = {name: data[name] for name in ("label", "quote_check", "rationale")}
    opinion_decide(review=review_of(claim), actor=actor, **named)
    return _("Decided. Approve the first verdict, or ask for changes.")


def _recuse(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    recuse(article=claim.article, claim=None if data["whole"] else claim, actor=actor, reason=data["reason"])
    return _("You keep out of this.")


def _keep(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    evidence = _evidence_of(claim, data)
    suggestion_keep(evidence=evidence, actor=actor, stance=data["stance"], locator=data["locator"])
    return _("Kept: %(title)s") % {"title": evidence.title}


def _drop(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    evidence = _evidence_of(claim, data)
    suggestion_drop(evidence=evidence, actor=actor)
    return _("Dropped: %(title)s") % {"title": evidence.title}


def _stance(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    evidence = _evidence_of(claim, data)
    suggestion_stance(evidence=evidence, actor=actor, stance=data["stance"])
    return f"{evidence.get_stance_display()}: {evidence.title}"


def _find(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    named = {name: data[name] for name in ("title", "url", "publisher", "passage", "locator", "stance")}
    evidence = finding_add(claim=claim, actor=actor, **named)
    return _("Added: %(title)s") % {"title": evidence.title}


def _annotate(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    on_text = data["place"] == "revision"
    target = claim.revision if on_text else claim
    near = Words(claim.start, claim.end) if on_text else None
    words: Words | None = None
    if data["words"]:
        words = words_find(target=target, exact=data["words"], near=near)
    elif data["start"] is not None or data["end"] is not None:
        words = _span(data)
    elif on_text:
        words = near  # a note about the claim's own words
    note_write(
        target=target, actor=actor, body=data["body"], words=words, motivation=data["motivation"],
        blocking=data["blocking"],
    )  # fmt: skip
    return _("Note added.")


def _span(data: dict[str, Any]) -> Words:
    start, end = data["start"], data["end"]
    if start is None or end is None:
        raise Invalid("claim.bad_span", start=start, end=end)
    return Words(start, end)


def _reply(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    parent = _annotation_of(claim, data)
    target = parent.claim or claim.revision
    note_write(target=target, actor=actor, body=data["body"], parent=parent)
    return _("Reply added.")


def _resolve(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    annotation_resolve(annotation=_annotation_of(claim, data), actor=actor)
    return _("Note resolved.")


def _reopen_note(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    annotation_reopen(annotation=_annotation_of(claim, data), actor=actor)
    return _("Note reopened.")


def _ask(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    named = ("kind", "to_name", "to_email", "question", "due_at", "wait")
    query = query_ask(claim=claim, actor=actor, asking=Asking(**{name: data[name] for name in named}))
    return _("Asked %(to_name)s.") % {"to_name": query.to_name}


def _waive(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    reply_waive(claim=claim, actor=actor, reason=data["reason"])
    return _("Noted why nobody is asked.")


def _query_of(claim: Claim, data: dict[str, Any]) -> Query:
    query = claim.queries.filter(pk=data["query"]).first()
    if query is None:
        raise NotFound("not_found", what=_("question about this claim"))
    return query


def _answer_query(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    query_answer(
        query=_query_of(claim, data), actor=actor, answer=data["answer"], way=data["way"],
        seen_version=data["version"],
    )  # fmt: skip
    return _("Answer written down.")


def _withdraw_query(actor: User, claim: Claim, data: dict[str, Any]) -> str:
    query_withdraw(query=_query_of(claim, data), actor=actor, note=data["note"], seen_version=data["version"])
    return _("Question taken back.")


_A = ReviewAction
# In the order of the work; the page shows those that fit the state.
ACTS: Final[dict[str, Act]] = {
    "take": Act(gettext_lazy("Take"), _take, review=_A.TAKE),
    "confirm": Act(gettext_lazy("Confirm"), _confirm, claim=ClaimAction.CONFIRM),
    "restore": Act(gettext_lazy("Restore"), _restore, claim=ClaimAction.RESTORE),
    "start": Act(gettext_lazy("Begin"), _moved(_A.START, gettext_lazy("begun")), review=_A.START),
    "unblock": Act(
        gettext_lazy("End the wait"), _moved(_A.UNBLOCK, gettext_lazy("the wait has ended")), review=_A.UNBLOCK
    ),
    "resume": Act(gettext_lazy("Go on"), _moved(_A.RESUME, gettext_lazy("in progress again")), review=_A.RESUME),
    "opinion": Act(gettext_lazy("Give the second verdict"), _opinion, forms.OpinionForm, review=_A.APPROVE),
    "decide_between": Act(
        gettext_lazy("Decide between the two"), _decide_between, forms.OpinionForm, review=_A.APPROVE
    ),
    "approve": Act(gettext_lazy("Approve"), _approve, forms.ApproveForm, review=_A.APPROVE),
    "request_changes": Act(
        gettext_lazy("Ask for changes"),
        _moved(_A.REQUEST_CHANGES, gettext_lazy("changes asked for")),
        forms.NoteForm,
        review=_A.REQUEST_CHANGES,
    ),
    "withdraw": Act(
        gettext_lazy("Withdraw the proposal"),
        _moved(_A.WITHDRAW, gettext_lazy("proposal withdrawn")),
        review=_A.WITHDRAW,
    ),
    "propose": Act(gettext_lazy("Propose the verdict"), _propose, forms.ProposeForm, review=_A.PROPOSE),
    "block": Act(
        gettext_lazy("Set to waiting"), _moved(_A.BLOCK, gettext_lazy("waiting")), forms.BlockForm, review=_A.BLOCK
    ),
    "give_back": Act(
        gettext_lazy("Give back"),
        _moved(_A.GIVE_BACK, gettext_lazy("given back")),
        forms.NoteForm,
        review=_A.GIVE_BACK,
    ),
    "assign": Act(gettext_lazy("Assign"), _assign, forms.AssignForm, review=_A.ASSIGN),
    "reopen": Act(
        gettext_lazy("Reopen"), _moved(_A.REOPEN, gettext_lazy("reopened")), forms.NoteForm, review=_A.REOPEN
    ),
    "recuse": Act(gettext_lazy("Keep out of this"), _recuse, forms.RecuseForm),
    "reword": Act(gettext_lazy("Reword"), _reword, forms.RewordForm),
    "merge": Act(gettext_lazy("Merge into another claim"), _merge, forms.MergeForm, claim=ClaimAction.MERGE),
    "unmerge": Act(gettext_lazy("Take it out again"), _unmerge, claim=ClaimAction.UNMERGE),
    "split": Act(gettext_lazy("Split into several claims"), _split, forms.SplitForm, claim=ClaimAction.SPLIT),
    "unsplit": Act(gettext_lazy("Put it together again"), _unsplit, claim=ClaimAction.UNSPLIT),
    "dismiss": Act(gettext_lazy("Dismiss"), _dismiss, forms.DismissForm, claim=ClaimAction.DISMISS),
    "ask": Act(gettext_lazy("Ask somebody"), _ask, forms.AskForm),
    "waive": Act(gettext_lazy("Do without a reply"), _waive, forms.WaiveForm),
    "answer_query": Act(gettext_lazy("Save the answer"), _answer_query, forms.QueryForm),
    "withdraw_query": Act(gettext_lazy("Take the question back"), _withdraw_query, forms.QueryForm),
    "keep": Act(gettext_lazy("Keep"), _keep, forms.EvidenceForm),
    "drop": Act(gettext_lazy("Drop"), _drop, forms.EvidenceForm),
    "stance": Act(gettext_lazy("Set stance"), _stance, forms.EvidenceForm),
    "find": Act(gettext_lazy("Add evidence"), _find, forms.FindingForm),
    "annotate": Act(gettext_lazy("Add note"), _annotate, forms.AnnotateForm),
    "reply": Act(gettext_lazy("Reply"), _reply, forms.ThreadForm),
    "resolve": Act(gettext_lazy("Resolve"), _resolve, forms.ThreadForm),
    "reopen_note": Act(gettext_lazy("Reopen note"), _reopen_note, forms.ThreadForm),
}
# Acts on one row of a list, each with a form of its own there.
_OF_ROWS: Final = {"keep", "drop", "stance", "reply", "resolve", "reopen_note", "answer_query", "withdraw_query"}


def offers(actor: User, claim: Claim, review: Review | None) -> list[Offer]:
    """The acts that fit the state now, each with the word of the policy on whether this person may."""
    possible = [name for name in ACTS if name not in _OF_ROWS and _fits(name, claim, review)]
    return [Offer(name, ACTS[name], _decision(actor, name, claim, review)) for name in possible]


def _fits(name: str, claim: Claim, review: Review | None) -> bool:
    act = ACTS[name]
    if act.claim is not None:
        return act.claim in CLAIM.allowed(ClaimState(claim.state))
    if act.review is None:
        return True
    if review is not None:
        return act.review in REVIEW.allowed(ReviewState(review.state)) and _at_its_turn(name, review)
    # A draft is confirmed on the way when it is taken or given to somebody.
    return name in ("take", "assign") and claim.state in CLAIM_OPEN


def _at_its_turn(name: str, review: Review) -> bool:
    """A second verdict only while the first is sealed, a third only where two are far apart, approval after both."""
    if name not in ("opinion", "decide_between", "approve"):
        return True
    if name == "opinion" or review.sealed:
        return name == "opinion" and review.sealed
    opinions = list(review.verdict.opinions.all()) if review.verdict else []
    far = any(one.kind == OpinionKind.SECOND and one.steps >= FAR for one in opinions) and len(opinions) == 1
    return far == (name == "decide_between")


def _decision(actor: User, name: str, claim: Claim, review: Review | None) -> Decision:
    act = ACTS[name]
    if name == "recuse":
        return may(actor, "read_desk", desk_of(claim))
    if act.review is not None and review is not None:
        decision = may_review(actor, act.review, review)
        return _own_proposal(actor, act.review, review) if decision.allowed else decision
    return may(actor, _NEEDS[name], desk_of(claim))


_NEEDS: Final = {
    "take": "propose_verdict",
    "assign": "assign_reviews",
    "confirm": "edit_claims",
    "restore": "edit_claims",
    "reword": "edit_claims",
    "dismiss": "edit_claims",
    "merge": "edit_claims",
    "unmerge": "edit_claims",
    "split": "edit_claims",
    "unsplit": "edit_claims",
    "find": "add_evidence",
    "annotate": "write_notes",
    "ask": "add_evidence",
    "waive": "propose_verdict",
}


def _own_proposal(actor: User, action: ReviewAction, review: Review) -> Decision:
    """What the services will say about one's own proposal, said before the button is pressed."""
    own = review.verdict is not None and review.verdict.proposed_by_id == actor.pk
    override = action is ReviewAction.APPROVE and "override_two_person" in granted(actor, desk_of(review))
    if own and not override and action in (ReviewAction.APPROVE, ReviewAction.REQUEST_CHANGES):
        return Decision(allowed=False, code="review.own_proposal")
    return Decision(allowed=True)
