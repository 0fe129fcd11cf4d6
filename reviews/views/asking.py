"""Questions to people outside the desk: asked, answered and taken back on the claim card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from factcheck.core.errors import Invalid
from reviews import access
from reviews.forms import AnswerForm, AskForm, ContactForm, QueryActForm, WaiveForm
from reviews.services.asking import (
    Asking,
    contact_add,
    query_answer,
    query_ask,
    query_extend,
    query_link_new,
    query_withdraw,
    reply_waive,
)
from reviews.services.draft import drafts_discard
from reviews.views.base import DeskRequest, desk_page
from reviews.views.card import answer
from reviews.views.claim import checked

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_POST
@desk_page
def ask(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask somebody; the card then has the link for them."""
    claim = access.claim(request.user, pk)
    values = checked(AskForm(request.POST))
    wanted = values["to_person"]
    person = User.objects.filter(pk=wanted, is_active=True).first() if isinstance(wanted, int) else None
    query = query_ask(
        claim=claim, actor=request.user,
        asking=Asking(
            kind=str(values["kind"]), to_name=str(values["to_name"]), question=str(values["question"]),
            due_at=values["due_at"],  # type: ignore[arg-type]
            to_email=str(values["to_email"]), to_person=person, wait=bool(values["wait"]),
        ),
    )  # fmt: skip
    drafts_discard(claim=claim, person=request.user, form="ask")
    return answer(
        request,
        pk,
        said=_("Asked %(to_name)s. The link to answer is below the question.") % {"to_name": query.to_name},
    )


@require_POST
@desk_page
def waive(request: DeskRequest, pk: int) -> HttpResponse:
    """Say why nobody is asked for a reply."""
    claim = access.claim(request.user, pk)
    reply_waive(claim=claim, actor=request.user, reason=str(checked(WaiveForm(request.POST))["reason"]))
    drafts_discard(claim=claim, person=request.user, form="waive")
    return answer(request, pk, said=_("Noted why nobody is asked."), text_too=False)


@require_POST
@desk_page
def take_answer(request: DeskRequest, pk: int) -> HttpResponse:
    """Write down an answer that came by telephone, e-mail, letter or in person, or one's own."""
    query = access.query(request.user, pk)
    values = checked(AnswerForm(request.POST))
    query_answer(
        query=query, actor=request.user, answer=str(values["answer"]), way=str(values["way"]),
        by_name=str(values["by_name"]), quote=str(values["quote"]),
        seen_version=values["seen_version"],  # type: ignore[arg-type]
    )  # fmt: skip
    drafts_discard(claim=query.claim, person=request.user, form=f"answer-{pk}")
    return answer(request, query.claim_id, said=_("Answer written down."))


@require_POST
@desk_page
def contact(request: DeskRequest, pk: int) -> HttpResponse:
    """One line for the contact log."""
    query = access.query(request.user, pk)
    values = checked(ContactForm(request.POST))
    contact_add(query=query, actor=request.user, kind=str(values["kind"]), words=str(values["words"]))
    drafts_discard(claim=query.claim, person=request.user, form=f"contact-{pk}")
    return answer(request, query.claim_id, said=_("Noted in the contact log."), text_too=False)


@require_POST
@desk_page
def act(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a question back, give more time, or make a new link."""
    query = access.query(request.user, pk)
    values = checked(QueryActForm(request.POST))
    if values["act"] == "link":
        query_link_new(query=query, actor=request.user)
        return answer(
            request, query.claim_id, said=_("A new link. The old one is dead."), text_too=False, used=f"query-{pk}"
        )
    seen = {"seen_version": values["seen_version"]}
    if values["act"] == "withdraw":
        query_withdraw(query=query, actor=request.user, note=str(values["note"]), **seen)  # type: ignore[arg-type]
        return answer(request, query.claim_id, said=_("Question taken back."), used=f"query-{pk}")
    if values["due_at"] is None:
        raise Invalid("query.bad_time")
    query_extend(query=query, actor=request.user, due_at=values["due_at"], **seen)  # type: ignore[arg-type]
    return answer(request, query.claim_id, said=_("More time given."), used=f"query-{pk}")
