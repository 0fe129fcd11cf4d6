"""Sources: registered, rated, switched, tested; their health in one look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.forms import PREFIX, UploadForm, source_form
from articles.choices import RunState
from articles.models import CollectionFile, Document, Source
from articles.selectors.health import HOURS, sources_health
from articles.services.document import document_add
from articles.services.source import source_ask_again, source_clear, source_probe, source_save
from articles.sources.registry import kinds, setting_fields
from articles.uploads import upload_read
from factcheck.core.admin import BoundedSearchAdmin, acting_user, each
from factcheck.core.errors import FactcheckError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest

_NOT_CONSULTED: Final = Q(runs__state__in=(RunState.FAILED, RunState.THROTTLED))
_ASKED: Final = Q(runs__finished_at__isnull=False)
MOST_TESTS: Final = 20  # each may take as long as the source's time limit


class KindFilter(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return kinds()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class DocumentInline(admin.TabularInline[Document, Source]):
    model = Document
    fields = readonly_fields = ("title", "name", "published_at", "added_at")
    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return super().get_queryset(request).defer("content")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FileInline(admin.TabularInline[CollectionFile, Source]):
    """What lies in the folder, and why what could not be read was not."""

    model = CollectionFile
    verbose_name_plural = "files of the folder"
    fields = readonly_fields = ("name", "size", "document", "error", "read_at")
    extra = 0
    max_num = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[CollectionFile]:
        return super().get_queryset(request).select_related("document").defer("document__content")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # whoever may see the source may see what it reads

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Source)
class SourceAdmin(BoundedSearchAdmin[Source]):
    list_display = ("name", "kind", "now", "not_consulted", "failures_in_row", "answered", "trouble", "reliability",
                    "enabled")  # fmt: skip
    list_filter = ("enabled", "reliability", KindFilter)
    search_fields = ("name", "notes")
    actions = ("test_chosen", "enable", "disable")
    inlines: ClassVar = [DocumentInline, FileInline]
    change_list_template = "admin/articles/source/change_list.html"
    view_on_site = False
    show_full_result_count = False
    readonly_fields = ("kind_label", "now", "last_answer_at", "last_error_at", "last_error", "failures_in_row",
                       "paused_until", "settings_shown")  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        asked = Count("runs", filter=_ASKED)
        return super().get_queryset(request).annotate(asked=asked, silent=Count("runs", filter=_NOT_CONSULTED))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # its questions and answers are history; it can be switched off

    # --- columns -----------------------------------------------------------------------------------------
    @admin.display(description="now")
    def now(self, source: Source) -> str:
        if not source.enabled:
            return _("Off")
        if source.paused_until and source.paused_until > timezone.now():
            return _("Paused until %(clock)s") % {"clock": _clock(source.paused_until)}
        if source.failures_in_row:
            return _("Failing, %(failures_in_row)s in a row") % {"failures_in_row": source.failures_in_row}
        return _("Answering") if source.last_answer_at else _("Not asked yet")

    @admin.display(description=gettext_lazy("not consulted"), ordering="silent")
    def not_consulted(self, source: Source) -> str:
        return _("%(part)s of %(whole)s") % {
            "part": getattr(source, "silent", 0),
            "whole": getattr(source, "asked", 0),
        }

    @admin.display(description=gettext_lazy("last answer"), ordering="last_answer_at")
    def answered(self, source: Source) -> str:
        return _clock(source.last_answer_at)

    @admin.display(description=gettext_lazy("last error"), ordering="last_error_at")
    def trouble(self, source: Source) -> str:
        if not source.last_error:
            return "–"
        return f"{_clock(source.last_error_at)}: {Truncator(source.last_error).chars(120)}"

    @admin.display(description="kind")
    def kind_label(self, source: Source) -> str:
        return dict(kinds()).get(source.kind, source.kind)

    @admin.display(description="settings")
    def settings_shown(self, source: Source) -> str:
        """For who may only look: secrets are named, not shown."""
        shown = ((one.label, _shown(source, one.name, secret=one.secret)) for one in setting_fields(source.kind))
        return format_html_join(", ", "{}: {}", shown) or "–"

    # --- the form ----------------------------------------------------------------------------------------
    def get_fieldsets(self, request: HttpRequest, obj: Source | None = None) -> Any:
        about = (
            "name",
            *(("kind_label",) if obj else ()),
            "reliability",
            "enabled",
            "rate_per_minute",
            "at_once",
            "notes",
        )
        kind = obj.kind if obj else _kind(request)
        asked = tuple(PREFIX + one.name for one in setting_fields(kind))
        if obj is not None and not self.has_change_permission(request, obj):
            asked = ("settings_shown",)
        sets = [(None, {"fields": about}), (_("Settings"), {"fields": asked})]
        if obj is not None:
            health = ("now", "last_answer_at", "last_error_at", "last_error", "failures_in_row", "paused_until")
            sets.append((_("Health"), {"fields": health}))
        return [one for one in sets if one[1]["fields"]]

    def get_form(self, request: HttpRequest, obj: Source | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        kwargs["form"] = source_form(obj.kind if obj else _kind(request), obj)
        return super().get_form(request, obj, change, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Source | None) -> Any:
        return self.inlines if obj is not None and obj.kind == "documents" else []

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """First the kind, then the form its connector asks for."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "kind" in request.GET:
            return super().add_view(request, form_url, extra_context)
        context = self.admin_site.each_context(request) | {
            "title": _("Add a source"),
            "opts": self.opts,
            "kinds": kinds(),
        }
        return TemplateResponse(request, "admin/articles/source/kinds.html", context)

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:  # noqa: FBT001
        source_save(source=obj, actor=acting_user(request))

    # --- acts --------------------------------------------------------------------------------------------
    def get_urls(self) -> Any:
        own = [
            path("health/", self.admin_site.admin_view(self.health_view), name="articles_source_health"),
            path("<int:pk>/again/", self.admin_site.admin_view(self.again_view), name="articles_source_again"),
            path("<int:pk>/clear/", self.admin_site.admin_view(self.clear_view), name="articles_source_clear"),
            path("<int:pk>/test/", self.admin_site.admin_view(self.test_view), name="articles_source_test"),
            path("<int:pk>/upload/", self.admin_site.admin_view(self.upload_view), name="articles_source_upload"),
        ]
        return [*own, *super().get_urls()]

    def _changeable(self, request: HttpRequest, pk: int) -> Source:
        source = self.get_object(request, str(pk))
        if source is None:
            raise Http404
        if not self.has_change_permission(request, source):
            raise PermissionDenied
        return source

    def health_view(self, request: HttpRequest) -> HttpResponse:
        """How every source is doing: what waits, what it answered, what it was not consulted about."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = [(one, self.now(one.source)) for one in sources_health(timezone.now())]
        context = self.admin_site.each_context(request) | {
            "title": _("Health of the sources"), "opts": self.opts, "rows": rows, "hours": HOURS,
            "may_change": self.has_change_permission(request),
        }  # fmt: skip
        return TemplateResponse(request, "admin/articles/source/health.html", context)

    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask again what the source was not consulted about."""
        return self._done(request, pk, source_ask_again, _("{} questions are asked again."))

    def clear_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask the source none of what waits for it."""
        return self._done(request, pk, source_clear, _("{} questions will not be asked."))

    def _done(self, request: HttpRequest, pk: int, act: Callable[..., int], words: str) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        source = self._changeable(request, pk)
        count = act(source=source, actor=acting_user(request))
        messages.success(request, f"{source.name}: {words.format(count)}")
        return HttpResponseRedirect(reverse("admin:articles_source_health"))

    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """ "Test connection": ask now and say what came back."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        source = self._changeable(request, pk)
        _test(request, source)
        return HttpResponseRedirect(reverse("admin:articles_source_change", args=[source.pk]))

    def upload_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take documents into a collection; those without text are named with the reason."""
        source = self._changeable(request, pk)
        if source.kind != "documents":
            raise Http404
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if form.is_bound and form.is_valid():
            self._take_in(request, source, form)
        if form.is_bound and not form.errors:
            return HttpResponseRedirect(reverse("admin:articles_source_change", args=[source.pk]))
        context = self.admin_site.each_context(request) | {
            "title": _("Add documents to %(name)s") % {"name": source.name},
            "opts": self.opts,
            "original": source,
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/articles/source/upload.html", context, status=status)

    def _take_in(self, request: HttpRequest, source: Source, form: UploadForm) -> None:
        for file in form.cleaned_data["documents"]:
            try:
                document, new = document_add(
                    source=source, name=file.name or "", data=upload_read(file), actor=acting_user(request)
                )
            except FactcheckError as error:
                form.add_error("documents", f"{file.name}: {error.detail}")
            else:
                said = _("Added") if new else _("Known already")
                messages.success(request, f"{said}: {document.title}")

    @admin.action(description=gettext_lazy("Test connection"), permissions=["change"])
    def test_chosen(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        for source in queryset[:MOST_TESTS]:
            _test(request, source)

    @admin.action(description=gettext_lazy("Switch on"), permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        _switch(request, queryset, enabled=True)

    @admin.action(description=gettext_lazy("Switch off"), permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        _switch(request, queryset, enabled=False)


def _kind(request: HttpRequest) -> str:
    """The kind a new source is to have; another word than a known one is not found."""
    kind = request.GET.get("kind", "")
    if kind not in dict(kinds()):
        raise Http404
    return kind


def _clock(at: datetime | None) -> str:
    return f"{at:%-d %b %Y, %H:%M}" if at else "–"


def _shown(source: Source, name: str, *, secret: bool) -> object:
    value = source.settings.get(name, "")
    return ("kept" if value else "none") if secret else value


def _test(request: HttpRequest, source: Source) -> None:
    probe = source_probe(source=source, actor=acting_user(request))
    level = messages.SUCCESS if probe.ok else messages.ERROR
    messages.add_message(request, level, format_html("{}: {}", source.name, probe.said))


def _switch(request: HttpRequest, queryset: QuerySet[Source], *, enabled: bool) -> None:
    actor = acting_user(request)

    def act(source: Source) -> None:
        source.enabled = enabled
        source_save(source=source, actor=actor)

    each(request, queryset, act, done=_("switched on") if enabled else _("switched off"))
