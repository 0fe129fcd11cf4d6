"""What readers are told of the desk itself. Each change is in the audit trail."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from factcheck.audit.services import record
from factcheck.core.errors import Invalid
from reviews.models import Colleague, Profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User

LARGEST_LOGO: Final = 512 * 1024  # bytes as it is handed in
_WIDEST: Final = 600  # pixels as it is kept
_MOST_PIXELS: Final = 4096 * 4096
_FIELDS: Final = (
    "name", "legal_name", "email", "address", "about", "funding", "method", "corrections", "ethics", "complaints",
    "council_name", "council_url", "complaint_days", "question_days",
)  # fmt: skip


def profile_save(
    *, profile: Profile, actor: User, people: Sequence[Colleague] = (), removed: Sequence[Colleague] = ()
) -> None:
    """Store the profile with the people readers are told of; its version rises, so that pages are drawn anew."""
    with transaction.atomic():
        before = Profile.objects.select_for_update().get(pk=profile.pk)
        profile.version = before.version + 1
        profile.logo_sha256 = hashlib.sha256(profile.logo).hexdigest() if profile.logo else ""
        profile.save()
        for person in removed:
            person.delete()
        for person in people:
            person.profile = profile
            person.save()
        record(
            "profile.saved", profile, actor=actor, before=_values(before, profile),
            after={**_values(profile, before), "people": [one.name for one in profile.people.all()]},
        )  # fmt: skip


def _values(of: Profile, other: Profile) -> dict[str, Any]:
    """What differs from the other; of a logo only that it does."""
    found = {name: getattr(of, name) for name in _FIELDS if getattr(of, name) != getattr(other, name)}
    if of.logo_sha256 != other.logo_sha256:
        found["logo"] = of.logo_sha256
    return found


def logo_read(data: bytes) -> bytes:
    """The picture as a PNG of at most 600 pixels a side, without anything hidden in it.

    Raises Invalid (profile.logo) for what is no picture, or too large.
    """
    if len(data) > LARGEST_LOGO:
        raise Invalid("profile.logo", detail=_("it has more than %(number)s KB") % {"number": LARGEST_LOGO // 1024})
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP", "GIF")) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise Invalid("profile.logo", detail=_("it has too many pixels"))
            small = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Invalid("profile.logo", detail=_("it is not a whole PNG, JPEG, WebP or GIF")) from error
    small.thumbnail((_WIDEST, _WIDEST))
    made = io.BytesIO()
    small.save(made, "PNG", optimize=True)
    return made.getvalue()
