"""Rooms of a chat that hear of a desk, and the log of what went out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from factcheck.core.admin import BoundedSearchAdmin, ReadOnlyAdmin
from factcheck.core.errors import FactcheckError
from reviews.choices import NoticeEvent
from reviews.models import ChatRoom, Outgoing
from reviews.policies import within_walls
from reviews.services.person import chat_url_check

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class ChatRoomForm(forms.ModelForm[ChatRoom]):
    url = forms.URLField(
        label=_("Address"), max_length=500, assume_scheme="https",
        help_text=_("The incoming webhook of Slack or Mattermost. Whoever knows it can write into the room."),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        choices=NoticeEvent.choices, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("None chosen means all."),
    )  # fmt: skip

    class Meta:
        model = ChatRoom
        fields = ("desk", "name", "url", "events", "enabled")

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            chat_url_check(url=url)
        except FactcheckError as error:
            raise ValidationError(error.detail) from error
        return url


@admin.register(ChatRoom)
class ChatRoomAdmin(BoundedSearchAdmin[ChatRoom]):
    form = ChatRoomForm
    list_display = ("name", "desk", "hears", "enabled")
    list_select_related = ("desk",)
    list_filter = ("enabled",)
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChatRoom]:
        return super().get_queryset(request).filter(within_walls(request.user, ""))

    @admin.display(description="hears")
    def hears(self, room: ChatRoom) -> str:
        return ", ".join(room.events) or "everything"


@admin.register(Outgoing)
class OutgoingAdmin(ReadOnlyAdmin[Outgoing]):
    """What went out and what did not. The words are not shown: they may stand behind a wall."""

    list_display = ("created_at", "channel", "person", "room", "state", "tries", "error")
    list_select_related = ("person", "room")
    list_filter = ("state", "channel")
    search_fields = ("person__username", "room__name", "error")
    fields = readonly_fields = (
        "channel", "person", "room", "state", "tries", "not_before", "error", "created_at", "finished_at",
    )  # fmt: skip

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
