"""The form of where a claim appeared and who made it: the lines there are, and an empty one each to add to."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.choices import AppearanceKind, ClaimantKind
from articles.origins import (
    MOST_APPEARANCES,
    MOST_CLAIMANTS,
    Appearance,
    Claimant,
    appearances_of,
    claimants_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from articles.models import Claim

_ADDRESS: Final[dict[str, Any]] = {"required": False, "max_length": 1000, "assume_scheme": "https"}
_SECOND: Final[dict[str, Any]] = {"required": False, "min_value": 0, "max_value": 10**6}


class ClaimantForm(forms.Form):
    """A line without a name says nothing and is left out."""

    name = forms.CharField(required=False, max_length=200, label=_("Name"))
    kind = forms.ChoiceField(
        required=False,
        label=_("Person or body"),
        choices=[("", _("As the name tells")), *ClaimantKind.choices],
    )
    role = forms.CharField(required=False, max_length=200, label=_("Office or role"))
    same_as = forms.URLField(label=_("Their own page, or that at Wikidata"), **_ADDRESS)


class AppearanceForm(forms.Form):
    """A line without an address says nothing and is left out."""

    url = forms.URLField(label=_("Address"), **_ADDRESS)
    kind = forms.ChoiceField(label=_("What it is"), choices=AppearanceKind.choices)
    title = forms.CharField(required=False, max_length=500, label=_("Title"))
    publisher = forms.CharField(required=False, max_length=200, label=_("Published by"))
    published_on = forms.DateField(
        required=False, label=_("Day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    archived_url = forms.URLField(label=_("Archived copy"), **_ADDRESS)
    starts_at = forms.IntegerField(label=_("From second"), **_SECOND)
    ends_at = forms.IntegerField(label=_("To second"), **_SECOND)
    first = forms.BooleanField(required=False, label=_("First said here"))


_Claimants: Final = forms.formset_factory(
    ClaimantForm, extra=1, max_num=MOST_CLAIMANTS, absolute_max=MOST_CLAIMANTS + 1
)
_Appearances: Final = forms.formset_factory(
    AppearanceForm, extra=1, max_num=MOST_APPEARANCES, absolute_max=MOST_APPEARANCES + 1
)


class OriginForms:
    """Both lists of a claim, as they are or as they were sent."""

    def __init__(self, claim: Claim, data: Mapping[str, Any] | None = None) -> None:
        held = [asdict(one) for one in claimants_of(claim.claimants)]
        self.claimants = _Claimants(data, initial=held, prefix="claimant")
        places = [asdict(one) for one in appearances_of(claim.appearances)]
        self.appearances = _Appearances(data, initial=places, prefix="appearance")

    def error(self) -> str:
        """The first thing that is wrong, in a sentence; empty where nothing is."""
        for lines in (self.claimants, self.appearances):
            if lines.is_valid():
                continue
            for form in lines.forms:
                for name, errors in form.errors.items():
                    return f"{form.fields[name].label}: {errors[0]}"
            return str(lines.non_form_errors()[0])
        return ""

    def values(self) -> tuple[list[Claimant], list[Appearance]]:
        """What was sent; call it when `error` says nothing."""
        people = [Claimant(**line) for line in _lines(self.claimants, "name")]
        places = [
            Appearance(**line | {"published_on": line["published_on"].isoformat() if line["published_on"] else ""})
            for line in _lines(self.appearances, "url")
        ]
        return people, places


def _lines(formset: forms.BaseFormSet[Any], needed: str) -> list[dict[str, Any]]:
    return [form.cleaned_data for form in formset.forms if form.cleaned_data.get(needed)]
