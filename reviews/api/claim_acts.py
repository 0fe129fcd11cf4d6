"""What people do to claims, their evidence and the notes on them. Every act is one service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import User
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from articles.api import serializers as a
from articles.choices import Visibility
from articles.models import Evidence, Revision
from articles.origins import Appearance, Claimant
from articles.selectors.cited import with_numbers
from articles.services.prefill import claim_query
from factcheck.core.errors import NotFound, WrongState
from reviews import access
from reviews.api import claim_serializers as s
from reviews.api.base import ApiView, actor, body, detail, query, seen_version
from reviews.api.paging import refuse_unknown
from reviews.api.serializers import ReviewOut
from reviews.api.weighing import BlindEvidence
from reviews.models import Annotation, Review
from reviews.selectors.sealed import is_sealed, notes_open_to
from reviews.services.annotation import Words, annotation_reopen, annotation_resolve, words_find
from reviews.services.claim import (
    claim_assign,
    claim_bring_back,
    claim_origins,
    claim_put_right,
    claim_set_aside,
    sources_ask_for,
)
from reviews.services.evidence import finding_add
from reviews.services.joining import claim_divide, claim_join, claim_part, claim_undivide
from reviews.services.marking import claim_mark
from reviews.services.noting import note_write
from reviews.services.review import claim_accept
from reviews.services.stale import claim_follow

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from articles.models import Claim


# --- texts ---------------------------------------------------------------------------------------------
class RevisionList(ApiView):
    @extend_schema(operation_id="revisions_list", responses=s.RevisionBrief(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The texts of one article, newest first, without their words."""
        found = access.article(actor(request), pk)
        rows = found.revisions.defer("raw", "text", "blocks", "dropped", "sentences", "attributions")
        return self.page(rows, s.RevisionBrief)


class RevisionOne(ApiView):
    @extend_schema(operation_id="revisions_read", responses=a.RevisionOut)
    def get(self, request: Request, pk: int, number: int) -> Response:
        """One text of an article; it never changes."""
        return detail(_revision(request, pk, number), a.RevisionOut)


def _revision(request: Request, pk: int, number: int) -> Revision:
    held = access.article(actor(request), pk).revisions.defer("raw", "sentences", "attributions")
    found = held.filter(number=number).first() if number < a.LARGEST_ID else None
    if found is None:
        raise NotFound("not_found", what="text")
    return found


# --- claims --------------------------------------------------------------------------------------------
class ClaimAct(ApiView):
    """One act on one claim; answers with the claim as it is then."""

    scopes: ClassVar = {"POST": "verdict:write"}

    def given(
        self, request: Request, pk: int, serializer: Any, *, needed: bool = False
    ) -> tuple[Claim, dict[str, Any]]:
        claim, values = access.claim(actor(request), pk), body(serializer, request)
        seen_version(request, claim.version, values.pop("version", None), needed=needed)
        return claim, values

    def now(self, request: Request, claim: Claim) -> Response:
        return detail(access.claim(actor(request), claim.pk), a.ClaimOut)


class ClaimMark(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="claims_mark", request=s.MarkIn, responses={201: a.ClaimOut})
    def post(self, request: Request, pk: int, number: int) -> Response:
        """Make a claim of words of this text; `start` and `end` count code points."""
        claim = claim_mark(revision=_revision(request, pk, number), actor=actor(request), **body(s.MarkIn, request))
        answer = detail(claim, a.ClaimOut, status=201)
        answer["Location"] = reverse("api-claim", args=[claim.pk])
        return answer


class ClaimConfirm(ClaimAct):
    @extend_schema(operation_id="claims_confirm", request=a.VersionIn, responses={200: a.ClaimOut})
    def post(self, request: Request, pk: int) -> Response:
        """Confirm a claim that was found and queue it for review."""
        claim, _values = self.given(request, pk, a.VersionIn)
        claim_accept(claim=claim, actor=actor(request))
        return self.now(request, claim)


class ClaimDismiss(ClaimAct):
    @extend_schema(operation_id="claims_dismiss", request=s.DismissIn, responses={200: a.ClaimOut})
    def post(self, request: Request, pk: int) -> Response:
        """Set a claim aside, with the reason."""
        claim, values = self.given(request, pk, s.DismissIn)
        claim_set_aside(claim=claim, actor=actor(request), **values)
        return self.now(request, claim)


class ClaimRestore(ClaimAct):
    @extend_schema(operation_id="claims_restore", request=a.VersionIn, responses={200: a.ClaimOut})
    def post(self, request: Request, pk: int) -> Response:
        """Bring a dismissed claim back."""
        claim, _values = self.given(request, pk, a.VersionIn)
        claim_bring_back(claim=claim, actor=actor(request))
        return self.now(request, claim)


class ClaimMerge(ClaimAct):
    @extend_schema(operation_id="claims_merge", request=s.MergeIn, responses={200: a.ClaimOut})
    def post(self, request: Request, pk: int) -> Response:
        """Merge into another claim of the same desk that is true or false with it. Wants the version."""
        claim, values = self.given(request, pk, s.MergeIn, needed=True)
        into = access.claim(actor(request), values["into"])
        claim_join(claim=claim, into=into, actor=actor(request), note=values["note"])
        return self.now(request, claim)


class ClaimUnmerge(ClaimAct):
    @extend_schema(operation_id="claims_unmerge", request=a.VersionIn, responses={200: a.ClaimOut})
    def post(self, request: Request, pk: int) -> Response:
        """Take a merged claim out again."""
        claim, _values = self.given(request, pk, a.VersionIn)
        claim_part(claim=claim, actor=actor(request))
        return self.now(request, claim)


class ClaimSplit(ClaimAct):
    @extend_schema(operation_id="claims_split", request=s.SplitIn, responses={200: a.ClaimOut(many=True)})
    def post(self, request: Request, pk: int) -> Response:
        """Make several claims of one; answers with them. Wants the version."""
        claim, values = self.given(request, pk, s.SplitIn, needed=True)
        made = claim_divide(claim=claim, statements=values["statements"], actor=actor(request))
        found = access.claims(actor(request)).filter(pk__in=[one.pk for one in made]).order_by("pk")
        return Response(a.ClaimOut(found, many=True).data)


class ClaimUnsplit(ClaimAct):
    @extend_schema(operation_id="claims_unsplit", request=a.VersionIn, responses={200: a.ClaimOut})
    def post(self, request: Request, pk: int) -> Response:
        """Put a split claim together again; its parts are merged into it."""
        claim, _values = self.given(request, pk, a.VersionIn)
        claim_undivide(claim=claim, actor=actor(request))
        return self.now(request, claim)


class ClaimReword(ClaimAct):
    @extend_schema(operation_id="claims_reword", request=s.RewordIn, responses={200: a.ClaimOut})
    def post(self, request: Request, pk: int) -> Response:
        """Word the claim anew; its quote never changes. Wants the version."""
        claim, values = self.given(request, pk, s.RewordIn, needed=True)
        claim_put_right(claim=claim, actor=actor(request), **values)
        return self.now(request, claim)


class ClaimSearch(ClaimAct):
    @extend_schema(operation_id="claims_search_words", responses=s.SearchOut)
    def get(self, request: Request, pk: int) -> Response:
        """What the sources are asked for about this claim."""
        refuse_unknown(request, ())
        claim = access.claim(actor(request), pk)
        asked = claim_query(claim)
        shown = {"words": asked.text, "loose": asked.loose, "chosen": bool(claim.search_words)}
        return Response(s.SearchOut(shown).data)

    @extend_schema(operation_id="claims_search_for", request=s.SearchIn, responses={200: a.ClaimOut})
    def post(self, request: Request, pk: int) -> Response:
        """Have the sources asked for other words; empty ones are made from the statement again. Wants the version."""
        claim, values = self.given(request, pk, s.SearchIn, needed=True)
        sources_ask_for(claim=claim, actor=actor(request), **values)
        return self.now(request, claim)


class ClaimFollow(ClaimAct):
    @extend_schema(operation_id="claims_follow", request=s.FollowIn, responses={200: a.ClaimOut})
    def post(self, request: Request, pk: int) -> Response:
        """Say what became of a claim whose words changed: same, edited or gone. Wants the version."""
        claim, values = self.given(request, pk, s.FollowIn, needed=True)
        claim_follow(claim=claim, actor=actor(request), **values)
        return self.now(request, claim)


class ClaimOrigins(ClaimAct):
    scopes: ClassVar = {"PUT": "verdict:write"}

    @extend_schema(operation_id="claims_origins", responses=s.OriginsOut)
    def get(self, request: Request, pk: int) -> Response:
        """Who made the claim besides its speaker, and where it stood besides its article."""
        refuse_unknown(request, ())
        return self.origins(access.claim(actor(request), pk))

    @extend_schema(operation_id="claims_set_origins", request=s.OriginsIn, responses={200: s.OriginsOut})
    def put(self, request: Request, pk: int) -> Response:
        """Replace both lists. Wants the version."""
        claim, values = self.given(request, pk, s.OriginsIn, needed=True)
        claim_origins(
            claim=claim, actor=actor(request), claimants=[Claimant(**one) for one in values["claimants"]],
            appearances=[Appearance(**one) for one in values["appearances"]],
        )  # fmt: skip
        return self.origins(claim)

    def origins(self, claim: Claim) -> Response:
        return detail(claim, s.OriginsOut)


class ClaimAssign(ClaimAct):
    @extend_schema(operation_id="claims_assign", request=s.AssignIn, responses={200: ReviewOut})
    def post(self, request: Request, pk: int) -> Response:
        """Give a claim to somebody who may check; answers with its review."""
        claim, values = self.given(request, pk, s.AssignIn)
        assignee = User.objects.filter(username=values["assignee"], is_active=True).first()
        review = claim_assign(claim=claim, actor=actor(request), assignee=assignee, note=values["note"])
        return detail(Review.objects.select_related("verdict__label").get(pk=review.pk), ReviewOut)


# --- evidence ------------------------------------------------------------------------------------------
class EvidenceList(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="evidence_list", parameters=[s.EvidenceQuery], responses=a.EvidenceOut(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The evidence of one claim, newest first; confidential evidence is read on the desk's pages only.

        While a verdict is sealed from you, every piece reads as if nobody had decided, and `state` answers 409.
        """
        wanted = query(s.EvidenceQuery, request)
        claim = access.claim(actor(request), pk)
        rows = with_numbers(claim.evidence.exclude(visibility=Visibility.CONFIDENTIAL)).select_related("snapshot")
        sealed = is_sealed(actor(request), claim)
        if sealed and wanted:
            raise WrongState("review.sealed")
        found = rows.defer("snapshot__content").filter(**wanted)
        return self.page(found, BlindEvidence if sealed else a.EvidenceOut, *s.EvidenceQuery().fields)

    @extend_schema(operation_id="evidence_add", request=s.EvidenceIn, responses={201: a.EvidenceOut})
    def post(self, request: Request, pk: int) -> Response:
        """Add evidence a person found; it counts as kept at once."""
        claim = access.claim(actor(request), pk)
        made = finding_add(claim=claim, actor=actor(request), **body(s.EvidenceIn, request))
        shape = BlindEvidence if is_sealed(actor(request), claim) else a.EvidenceOut
        added = with_numbers(Evidence.objects.select_related("snapshot")).get(pk=made.pk)
        return detail(added, shape, status=201)


# --- notes ---------------------------------------------------------------------------------------------
def _notes(request: Request) -> QuerySet[Annotation]:
    person = actor(request)
    articles, claims = access.articles(person), access.claims(person)
    held = Annotation.objects
    seen = (
        held.filter(revision__article__in=articles)
        | held.filter(claim__in=claims)
        | held.filter(evidence__claim__in=claims).exclude(evidence__visibility=Visibility.CONFIDENTIAL)
    )
    return notes_open_to(person, seen)


class NoteList(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="annotations_list", parameters=[s.NoteQuery], responses=s.NoteOut(many=True))
    def get(self, request: Request) -> Response:
        """Notes on texts, claims and evidence, newest first."""
        given = query(s.NoteQuery, request)
        fields = {
            "article": "revision__article", "claim": "claim", "evidence": "evidence",
            "open": "resolved_at__isnull",
        }  # fmt: skip
        wanted = {fields[name]: value for name, value in given.items()}
        return self.page(_notes(request).filter(**wanted), s.NoteOut, *s.NoteQuery().fields)

    @extend_schema(operation_id="annotations_add", request=s.AnnotationIn, responses={201: s.NoteOut})
    def post(self, request: Request) -> Response:
        """Write a note on a text, a claim or a piece of evidence; on words of it with `exact` or with places."""
        given = body(s.AnnotationIn, request)
        target = _target(request, given)
        words = None
        if "start" in given:
            words = Words(given["start"], given["end"])
        elif given["exact"]:
            words = words_find(target=target, exact=given["exact"])
        made = note_write(
            target=target, actor=actor(request), body=given["body"], words=words, motivation=given["motivation"],
            blocking=given["blocking"],
        )  # fmt: skip
        answer = detail(made, s.NoteOut, status=201)
        answer["Location"] = reverse("api-annotation", args=[made.pk])
        return answer


def _target(request: Request, given: dict[str, Any]) -> Any:
    person = actor(request)
    if "claim" in given:
        return access.claim(person, given["claim"])
    if "evidence" in given:
        found = access.evidence(person, given["evidence"])
        if found.visibility == Visibility.CONFIDENTIAL:
            raise NotFound("not_found", what="evidence")
        return found
    revision = Revision.objects.filter(pk=given["revision"], article__in=access.articles(person)).first()
    if revision is None:
        raise NotFound("not_found", what="text")
    return revision


class NoteOne(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="annotations_read", responses=s.NoteOut)
    def get(self, request: Request, pk: int) -> Response:
        """One note."""
        return detail(_note(request, pk), s.NoteOut)


def _note(request: Request, pk: int) -> Annotation:
    found = _notes(request).filter(pk=pk).first()
    if found is None:
        raise NotFound("not_found", what="note")
    return found


class NoteReply(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="annotations_reply", request=s.ReplyIn, responses={201: s.NoteOut})
    def post(self, request: Request, pk: int) -> Response:
        """Reply to a note."""
        parent = _note(request, pk)
        target = parent.revision or parent.claim or parent.evidence
        assert target is not None  # the database wants one of the three
        made = note_write(target=target, actor=actor(request), parent=parent, **body(s.ReplyIn, request))
        return detail(made, s.NoteOut, status=201)


class NoteResolve(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="annotations_resolve", request=None, responses={200: s.NoteOut})
    def post(self, request: Request, pk: int) -> Response:
        """Close the thread."""
        found = _note(request, pk)
        annotation_resolve(annotation=found, actor=actor(request))
        return detail(found, s.NoteOut)


class NoteReopen(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="annotations_reopen", request=None, responses={200: s.NoteOut})
    def post(self, request: Request, pk: int) -> Response:
        """Open the thread again."""
        found = _note(request, pk)
        annotation_reopen(annotation=found, actor=actor(request))
        return detail(found, s.NoteOut)
