"""What people do to a page that is public or about to be: one table for the desk and the admin.

Each act: when it fits, who may, what it asks for, and the one service it calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.core.errors import Invalid, NotFound
from reviews.choices import CORRECTIONS, ChangeType
from reviews.policies import desk_of, granted
from reviews.services.correction import publication_correct, publication_retract
from reviews.services.recheck import claim_check_again, publication_recheck_on, publication_stands
from reviews.services.schedule import publication_cancel, publication_embargo, publication_schedule
from reviews.services.tag import publication_tag
from reviews.workflow import PublicationState
from reviews.zones import zone_name, zone_name_lazy

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django_stubs_ext import StrOrPromise

    from reviews.models import Publication

_CHANGES: Final = [(kind.value, kind.label) for kind in ChangeType if kind in CORRECTIONS]
_TIME: Final = format_lazy(gettext_lazy("In {}, for example 2027-01-31 12:00:00."), zone_name_lazy())


class ActForm(forms.Form):
    """`seen` is the version of the publication the page showed; an act on anything newer is refused."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class NoteForm(ActForm):
    note = forms.CharField(label=gettext_lazy("Why"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))


class RetractForm(ActForm):
    note = forms.CharField(
        label=gettext_lazy("What readers are told"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The page stays, with this notice in the place of the verdict."),
    )  # fmt: skip


class CorrectForm(ActForm):
    change = forms.ChoiceField(label=gettext_lazy("Kind of change"), choices=_CHANGES)
    note = forms.CharField(
        label=gettext_lazy("What readers are told"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed for all but a refile, which mends spelling only."),
    )


class TimeForm(ActForm):
    at = forms.DateTimeField(label=gettext_lazy("When"), help_text=_TIME)


class MaybeTimeForm(ActForm):
    at = forms.DateTimeField(
        label=gettext_lazy("Until"),
        required=False,
        help_text=format_lazy(gettext_lazy("{} Left empty, there is none."), _TIME),
    )


class TagsForm(ActForm):
    tags = forms.CharField(
        label=gettext_lazy("Subjects"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy(
            "With commas between them. Readers find and follow the check by them. All that are not here go."
        ),
    )


@dataclass(frozen=True, slots=True)
class Act:
    """`run` does it and returns the sentence to show; one of `needs` is enough."""

    label: StrOrPromise
    needs: tuple[str, ...]
    fits: Callable[[Publication], bool]
    form: type[ActForm]
    run: Callable[[Publication, User, dict[str, Any]], str]
    initial: Callable[[Publication], dict[str, Any]] = lambda _publication: {}


@dataclass(frozen=True, slots=True)
class Offer:
    name: str
    label: StrOrPromise
    form: ActForm


def _schedule(publication: Publication, actor: User, data: dict[str, Any]) -> str:
    publication_schedule(publication=publication, actor=actor, at=data["at"], seen_version=data["seen"])
    return _("It goes out on %(localtime)s %(zone_name)s.") % {
        "localtime": f"{timezone.localtime(data['at']):%-d %B %Y at %H:%M:%S}",
        "zone_name": zone_name(),
    }


def _cancel(publication: Publication, actor: User, data: dict[str, Any]) -> str:
    publication_cancel(publication=publication, actor=actor, seen_version=data["seen"])
    return _("The time was taken back. It goes out when somebody publishes it.")


def _embargo(publication: Publication, actor: User, data: dict[str, Any]) -> str:
    publication_embargo(publication=publication, actor=actor, until=data["at"], seen_version=data["seen"])
    return _("Nothing goes out before that time.") if data["at"] else _("There is no embargo.")


def _tags(publication: Publication, actor: User, data: dict[str, Any]) -> str:
    names = data["tags"].split(",")
    publication_tag(publication=publication, actor=actor, names=names, seen_version=data["seen"])
    return _("The subjects are saved.")


def _tagged(publication: Publication) -> dict[str, Any]:
    return {"tags": ", ".join(tag.name for tag in publication.tags.all())}


def _correct(publication: Publication, actor: User, data: dict[str, Any]) -> str:
    version = publication_correct(
        publication=publication, actor=actor, change=data["change"], note=data["note"], seen_version=data["seen"]
    )
    return _("Version %(number)s is out: %(change)s.") % {
        "number": version.number,
        "change": version.get_change_display().lower(),
    }


def _retract(publication: Publication, actor: User, data: dict[str, Any]) -> str:
    publication_retract(publication=publication, actor=actor, note=data["note"], seen_version=data["seen"])
    return _("The verdict was retracted. The page stays, with the notice.")


def _again(publication: Publication, actor: User, data: dict[str, Any]) -> str:
    claim_check_again(claim=publication.claim, actor=actor, note=data["note"])
    return _("The claim is in the queue again. The page stays as it is until a new version goes out.")


def _stands(publication: Publication, actor: User, data: dict[str, Any]) -> str:
    publication_stands(publication=publication, actor=actor, note=data["note"])
    return _("The published verdict stands.")


def _recheck_on(publication: Publication, actor: User, data: dict[str, Any]) -> str:
    publication_recheck_on(publication=publication, actor=actor, at=data["at"])
    return _("The claim comes back into the queue then.") if data["at"] else _("No date is set for another look.")


def _in(*states: PublicationState) -> Callable[[Publication], bool]:
    return lambda publication: publication.state in states


_P = PublicationState
_EITHER: Final = ("assign_reviews", "correct")
ACTS: Final[dict[str, Act]] = {
    "schedule": Act(gettext_lazy("Publish later"), ("publish",), _in(_P.DRAFT), TimeForm, _schedule),
    "cancel": Act(gettext_lazy("Take the time back"), ("publish",), _in(_P.SCHEDULED), ActForm, _cancel),
    "embargo": Act(gettext_lazy("Embargo"), ("publish",), _in(_P.DRAFT, _P.SCHEDULED), MaybeTimeForm, _embargo),
    "correct": Act(gettext_lazy("New version"), ("correct",), _in(_P.LIVE), CorrectForm, _correct),
    "tags": Act(gettext_lazy("Subjects"), ("assign_reviews",), lambda _one: True, TagsForm, _tags, _tagged),
    "again": Act(
        gettext_lazy("Check again"),
        _EITHER,
        lambda one: one.state == _P.LIVE and not one.recheck_due,
        NoteForm,
        _again,
    ),
    "stands": Act(
        gettext_lazy("It stands as it is"),
        ("correct",),
        lambda one: one.state == _P.LIVE and one.recheck_due,
        NoteForm,
        _stands,
    ),
    "recheck_on": Act(gettext_lazy("Look again on a date"), _EITHER, _in(_P.LIVE), MaybeTimeForm, _recheck_on),
    "retract": Act(gettext_lazy("Retract"), ("retract",), _in(_P.LIVE), RetractForm, _retract),
}


def offers(publication: Publication, actor: User) -> list[Offer]:
    """What this person can do with the page now, each with its form."""
    rights = granted(actor, desk_of(publication))
    return [
        Offer(
            name,
            act.label,
            act.form(initial=_initial(act, publication), auto_id=f"publication-{name}-%s"),
        )
        for name, act in ACTS.items()
        if act.fits(publication) and rights & set(act.needs)
    ]


def _initial(act: Act, publication: Publication) -> dict[str, Any]:
    return {"seen": publication.version} | act.initial(publication)


def perform(publication: Publication, actor: User, name: str, posted: Any) -> str:
    """Do the act `name` with what was sent; returns the sentence to show.

    Raises NotFound for an act that is none, Invalid (review.gate) for a field that is not right, and what the
    service raises.
    """
    act = ACTS.get(name)
    if act is None:
        raise NotFound("not_found", what=_("such act"))
    form = act.form(posted)
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        label = form.fields[field].label or field if field in form.fields else "form"
        raise Invalid("review.gate", detail=f"{str(label).lower()}: {errors[0]}")
    return act.run(publication, actor, form.cleaned_data)
