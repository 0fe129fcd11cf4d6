"""What decides how urgent a claim is: answers about harm, and the rules of a desk."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from articles.choices import Mode
from articles.models import DEFAULT_DESK, Claim, Desk

_ANSWERS = ("fragmentation", "actionability", "believability", "spread", "exploitation", "reach")


def _answer() -> models.PositiveSmallIntegerField[int | None, int | None]:
    return models.PositiveSmallIntegerField(null=True, blank=True)


class HarmAnswers(models.Model):
    """What somebody answered to the questions of `reviews.triage`, each 0 to 3 or not answered yet."""

    claim = models.OneToOneField(Claim, primary_key=True, on_delete=models.CASCADE, related_name="harm")
    fragmentation = _answer()
    actionability = _answer()
    believability = _answer()
    spread = _answer()
    exploitation = _answer()
    reach = _answer()
    answered_by_name = models.CharField(max_length=200)
    answered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(*(Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lte": 3}) for name in _ANSWERS)),
                name="harm_answers_to_three",
            ),
        ]

    def __str__(self) -> str:
        return f"harm of claim {self.claim_id}"


class TriageRule(models.Model):
    """If a claim of the desk fits every condition that is filled in, then this. Rules run in their order."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, default=DEFAULT_DESK, related_name="triage_rules")
    name = models.CharField(max_length=80)
    enabled = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    # If …
    publisher = models.CharField("source", max_length=200, blank=True, help_text="Words of the publisher’s name.")
    mode = models.CharField(max_length=20, choices=Mode.choices, blank=True)
    kinds = models.JSONField(default=list, blank=True)
    speaker = models.CharField(max_length=200, blank=True, help_text="Words of the speaker’s name.")
    words = models.TextField(blank=True, help_text="One a line; the claim or its quote holds one of them.")
    score_from = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(100)], help_text="Check-worthiness, 0 to 100."
    )
    score_to = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(100)])
    # … then
    percent = models.SmallIntegerField(
        "priority", default=0, validators=[MinValueValidator(-100), MaxValueValidator(100)],
        help_text="So many percent of the way up to 100, or down to 0: 50 makes 40 to 70, −50 makes it 20.",
    )  # fmt: skip
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name="give it to", help_text="Once, when it is confirmed and nobody has it.",
    )  # fmt: skip
    due_hours = models.PositiveSmallIntegerField("due within hours", null=True, blank=True)
    checklist = models.TextField(blank=True, help_text="One a line: what is to be seen to before a verdict.")

    class Meta:
        ordering: ClassVar = ["desk", "position", "pk"]
        verbose_name = "triage rule"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["desk", "name"], name="triage_rule_name_once"),
            models.CheckConstraint(
                condition=Q(percent__gte=-100, percent__lte=100), name="triage_rule_percent_in_range"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RuleGave(models.Model):
    """A rule has given this claim to somebody; it does so once, whatever becomes of it."""

    rule = models.ForeignKey(TriageRule, on_delete=models.CASCADE, related_name="gave")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["rule", "claim"], name="rule_gave_once")]

    def __str__(self) -> str:
        return f"{self.rule_id} gave {self.claim_id}"


class Check(models.Model):
    """One line of a claim's checklist, put there by a rule."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="checks")
    words = models.CharField(max_length=200)
    rule_name = models.CharField(max_length=80)
    done_at = models.DateTimeField(null=True)
    done_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["claim", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["claim", "words"], name="check_once_a_claim")]

    def __str__(self) -> str:
        return self.words
