"""Who the desk is, as its pages and its markup say."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q

from reviews.models import DeskPolicy, Profile, Scale
from reviews.models.profile import ONLY_PROFILE

# The parts of the method page that have a text of their own, and the schema.org property that leads to each.
POLICIES = {
    "corrections": "correctionsPolicy",
    "method": "verificationFactCheckingPolicy",
    "ethics": "ethicsPolicy",
    "funding": "ownershipFundingInfo",
    "complaints": "actionableFeedbackPolicy",
    "people": "masthead",
}


def profile() -> Profile:
    """The profile, without its logo; one query."""
    return Profile.objects.defer("logo").get(pk=ONLY_PROFILE)


def desk_name(of: Profile | None = None) -> str:
    return (of or profile()).name or settings.DESK_NAME


def contact_mail(of: Profile) -> str:
    return of.email or (settings.CONTACT if "@" in settings.CONTACT else "")


def public_context() -> dict[str, Any]:
    """What every public page says of the desk."""
    of = profile()
    return {
        "profile": of, "desk_name": desk_name(of), "base_url": settings.BASE_URL, "contact_mail": contact_mail(of),
    }  # fmt: skip


def scales_explained() -> list[Scale]:
    """The scale in use, then others that a desk judges with or that something public was judged with."""
    of_desks = DeskPolicy.objects.filter(scale__isnull=False).values("scale")
    used = Q(labels__verdicts__publications__state="live") | Q(pk__in=of_desks)
    found = Scale.objects.filter(Q(active=True) | used).distinct().prefetch_related("labels")
    return sorted(found, key=lambda scale: (not scale.active, scale.name, -scale.version))
