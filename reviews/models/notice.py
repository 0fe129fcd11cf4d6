"""Who is told of what inside the desk: notices on the page, and what goes out as e-mail and into chats."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.models import Article, Claim, Desk
from reviews.choices import Channel, NoticeEvent, SendState
from reviews.models.letter import Letter


class PersonSettings(models.Model):
    """What a person has set for themselves. Somebody without a row has the defaults."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="desk_settings"
    )
    time_zone = models.CharField(max_length=64, blank=True, help_text="Empty: the zone of the instance.")
    language = models.CharField(max_length=12, blank=True, help_text="Empty: what the browser asks for.")
    chat_url = models.URLField("chat address", max_length=500, blank=True)
    digest = models.BooleanField("daily digest", default=True)
    quiet_desks = models.ManyToManyField(Desk, blank=True, related_name="+", help_text="No digest of these.")

    def __str__(self) -> str:
        return f"settings of {self.person_id}"


class NoticeChoice(models.Model):
    """How a person wants to hear of one kind of event; without a row the defaults of `services.notice` hold."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choices")
    event = models.CharField(max_length=20, choices=NoticeEvent.choices)
    page = models.BooleanField()
    email = models.BooleanField()
    chat = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "event"], name="notice_choice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.event}"


class Notice(models.Model):
    """One person is told of one thing, once: `key` names the thing. `shown` is whether it is in their list.

    `moment` is the time the notice is about where there is one: the deadline, the move of the words.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    event = models.CharField(max_length=20, choices=NoticeEvent.choices)
    key = models.CharField(max_length=120)
    article = models.ForeignKey(Article, null=True, on_delete=models.CASCADE, related_name="+")
    claim = models.ForeignKey(Claim, null=True, on_delete=models.CASCADE, related_name="notices")
    words = models.CharField(max_length=400)
    url = models.CharField(max_length=300)
    by_name = models.CharField(max_length=200, blank=True)
    moment = models.DateTimeField(null=True)
    shown = models.BooleanField(default=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "key"], name="notice_once")]
        indexes: ClassVar = [
            models.Index(fields=["person", "-id"], condition=Q(shown=True), name="notice_list_idx"),
            # The bell of every page.
            models.Index(fields=["person"], condition=Q(shown=True, read_at=None), name="notice_bell_idx"),
            models.Index(fields=["read_at"], condition=Q(read_at__isnull=False), name="notice_tidy_idx"),
        ]

    def __str__(self) -> str:
        return self.words


class ChatRoom(models.Model):
    """A room of a chat that hears what happens on a desk, through an incoming webhook (Slack, Mattermost)."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="chat_rooms")
    name = models.CharField(max_length=120)
    url = models.URLField("address", max_length=500, help_text="The incoming webhook. It is a secret of the room.")
    events = models.JSONField(default=list, blank=True, help_text="None chosen means all.")
    enabled = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["desk", "name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["desk", "name"], name="chat_room_once")]

    def __str__(self) -> str:
        return self.name


class Outgoing(models.Model):
    """One message on its way to one person, room or reader; `key` names it, so that it is written once and sent once.

    Where it goes is read when it is sent: addresses are not copied, and who may no longer know is not told.
    """

    key = models.CharField(max_length=200, unique=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="outgoing")
    room = models.ForeignKey(ChatRoom, null=True, on_delete=models.CASCADE, related_name="outgoing")
    letter = models.ForeignKey(Letter, null=True, on_delete=models.CASCADE, related_name="outgoing")
    article = models.ForeignKey(Article, null=True, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=400)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=SendState.choices, default=SendState.QUEUED, editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = "outgoing message"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, room=None, letter=None)
                | Q(person=None, room__isnull=False, letter=None)
                | Q(person=None, room=None, letter__isnull=False),
                name="outgoing_to_one",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(lease_until__isnull=False), name="outgoing_sending_is_leased"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["not_before"], condition=Q(state__in=["queued", "sending"]), name="outgoing_open_idx"
            ),
        ]

    def __str__(self) -> str:
        return self.subject
