"""The bell, the list behind it, and what a person sets for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from factcheck.core.errors import NotFound
from reviews.choices import NoticeEvent
from reviews.models import PersonSettings
from reviews.selectors.notices import notices_of, notices_page
from reviews.selectors.rail import desks_read
from reviews.services.digest import quiet_desks
from reviews.services.notice import Ways, choices_of, notices_read
from reviews.services.person import settings_save, time_zones
from reviews.views.base import DeskRequest, desk_page, number_of, page

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpResponse

    from articles.models import Desk


@require_GET
@desk_page
def notices(request: DeskRequest) -> HttpResponse:
    rows, more = notices_page(request.user, before=number_of(request.GET.get("before", "")))
    return page(request, "reviews/notices.html", {"rows": rows, "more": more})


@never_cache
@require_GET
@desk_page
def bell(request: DeskRequest) -> HttpResponse:
    """The bell alone, asked once a minute. The person who asks was just read, and with them the number."""
    return render(request, "_partials/bell.html")


@never_cache
@require_GET
@desk_page
def opened(request: DeskRequest, pk: int) -> HttpResponse:
    """To what the notice is about; opening it is reading it."""
    found = notices_of(request.user).filter(pk=pk).first()
    if found is None:
        raise NotFound("not_found", what="notice")
    notices_read(person=request.user, only=pk)
    return redirect(found.url if url_has_allowed_host_and_scheme(found.url, None) else "reviews:notices")


@require_POST
@desk_page
def read(request: DeskRequest) -> HttpResponse:
    """One notice, or all up to the newest that was on the page."""
    only, up_to = number_of(request.POST.get("only", "")), number_of(request.POST.get("up_to", ""))
    if only is None and up_to is None:
        raise NotFound("not_found", what="notice")
    notices_read(person=request.user, only=only, up_to=up_to)
    return redirect("reviews:notices")


@require_http_methods(["GET", "POST"])
@desk_page
def own_settings(request: DeskRequest) -> HttpResponse:
    """Time zone, language, chat, and how to hear of what."""
    if request.method == "POST":
        _save(request)
        messages.success(request, _("Your settings are saved."))
        return redirect("reviews:settings")
    held = PersonSettings.objects.filter(person=request.user).first() or PersonSettings(person=request.user)
    context = {
        "held": held, "zones": time_zones(), "zone_of_all": settings.TIME_ZONE, "languages": settings.LANGUAGES,
        "ways": [(event, NoticeEvent(event).label, way) for event, way in choices_of(request.user).items()],
        "email_on": settings.EMAIL_ON, "digest_desks": _digest_desks(request.user),
    }  # fmt: skip
    return page(request, "reviews/settings.html", context)


def _digest_desks(person: User) -> list[tuple[Desk, bool]]:
    """The desks to choose from and whether their digest is wanted; none where there is one desk only."""
    read, quiet = desks_read(person), quiet_desks(person)
    return [(desk, desk.pk not in quiet) for desk in read] if len(read) > 1 else []


def _save(request: DeskRequest) -> None:
    post = request.POST
    offered = _digest_desks(request.user)
    ways = {
        event: Ways(f"{event}-page" in post, f"{event}-email" in post, f"{event}-chat" in post)
        for event in NoticeEvent.values
    }
    settings_save(
        person=request.user, time_zone=post.get("time_zone", ""), language=post.get("language", ""),
        chat_url=post.get("chat_url", "").strip()[:500], digest="digest" in post, ways=ways,
        quiet=[desk for desk, _ in offered if f"digest-{desk.slug}" not in post] if offered else None,
    )  # fmt: skip
