"""What the desk asks people outside it: author queries, rights of reply, requests for documents."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from articles.models import Claim
from reviews.choices import AnswerWay, ContactKind, WaitKind
from reviews.models.verdict import Verdict
from reviews.workflow import QueryState


class Query(models.Model):
    """One question to one person, with the time by which an answer is expected.

    The address of the guest page is made of SECRET_KEY and `seed`, and only its hash is kept: no copy of the rows
    can answer in somebody's name. `quote` is what readers may see of the answer. A right of reply that was not
    offered is a query in the state "waived", with the reason as its `note`.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="queries")
    kind = models.CharField(max_length=20, choices=WaitKind.choices)
    state = models.CharField(
        max_length=12, choices=[(s.value, s.value.replace("_", " ")) for s in QueryState],
        default=QueryState.OPEN.value, editable=False,
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)
    to_name = models.CharField(max_length=200)
    to_email = models.EmailField(blank=True)
    to_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="queries_to",
        help_text="Somebody with an account here, who answers on the card.",
    )  # fmt: skip
    question = models.TextField(blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="queries_by"
    )
    asked_by_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=200, blank=True)
    answered_way = models.CharField(max_length=10, choices=AnswerWay.choices, blank=True)
    quote = models.TextField(blank=True, help_text="What readers may see of the answer.")
    note = models.TextField(blank=True, help_text="Why it was taken back, or why nobody was asked.")
    seed = models.CharField(max_length=64, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    link_until = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["asked_at", "pk"]
        verbose_name_plural = "queries"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="waived") | Q(due_at__isnull=False, due_at__gt=F("asked_at")),
                name="query_has_a_time_to_answer",
            ),
            models.CheckConstraint(
                condition=Q(state="answered", answered_at__isnull=False)
                | (~Q(state="answered") & Q(answered_at__isnull=True)),
                name="query_answer_is_dated",
            ),
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="query_link_is_its_own"),
            models.CheckConstraint(condition=~Q(state="waived") | ~Q(note=""), name="query_waived_says_why"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state="open"), name="query_due_idx"),
            models.Index(fields=["remind_at"], condition=Q(state="open", reminded_at=None), name="query_remind_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.to_name}"


class Contact(models.Model):
    """One line of the contact log: what passed between the desk and the person asked, and how; never changed."""

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d %H:%M}"


class VerdictReply(models.Model):
    """What readers are told of a reply, as it stood when the verdict was proposed; the database refuses a change."""

    verdict = models.ForeignKey(Verdict, on_delete=models.CASCADE, related_name="replies")
    query = models.ForeignKey(Query, on_delete=models.PROTECT, related_name="told_in")
    words = models.TextField()

    class Meta:
        ordering: ClassVar = ["verdict", "pk"]
        verbose_name_plural = "verdict replies"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["verdict", "query"], name="verdict_tells_a_reply_once"),
        ]

    def __str__(self) -> str:
        return self.words[:80]
