"""Filing pages under subjects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _

from factcheck.audit.services import record
from factcheck.core.errors import Invalid, WrongState
from reviews.models import Publication, Tag
from reviews.services.transition import require

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import User

MOST_TAGS: Final = 20
LONGEST_TAG: Final = 60


def publication_tag(
    *, publication: Publication, actor: User, names: Iterable[str], seen_version: int | None = None
) -> None:
    """File a page under exactly these subjects; a new one is made. The version of the page rises.

    Raises NotAllowed, Invalid (tag.*), WrongState (workflow.changed).
    """
    require(actor, "assign_reviews", _("file pages under subjects"), publication)
    wanted = _slugs(names)
    seen = publication.version if seen_version is None else seen_version
    with transaction.atomic():
        moved = Publication.objects.filter(pk=publication.pk, version=seen).update(version=F("version") + 1)
        if moved != 1:
            raise WrongState("workflow.changed")
        publication.refresh_from_db()
        before = sorted(publication.tags.values_list("name", flat=True))
        Tag.objects.bulk_create([Tag(slug=slug, name=name) for slug, name in wanted.items()], ignore_conflicts=True)
        tags = list(Tag.objects.filter(slug__in=wanted))
        publication.tags.set(tags)
        after = sorted(tag.name for tag in tags)
        record("publication.tags", publication, actor=actor, before={"tags": before}, after={"tags": after})


def _slugs(names: Iterable[str]) -> dict[str, str]:
    """Each subject by its name in addresses, as it was spelled first."""
    found: dict[str, str] = {}
    for name in (" ".join(one.split()) for one in names):
        if not name:
            continue
        slug = slugify(name, allow_unicode=True)[:LONGEST_TAG]
        if not slug or len(name) > LONGEST_TAG:
            raise Invalid("tag.bad_name", name=name[:LONGEST_TAG], most=LONGEST_TAG)
        found.setdefault(slug, name)
    if len(found) > MOST_TAGS:
        raise Invalid("tag.too_many", most=MOST_TAGS)
    return found
