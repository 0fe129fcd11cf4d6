"""Who does what on which desk."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models

from articles.models import Desk


class Membership(models.Model):
    """A role somebody holds on one desk only; the roles of a person's groups are in Django's own tables."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="members")
    role = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="memberships")

    class Meta:
        ordering: ClassVar = ["desk", "person"]
        verbose_name = "role on the desk"
        verbose_name_plural = "people with a role on this desk only"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "desk", "role"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role_id} on {self.desk_id}"
