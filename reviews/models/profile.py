"""Who the desk is, for readers: what the pages, the markup and the cards say of it."""

from __future__ import annotations

from typing import ClassVar, Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

ONLY_PROFILE: Final = 1
_DAYS: Final = [MinValueValidator(1), MaxValueValidator(365)]


class Profile(models.Model):
    """The one profile of this instance; a migration makes it. What is left empty is not shown."""

    name = models.CharField(max_length=120, blank=True, help_text="As readers know it. Empty: DESK_NAME.")
    legal_name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True, help_text="Where readers may write. Empty: CONTACT.")
    address = models.TextField(blank=True, help_text="Of the office, as on a letter.")
    about = models.TextField(blank=True, help_text="Who the desk is, in a few sentences.")
    funding = models.TextField("who owns and pays", blank=True, help_text="Owners and sources of money.")
    method = models.TextField("how we check", blank=True, help_text="Empty: the text that is shipped.")
    corrections = models.TextField("how we correct", blank=True, help_text="Empty: the text that is shipped.")
    ethics = models.TextField(blank=True, help_text="What staff may and may not do.")
    complaints = models.TextField(blank=True, help_text="How complaints are handled, and who decides.")
    council_name = models.CharField(
        "press council", max_length=200, blank=True, help_text="Whom readers can turn to who are not content with us."
    )
    council_url = models.URLField("its address", max_length=600, blank=True)
    complaint_days = models.PositiveSmallIntegerField(
        default=7, validators=_DAYS, help_text="Days within which a complaint is answered."
    )
    question_days = models.PositiveSmallIntegerField(
        default=14, validators=_DAYS, help_text="Days within which a reader who asked us to check is answered."
    )
    logo = models.BinaryField(blank=True, default=b"", help_text="A PNG.")
    logo_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "profile for readers"
        verbose_name_plural = "profile for readers"
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=ONLY_PROFILE), name="profile_only_one")]

    def __str__(self) -> str:
        return self.name or "Profile for readers"


class Colleague(models.Model):
    """Somebody readers are told of. Not tied to an account: not everybody who checks wants to be named."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, default=ONLY_PROFILE, related_name="people")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=120, help_text="For example: head of the desk.")
    about = models.TextField(blank=True)
    url = models.URLField("their page", max_length=600, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Place in the list.")

    class Meta:
        ordering: ClassVar = ["position", "name"]
        verbose_name = "person readers are told of"
        verbose_name_plural = "people readers are told of"

    def __str__(self) -> str:
        return self.name
