"""What somebody sent about a version that is no more: 409, with both sides of every field and nothing lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from factcheck.core.errors import Invalid
from reviews import access
from reviews.choices import MediaCheck, QuoteCheck
from reviews.conflicts import TITLES, Moved, chosen, side_by_side
from reviews.models import Verdict
from reviews.selectors.sealed import sealed_from
from reviews.services.claim import claim_put_right
from reviews.services.draft import drafts_discard, drafts_keep
from reviews.views.base import DeskRequest, desk_page, page
from reviews.views.card import answer, card_context, verdict_initial

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from articles.models import Claim
    from reviews.models import Review
    from reviews.selectors.claim_card import Card

CONFLICT = 409


def is_behind(held: int, seen: object) -> bool:
    """Whether the page was drawn from another version than the one that is held."""
    return isinstance(seen, int) and seen != held


def proposal_moved(request: DeskRequest, review: Review, sent: Mapping[str, Any]) -> HttpResponse:
    """A verdict was proposed on a version that moved: what was written beside the verdict that stands now."""
    mine = {name: str(sent.get(name) or "") for name in TITLES["verdict"]}
    drafts_keep(claim=review.claim, person=request.user, form="verdict", values=mine)
    context = card_context(request, review.claim_id)
    card: Card = context["card"]
    stands = card.review is not None and card.review.verdict is not None and not context["sealed"]
    theirs = {name: str(value or "") for name, value in verdict_initial(card).items()} if stands else {}
    fields = side_by_side("verdict", mine, theirs, _words(card)) if stands else []
    held = card.review is not None and card.review.assignee_id == request.user.pk
    written = "" if stands or held else mine["rationale"]
    moved = Moved("verdict" if _differ(fields) else "", fields, _title(card), written=written)
    return _answer(request, context, moved)


def act_moved(
    request: DeskRequest, review: Review, form: str, sent: Mapping[str, Any], *, seen_verdict: int | None = None
) -> HttpResponse:
    """An approval, a request for changes or another act on a version that moved.

    Beside what the person saw stands what it says now; their note is kept as a draft.
    """
    mine = {name: str(sent.get(name) or "") for name in ("note", "override_reason", "wait_kind")}
    drafts_keep(claim=review.claim, person=request.user, form=form, values=mine)
    context = card_context(request, review.claim_id)
    card: Card = context["card"]
    seen = Verdict.objects.filter(pk=seen_verdict or 0, review__claim=review.claim_id).select_related("label").first()
    now = card.review.verdict if card.review else None
    shown = seen and now and seen.pk != now.pk and not sealed_from(request.user, card.review)
    fields = side_by_side("verdict", _values(seen), _values(now), _words(card)) if shown else []
    moved = Moved("", fields, _title(card), mine=_("What you saw"), theirs=_("What it says now"))
    return _answer(request, context, moved)


def wording_moved(request: DeskRequest, claim: Claim, sent: Mapping[str, Any]) -> HttpResponse:
    """A claim was worded anew by somebody else meanwhile: both wordings."""
    mine = {name: str(sent.get(name) or "") for name in TITLES["reword"]}
    drafts_keep(claim=claim, person=request.user, form="reword", values=mine)
    fields = side_by_side("reword", mine, {"statement": claim.statement, "speaker": claim.speaker})
    context = card_context(request, claim.pk)
    title = _("Somebody changed this claim while you wrote.")
    return _answer(request, context, Moved("reword" if _differ(fields) else "", fields, title))


@require_POST
@desk_page
def choose(request: DeskRequest, pk: int) -> HttpResponse:
    """Go on with what was chosen: a verdict as a draft in its form, a wording as the claim's own."""
    claim, form = access.claim(request.user, pk), request.POST.get("form", "")
    if form not in TITLES:
        raise Invalid("draft.bad_name", name=form[:80])
    values = chosen(form, request.POST.dict())
    if form == "verdict":
        drafts_keep(claim=claim, person=request.user, form=form, values=values)
        return answer(request, pk, said=_("Your choice is your draft now."), text_too=False)
    seen = request.POST.get("seen_version", "")
    if seen.isdecimal() and len(seen) < 10 and int(seen) != claim.version:
        return wording_moved(request, claim, values)
    claim_put_right(claim=claim, actor=request.user, **values)
    drafts_discard(claim=claim, person=request.user, form=form)
    return answer(request, pk, said=_("Wording saved."))


def _differ(fields: list[Any]) -> bool:
    return any(not one.same for one in fields)


def _values(verdict: Verdict | None) -> dict[str, str]:
    if verdict is None:
        return {}
    of_form = {name: str(getattr(verdict, name)) for name in TITLES["verdict"] if name != "label"}
    return of_form | {"label": verdict.label.key}


def _words(card: Card) -> dict[tuple[str, str], str]:
    """The words of the page for keys: labels, quote checks, picture checks."""
    words = {("label", one.label.key): one.label.name for one in card.choices}
    words |= {("quote_check", key): str(word) for key, word in QuoteCheck.choices}
    return words | {("media_check", key): str(word) for key, word in MediaCheck.choices}


def _title(card: Card) -> str:
    said = {"state": str(card.state.word), "who": card.holder.name if card.holder else ""}
    if card.holder:
        return _("The claim went on while you wrote: it is now “%(state)s”, with %(who)s.") % said
    return _("The claim went on while you wrote: it is now “%(state)s”.") % said


def _answer(request: DeskRequest, context: dict[str, Any], moved: Moved) -> HttpResponse:
    context = context | {"moved": moved}
    if not request.htmx:
        return page(request, "reviews/claim.html", context, status=CONFLICT)
    response = render(request, "reviews/_answer.html", context, status=CONFLICT)
    # A refusal goes to the place for errors; this one is the card.
    response["HX-Retarget"], response["HX-Reswap"] = "#claim", "outerHTML"
    return response
