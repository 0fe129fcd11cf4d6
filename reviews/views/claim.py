"""What people do to a claim, its evidence and its verdict. Each view: read the form, call the service, answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from articles.services.prefill import prefill_hurry
from factcheck.core.errors import Invalid, NotFound, WrongState
from reviews import access, publishing
from reviews.choices import Motivation
from reviews.forms import (
    ActForm,
    ApproveForm,
    AssignForm,
    DecideForm,
    DismissForm,
    FindingForm,
    FollowForm,
    NoteForm,
    RewordForm,
    SearchForm,
    Seen,
    VerdictForm,
    VisibilityForm,
)
from reviews.origin_forms import OriginForms
from reviews.selectors import claim_card
from reviews.services import steps
from reviews.services.annotation import words_find
from reviews.services.claim import (
    claim_bring_back,
    claim_origins,
    claim_put_right,
    sources_ask_again,
    sources_ask_for,
)
from reviews.services.draft import drafts_discard
from reviews.services.evidence import finding_add, finding_show
from reviews.services.noting import edit_accept, note_write
from reviews.services.publication import publication_publish
from reviews.services.review import (
    Proposal,
    claim_accept,
    review_perform,
    verdict_approve,
    verdict_propose,
)
from reviews.views.base import DeskRequest, desk_page, page
from reviews.views.card import answer, card_context, gates_of, piece_answer
from reviews.views.moved import act_moved, is_behind, proposal_moved, wording_moved
from reviews.views.pieces import fresh_rows
from reviews.workflow import ReviewAction

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpResponse

_SAID = {
    ReviewAction.BLOCK: gettext_lazy("Waiting for reply."),
    ReviewAction.UNBLOCK: gettext_lazy("You go on with this claim."),
    ReviewAction.RESUME: gettext_lazy("You go on with this claim."),
    ReviewAction.WITHDRAW: gettext_lazy("Proposal withdrawn."),
    ReviewAction.GIVE_BACK: gettext_lazy("Given back to the queue."),
    ReviewAction.REQUEST_CHANGES: gettext_lazy("Changes asked."),
    ReviewAction.REOPEN: gettext_lazy("Review reopened."),
}
# The forms that these acts are sent from.
_FORM_OF = {ReviewAction.BLOCK: "block", ReviewAction.REQUEST_CHANGES: "changes", ReviewAction.REOPEN: "reopen"}
# What is drawn for the place on the page that an htmx request fills.
_PARTS = {"evidence-list": "reviews/_evidence_list.html", "dropped": "reviews/_dropped.html"}
_FOLLOWED = {
    "same": gettext_lazy("The claim follows its new words."),
    "edited": gettext_lazy("The claim has its new words, and is to be judged anew."),
    "gone": gettext_lazy("The words are gone. The claim stays with its old context."),
}


@require_GET
@desk_page
def claim(request: DeskRequest, pk: int) -> HttpResponse:
    """One claim as a page; for htmx its card, or all pieces of its evidence (`?pieces=`)."""
    context = card_context(request, pk)
    if not request.htmx:
        return page(request, "reviews/claim.html", context)
    context["oob"] = request.htmx.target == "evidence-list"  # the offer of all pieces goes with it
    return render(request, _PARTS.get(request.htmx.target or "", "reviews/_card.html"), context)


def checked(form: forms.Form) -> dict[str, object]:
    """The values of a form; raises Invalid with the form's first sentence."""
    if form.is_valid():
        return form.cleaned_data
    field, errors = next(iter(form.errors.items()))
    raise Invalid(
        "review.gate", detail=f"{field.replace('_', ' ')}: {errors[0]}" if field != "__all__" else errors[0]
    )


def same_version(held: int, seen: object) -> None:
    """Raise WrongState if the page was drawn from an older version."""
    if isinstance(seen, int) and seen != held:
        raise WrongState("workflow.changed")


# --- the claim ------------------------------------------------------------------------------------------
@require_POST
@desk_page
def act(request: DeskRequest, pk: int) -> HttpResponse:
    """An act of the review that carries no verdict."""
    values = checked(ActForm(request.POST))
    action = ReviewAction(str(values["action"]))
    if action is ReviewAction.TAKE:
        steps.take(claim=access.claim(request.user, pk), actor=request.user)
        return answer(request, pk, said=_("You have this claim."), undo=True)
    review = access.review(request.user, pk)
    if action in _FORM_OF and is_behind(review.version, values["seen_version"]):
        seen_verdict: Any = values["seen_verdict"]
        return act_moved(request, review, _FORM_OF[action], values, seen_verdict=seen_verdict)
    review_perform(
        review=review, action=action, actor=request.user, note=str(values["note"]),
        seen_version=values["seen_version"], wait_kind=str(values["wait_kind"]),  # type: ignore[arg-type]
    )  # fmt: skip
    return answer(request, pk, said=str(_SAID[action]), used=_FORM_OF.get(action, ""))


@require_POST
@desk_page
def confirm(request: DeskRequest, pk: int) -> HttpResponse:
    claim_accept(claim=access.claim(request.user, pk), actor=request.user)
    return answer(request, pk, said=_("Claim confirmed."))


@require_POST
@desk_page
def dismiss(request: DeskRequest, pk: int) -> HttpResponse:
    found = access.claim(request.user, pk)
    values = checked(DismissForm(request.POST))
    same_version(found.version, values["seen_version"])
    steps.dismiss(claim=found, actor=request.user, reason=str(values["reason"]), note=str(values["note"]))
    said = _("Claim %(number)s dismissed: %(dismiss_reason)s.") % {
        "number": found.number,
        "dismiss_reason": found.get_dismiss_reason_display().lower(),
    }
    return answer(request, pk, said=said, undo=True, used="dismiss")


@require_POST
@desk_page
def restore(request: DeskRequest, pk: int) -> HttpResponse:
    claim_bring_back(claim=access.claim(request.user, pk), actor=request.user)
    return answer(request, pk, said=_("Claim restored."))


@require_POST
@desk_page
def follow(request: DeskRequest, pk: int) -> HttpResponse:
    """Say what became of a claim whose words changed."""
    found = access.claim(request.user, pk)
    values = checked(FollowForm(request.POST))
    same_version(found.version, values["seen_version"])
    decision = str(values["decision"])
    steps.follow(claim=found, actor=request.user, decision=decision)
    return answer(request, pk, said=str(_FOLLOWED[decision]))


@require_POST
@desk_page
def reword(request: DeskRequest, pk: int) -> HttpResponse:
    found = access.claim(request.user, pk)
    values = checked(RewordForm(request.POST))
    if is_behind(found.version, values["seen_version"]):
        return wording_moved(request, found, values)
    claim_put_right(
        claim=found, actor=request.user, statement=str(values["statement"]), speaker=str(values["speaker"])
    )
    drafts_discard(claim=found, person=request.user, form="reword")
    return answer(request, pk, said=_("Wording changed. The sources are asked again."))


@require_POST
@desk_page
def origins(request: DeskRequest, pk: int) -> HttpResponse:
    """Say who else made the claim and where it stood."""
    found = access.claim(request.user, pk)
    seen = checked(Seen(request.POST))
    same_version(found.version, seen["seen_version"])
    sent = OriginForms(found, request.POST)
    if sent.error():
        raise Invalid("review.gate", detail=sent.error())
    claimants, appearances = sent.values()
    used = f"origins-{len(found.claimants)}0{len(found.appearances)}"
    claim_origins(claim=found, actor=request.user, claimants=claimants, appearances=appearances)
    return answer(request, pk, said=_("Saved where it appeared."), used=used)


@require_POST
@desk_page
def search(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask the sources for other words."""
    found = access.claim(request.user, pk)
    values = checked(SearchForm(request.POST))
    same_version(found.version, values["seen_version"])
    planned = sources_ask_for(claim=found, actor=request.user, words=str(values["words"]), loose=str(values["loose"]))
    drafts_discard(claim=found, person=request.user, form="search")
    said = (
        (ngettext("%(many)s source is asked.", "%(many)s sources are asked.", planned) % {"many": planned})
        if planned
        else _("Every source was asked for these words before.")
    )
    return answer(request, pk, said=said, text_too=False)


@require_POST
@desk_page
def assign(request: DeskRequest, pk: int) -> HttpResponse:
    values = checked(AssignForm(request.POST))
    person = User.objects.filter(pk=int(str(values["assignee"]))).first()
    steps.assign(claim=access.claim(request.user, pk), actor=request.user, assignee=person, note=str(values["note"]))
    return answer(request, pk, said=_("Assigned."), undo=True)


# --- evidence -------------------------------------------------------------------------------------------
@require_POST
@desk_page
def decide(request: DeskRequest, pk: int) -> HttpResponse:
    """Keep, drop or re-weigh a piece of evidence."""
    found = access.evidence(request.user, pk)
    values = checked(DecideForm(request.POST))
    same_version(found.version, values["seen_version"])
    stance = str(values["stance"])
    if values["decision"] == "drop":
        steps.drop(evidence=found, actor=request.user)
        said = _("Evidence dropped.")
    elif values["decision"] == "stance":
        steps.weigh(evidence=found, actor=request.user, stance=stance)
        said = _("Stance changed.")
    else:
        steps.keep(evidence=found, actor=request.user, stance=stance, locator=str(values["locator"]))
        said = _("Evidence kept.")
    return piece_answer(request, found, said=said, undo=True)


@require_POST
@desk_page
def visibility(request: DeskRequest, pk: int) -> HttpResponse:
    """Say who may see a piece of evidence."""
    found = access.evidence(request.user, pk)
    values = checked(VisibilityForm(request.POST))
    same_version(found.version, values["seen_version"])
    finding_show(evidence=found, actor=request.user, visibility=str(values["visibility"]))
    return piece_answer(
        request,
        found,
        said=_("Evidence is now: %(visibility)s.") % {"visibility": found.get_visibility_display().lower()},
    )


@require_POST
@desk_page
def add_evidence(request: DeskRequest, pk: int) -> HttpResponse:
    values = {name: str(value) for name, value in checked(FindingForm(request.POST)).items()}
    finding_add(claim=access.claim(request.user, pk), actor=request.user, **values)
    drafts_discard(claim=access.claim(request.user, pk), person=request.user, form="evidence")
    return answer(request, pk, said=_("Evidence added."), text_too=False)


@require_POST
@desk_page
def ask_again(request: DeskRequest, pk: int) -> HttpResponse:
    run = access.run(request.user, pk)
    sources_ask_again(run=run, actor=request.user)
    return answer(
        request, run.claim_id, said=_("%(name)s is asked again.") % {"name": run.source.name}, text_too=False
    )


@require_GET
@desk_page
def prefill(request: DeskRequest, pk: int) -> HttpResponse:
    """How far the sources are, and what came in behind `?after=`; asked every two seconds while they are asked.

    A claim somebody has on the screen is asked about before all others.
    """
    found = access.claim(request.user, pk)
    after = request.GET.get("after", "")
    newest = int(after) if after.isdecimal() and len(after) < 19 else 0
    prefill_hurry(claim_id=found.pk)
    context = card_context(request, pk)
    context["fresh"] = fresh_rows(context["card"], newest, sealed=context["sealed"])
    return render(request, "reviews/_prefill_answer.html", context)


# --- verdict --------------------------------------------------------------------------------------------
@require_POST
@desk_page
def gates(request: DeskRequest, pk: int) -> HttpResponse:
    """The checklist for what is written so far."""
    form = VerdictForm(request.POST)
    context = card_context(request, pk, form=form)
    return render(request, "reviews/_gates_answer.html", context)


@require_POST
@desk_page
def propose(request: DeskRequest, pk: int) -> HttpResponse:
    """Propose the verdict; an open gate gives the form back with what was written, and says which."""
    review = access.review(request.user, pk)
    form = VerdictForm(request.POST)
    if form.is_valid() and is_behind(review.version, form.cleaned_data["seen_version"]):
        return proposal_moved(request, review, form.cleaned_data)
    card = claim_card.card(request.user, pk)
    if not form.is_valid() or any(gate.blocking and not gate.ok for gate in gates_of(card, form.cleaned_data)):
        return answer(request, pk, form=form, status=422)
    values = form.cleaned_data
    proposal = Proposal(
        label=values["label"], rationale=values["rationale"], quote_check=values["quote_check"],
        summary=values["summary"], gaps=values["gaps"], media_check=values["media_check"],
        media_context=values["media_context"], media_original=values["media_original"],
    )  # fmt: skip
    verdict_propose(review=review, actor=request.user, proposal=proposal, seen_version=values["seen_version"])
    return answer(request, pk, said=_("Verdict proposed. Someone else looks at it now."))


@require_POST
@desk_page
def approve(request: DeskRequest, pk: int) -> HttpResponse:
    values, review = checked(ApproveForm(request.POST)), access.review(request.user, pk)
    if is_behind(review.version, values["seen_version"]):
        seen_verdict: Any = values["seen_verdict"]
        return act_moved(request, review, "approve", values, seen_verdict=seen_verdict)
    verdict_approve(
        review=review, actor=request.user, note=str(values["note"]),
        override_reason=str(values["override_reason"]), seen_version=values["seen_version"],  # type: ignore[arg-type]
    )  # fmt: skip
    return answer(request, pk, said=_("Verdict approved."), used="approve")


@require_POST
@desk_page
def publish(request: DeskRequest, pk: int) -> HttpResponse:
    publication = claim_card.card(request.user, pk).publication
    if publication is None:
        raise NotFound("not_found", what=_("draft to publish"))
    publication_publish(publication=publication, actor=request.user)
    return answer(request, pk, said=_("Verdict published."))


@require_POST
@desk_page
def publication(request: DeskRequest, pk: int) -> HttpResponse:
    """Schedule, correct, retract and the other acts on the page; `act` names one."""
    found = claim_card.card(request.user, pk).publication
    if found is None:
        raise NotFound("not_found", what="publication")
    name = request.POST.get("act", "")
    said = publishing.perform(found, request.user, name, request.POST)
    return answer(request, pk, said=said, used=f"publication-{name}")


# --- notes ----------------------------------------------------------------------------------------------
@require_POST
@desk_page
def add_note(request: DeskRequest, pk: int) -> HttpResponse:
    """A note on the claim as a whole."""
    values = checked(NoteForm(request.POST))
    found = access.claim(request.user, pk)
    exact = str(values["words"])
    note_write(
        target=found, actor=request.user, body=str(values["body"]), blocking=bool(values["blocking"]),
        motivation=str(values["motivation"] or Motivation.COMMENTING),
        words=words_find(target=found, exact=exact) if exact else None,
    )  # fmt: skip
    drafts_discard(claim=found, person=request.user, form="note")
    return answer(request, pk, said=_("Note added."), text_too=False)


@require_POST
@desk_page
def reply(request: DeskRequest, pk: int) -> HttpResponse:
    thread = access.note(request.user, pk)
    values = checked(NoteForm(request.POST))
    target = thread.revision or thread.claim or thread.evidence
    assert target is not None  # the database wants one of the three
    note_write(target=target, actor=request.user, body=str(values["body"]), parent=thread)
    return answer(request, _beside(request), said=_("Reply added."), used=f"reply-{pk}")


@require_POST
@desk_page
def resolve(request: DeskRequest, pk: int) -> HttpResponse:
    thread = access.note(request.user, pk)
    done = steps.resolve(note=thread, claim=_beside(request), actor=request.user)
    return answer(request, _beside(request), said=_("Note resolved.") if done else _("Note reopened."), undo=True)


@require_POST
@desk_page
def accept_edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Take over the words that a note suggests."""
    found = access.note(request.user, pk)
    edit_accept(note=found, actor=request.user)
    of_text = _("The author is asked for it. The list is in the backup file.")
    said = of_text if found.revision_id else _("The wording has the suggested words. Sources are asked again.")
    return answer(request, _beside(request), said=said)


def _beside(request: DeskRequest) -> int:
    """The claim the form stood beside."""
    claim = request.POST.get("claim", "")
    if not claim.isdecimal() or len(claim) > 18:
        raise NotFound("not_found", what="claim")
    return int(claim)
