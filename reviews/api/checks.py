"""The checklist of a claim: what rules of the desk want seen to before a verdict is proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from factcheck.core.errors import NotFound
from reviews import access
from reviews.api.base import ApiView, actor, body, detail
from reviews.models import Check
from reviews.services.triage import check_tick

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.response import Response


class CheckOut(serializers.ModelSerializer[Check]):
    """One line; while `done_at` is null no verdict can be proposed."""

    class Meta:
        model = Check
        fields: ClassVar = ["id", "claim", "words", "rule_name", "done_at", "done_by_name"]
        read_only_fields = fields


class ChecklistTickIn(serializers.Serializer[Any]):
    done = serializers.BooleanField(help_text="False takes the tick back.")


class CheckList(ApiView):
    @extend_schema(operation_id="checks_list", responses=CheckOut(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The checklist of one claim, newest line first."""
        return self.page(access.claim(actor(request), pk).checks.all(), CheckOut)


class CheckTick(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="checks_tick", request=ChecklistTickIn, responses={200: CheckOut})
    def post(self, request: Request, pk: int, check: int) -> Response:
        """Tick one line, or take the tick back. 409 where somebody else just did."""
        claim = access.claim(actor(request), pk)
        line = Check.objects.select_related("claim__article").filter(pk=check, claim=claim).first()
        if line is None:
            raise NotFound("not_found", what="line of a checklist")
        check_tick(check=line, actor=actor(request), **body(ChecklistTickIn, request))
        line.refresh_from_db()
        return detail(line, CheckOut)
