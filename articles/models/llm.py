"""What language models were asked, what it cost, and what became of their answers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from articles.models.article import Revision


class LlmAnswer(models.Model):
    """An answer that had the right shape, kept so that the same question is never paid for twice.

    `key` is the SHA-256 of address, model, prompts, text and shape (`articles.llm.talk.question_key`).
    """

    key = models.CharField(max_length=64, unique=True)
    model = models.CharField(max_length=200)
    stage = models.CharField(max_length=20)
    text_sha256 = models.CharField(max_length=64, db_index=True)
    content = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.stage}, {self.model}"


class LlmServer(models.Model):
    """The form of request that a model at an address was last seen to take."""

    place = models.CharField(max_length=300)
    model = models.CharField(max_length=200)
    rung = models.CharField(max_length=20)
    learned_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["place", "model"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["place", "model"], name="llm_server_once")]

    def __str__(self) -> str:
        return f"{self.model} at {self.place}"


class LlmDay(models.Model):
    """The tokens of one day (UTC): spent, and set aside for calls under way."""

    day = models.DateField(unique=True)
    tokens = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-day"]
        verbose_name = "language model day"

    def __str__(self) -> str:
        return self.day.isoformat()


class LlmReading(models.Model):
    """One attempt to have a revision read by a model. It stays "running" where the worker died."""

    class Outcome(models.TextChoices):
        RUNNING = "running", "Under way"
        READ = "read", "Read"
        PARTLY = "partly", "Read in part"
        FELL_BACK = "fell_back", "Fell back to the rules"
        PUT_OFF = "put_off", "Put off"

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="llm_readings")
    place = models.CharField(max_length=300)
    model = models.CharField(max_length=200)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.RUNNING)
    note = models.TextField(blank=True)
    began_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    recalled = models.PositiveIntegerField("answers known already", default=0)
    proposed = models.PositiveIntegerField("claims proposed", default=0, help_text="In all three stages.")
    dropped = models.PositiveIntegerField("quotes not in the text", default=0)
    unverifiable = models.PositiveIntegerField("not checkable", default=0)
    repeated = models.PositiveIntegerField("said twice", default=0)
    both = models.PositiveIntegerField("found by the rules too", default=0)
    added = models.PositiveIntegerField("claims added", default=0)
    reworded = models.PositiveIntegerField("claims reworded", default=0)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = "language model reading"

    def __str__(self) -> str:
        return f"{self.revision}, {self.model}"


class LlmCall(models.Model):
    """One request. `tokens` are those set aside until `outcome` says how it ended, then those it cost."""

    reading = models.ForeignKey(LlmReading, on_delete=models.CASCADE, related_name="calls")
    stage = models.CharField(max_length=20)
    rung = models.CharField(max_length=20)
    tokens = models.PositiveBigIntegerField()
    outcome = models.CharField(max_length=60, blank=True)
    seconds = models.FloatField(default=0)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = "language model call"

    def __str__(self) -> str:
        return f"{self.stage}, {self.rung}"
