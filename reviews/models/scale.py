"""The words a desk judges with, and its rules. Data, so that another desk can have others."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from articles.models import DEFAULT_DESK, Desk
from reviews.choices import RepliesHold, SecondReview


class Scale(models.Model):
    """A version of the verdict scale. A scale that was used is not edited: the next version replaces it."""

    name = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1)
    active = models.BooleanField(default=True)
    best = models.IntegerField(default=5)
    worst = models.IntegerField(default=1)
    method = models.TextField(blank=True, help_text="How the desk uses it; shown to readers.")

    class Meta:
        ordering: ClassVar = ["name", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "version"], name="scale_version_once"),
            models.UniqueConstraint(fields=["active"], condition=Q(active=True), name="scale_one_active"),
            models.CheckConstraint(condition=Q(best__gt=F("worst")), name="scale_best_above_worst"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class VerdictLabel(models.Model):
    """One word of the scale. `value` is its place on the axis (best is truest); None is off the axis."""

    scale = models.ForeignKey(Scale, on_delete=models.PROTECT, related_name="labels")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=40)
    value = models.IntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(help_text="1 to 7: its place in the picker, and its key.")
    adverse = models.BooleanField(default=False, help_text="Says that the speaker was wrong.")
    needs_gaps = models.BooleanField(default=False, help_text="Must say what could not be established.")
    meaning = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["scale", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scale", "key"], name="label_key_once"),
            models.UniqueConstraint(fields=["scale", "position"], name="label_position_once"),
            models.UniqueConstraint(fields=["scale", "value"], name="label_value_once"),
            models.CheckConstraint(condition=Q(position__gte=1, position__lte=7), name="label_position_is_a_key"),
        ]

    def __str__(self) -> str:
        return self.name


class DeskPolicy(models.Model):
    """The rules of one desk; its key is the desk's. Without a scale of its own a desk judges with the active one."""

    desk = models.OneToOneField(
        Desk, on_delete=models.CASCADE, default=DEFAULT_DESK, related_name="policy", editable=False
    )
    scale = models.ForeignKey(
        Scale, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="Empty: the scale that is active for everybody.",
    )  # fmt: skip
    second_review = models.CharField(max_length=10, choices=SecondReview.choices, default=SecondReview.ALWAYS)
    rationale_least = models.PositiveIntegerField(
        default=60, verbose_name="Shortest rationale", help_text="Characters a rationale must have."
    )
    open_articles = models.BooleanField(
        default=True, help_text="Begin to check an article as soon as its claims are found."
    )

    due_hours = models.PositiveSmallIntegerField(
        null=True, blank=True, verbose_name="Published texts due within",
        help_text="Hours a claim has once it is queued, where its article has no deadline. Empty: none.",
    )  # fmt: skip
    due_hours_own = models.PositiveSmallIntegerField(
        null=True, blank=True, verbose_name="Our own texts due within", help_text="The same before publication."
    )
    return_after_hours = models.PositiveIntegerField(
        default=24, verbose_name="Give back after",
        help_text="Hours after which a claim that nobody touched goes back to the queue; 0 for never.",
    )  # fmt: skip

    replies_hold = models.CharField(
        max_length=10, choices=RepliesHold.choices, default=RepliesHold.PROPOSE,
        verbose_name="Open questions hold up", help_text="What waits while somebody asked has time to answer.",
    )  # fmt: skip
    reply_needed = models.BooleanField(
        default=False, verbose_name="Right of reply",
        help_text="A verdict that says the speaker was wrong needs them asked, or a reason why not.",
    )  # fmt: skip
    remind_before_hours = models.PositiveIntegerField(
        default=24, verbose_name="Remind before", help_text="Hours before the time to answer ends.",
    )  # fmt: skip

    class Meta:
        verbose_name = "desk policy"
        verbose_name_plural = "desk policies"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=F("desk")), name="policy_has_the_key_of_its_desk")
        ]

    def __str__(self) -> str:
        return f"Policy of desk {self.desk_id}"
