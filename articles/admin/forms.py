"""Settings of a source as a form, made from what its connector declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.models import Source
from articles.sources.registry import connector, setting_fields
from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files.uploadedfile import UploadedFile

    from articles.sources.base import SettingField

PREFIX: Final = "setting_"
_FIELDS: Final[dict[type, type[forms.Field]]] = {
    str: forms.CharField,
    int: forms.IntegerField,
    float: forms.FloatField,
    bool: forms.BooleanField,
}
KEPT: Final = _("A value is kept. Leave it empty to keep it.")


def setting_field(setting: SettingField, *, kept: bool) -> forms.Field:
    """The form field of one setting. A secret is asked for and never shown; `kept` says that there is one."""
    required = setting.required and setting.type is not bool and not (setting.secret and kept)
    more: dict[str, Any] = {"initial": setting.default}
    help_text = setting.help
    if setting.secret:
        more = {"widget": forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})}
        help_text = f"{help_text} {KEPT}".strip() if kept else help_text
    return _FIELDS[setting.type](label=setting.label, help_text=help_text, required=required, **more)


class SourceForm(forms.ModelForm[Source]):
    """A source with the settings of its own connector, which has the last word on them."""

    kind: str = ""

    class Meta:
        model = Source
        fields = ("name", "reliability", "enabled", "rate_per_minute", "at_once", "notes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for setting in self._settings():
            if not setting.secret and setting.name in self.instance.settings:
                self.initial[PREFIX + setting.name] = self.instance.settings[setting.name]

    def _settings(self) -> Iterator[SettingField]:
        """The settings that are on this form; somebody who may only look has none on theirs."""
        return (one for one in setting_fields(self.kind) if PREFIX + one.name in self.fields)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors:
            self._judge(self.settings_given())
        return cleaned

    def settings_given(self) -> dict[str, Any]:
        """What was filled in; a secret left empty is the one that is kept."""
        given: dict[str, Any] = {}
        for setting in self._settings():
            value = self.cleaned_data.get(PREFIX + setting.name)
            if setting.secret and not value:
                value = self.instance.settings.get(setting.name)
            if value is None and setting.type is not str:
                value = setting.default
            if value is not None:
                given[setting.name] = value
        return given

    def _judge(self, settings: dict[str, Any]) -> None:
        try:
            connector(self.kind, settings)
        except Invalid as error:
            self._say(error)
            return
        self.instance.kind, self.instance.settings = self.kind, settings

    def _say(self, error: Invalid) -> None:
        """Put each complaint beside the field it names."""
        for complaint in str(error.values.get("detail", error.detail)).split("; "):
            named = [one for one in self._settings() if one.label.lower() in complaint.lower()]
            self.add_error(PREFIX + named[0].name if named else None, f"{complaint[:1].upper()}{complaint[1:]}.")


def source_form(kind: str, source: Source | None) -> type[SourceForm]:
    """The form for one kind of source, with its connector's settings as fields."""
    held = source.settings if source is not None else {}
    extra: dict[str, Any] = {
        PREFIX + one.name: setting_field(one, kept=bool(held.get(one.name))) for one in setting_fields(kind)
    }
    return type("SourceForm", (SourceForm,), {"kind": kind, **extra})


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(_FilesField, self).clean(one, initial) for one in given]


class UploadForm(forms.Form):
    documents = _FilesField(
        label=_("Documents"), widget=_ManyFiles, help_text=_("Text, HTML, PDF, Word or CSV. One or more.")
    )
