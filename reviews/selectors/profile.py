"""Who the desk is, as its pages and its markup say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from reviews.models import DeskPolicy, Profile, Scale, Verdict, VerdictLabel
from reviews.models.profile import ONLY_PROFILE

if TYPE_CHECKING:
    from django.db.models import QuerySet

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


def scales_public() -> QuerySet[Scale]:
    """Scales everybody may know: in use, of a desk without a wall, or what something public was judged with."""
    of_desks = DeskPolicy.objects.filter(scale__isnull=False, desk__walled=False).values("scale")
    out = Verdict.objects.filter(label=OuterRef("pk"), publications__state__in=["live", "retracted"])
    judged = VerdictLabel.objects.filter(Exists(out))
    known = Q(active=True) | Q(pk__in=of_desks) | Q(pk__in=judged.values("scale"))
    return Scale.objects.filter(known).prefetch_related("labels")


def scales_explained() -> list[Scale]:
    """The scale in use, then the others everybody may know."""
    found = scales_public()
    return sorted(found, key=lambda scale: (not scale.active, scale.name, -scale.version))
