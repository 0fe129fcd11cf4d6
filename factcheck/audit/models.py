"""The append-only, hash-chained record of every human and machine act."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q

# Acts that change lists readers see without a verdict being touched; the newest of them is found by an index.
SEEN_IN_LISTS: Final = ("publication.tags", "scale.saved", "desk.saved", "article.desk")


class AuditHead(models.Model):
    """The end of the chain, one row: locked by whoever appends, so that links cannot fork."""

    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.sequence}"


class AuditEvent(models.Model):
    """One act. Names are copied as text, so that the trail reads on when people and things are gone.

    `hash` is the SHA-256 of `prev_hash` and the canonical JSON of the other fields; the database refuses
    to update or delete a row.
    """

    sequence = models.PositiveBigIntegerField(unique=True, editable=False)
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    action_id = models.UUIDField(help_text="The same for everything that followed from one human act.")
    implied = models.BooleanField(default=False, help_text="Followed from the act, was not asked for by name.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    actor_name = models.CharField(max_length=200)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=60)
    target_name = models.CharField(max_length=300)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar = ["sequence"]
        default_permissions = ("view",)
        indexes: ClassVar = [
            models.Index(fields=["target_type", "target_id", "sequence"], name="audit_timeline_idx"),
            models.Index(fields=["action_id"], name="audit_one_act_idx"),
            models.Index(fields=["-sequence"], condition=Q(action__in=SEEN_IN_LISTS), name="audit_seen_in_lists_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.target_name}"
