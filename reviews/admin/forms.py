"""What each act on a claim asks for. Fields and words only: the rules are in the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import User
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from articles.choices import DismissReason, Stance
from factcheck.core.authentication import SCOPES
from reviews.choices import BY_HAND, MediaCheck, Motivation, QuoteCheck, WaitKind
from reviews.policies import desk_of
from reviews.selectors.desks import labels_of, people_who
from reviews.zones import zone_name_lazy

if TYPE_CHECKING:
    from articles.models import Claim

# Where words are looked for when a note is written on them.
NOTE_PLACES = (("revision", _("The article's text")), ("claim", _("The wording of the claim")))


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.get_full_name() or obj.get_username())


class ActForm(forms.Form):
    """`seen` is the version of the review the page showed; an act on anything newer is refused."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def for_claim(self, claim: Claim) -> None:
        """Fill in what the form can know from the claim."""


class NoteForm(ActForm):
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class DismissForm(NoteForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=DismissReason.choices)
    field_order = ("seen", "reason", "note")


class AssignForm(NoteForm):
    assignee = PersonField(label=_("Person"), queryset=User.objects.none())
    field_order = ("seen", "assignee", "note")

    def for_claim(self, claim: Claim) -> None:
        people = people_who("propose_verdict", desk_of(claim))
        self.fields["assignee"].queryset = people  # type: ignore[attr-defined]


class BlockForm(NoteForm):
    wait_kind = forms.ChoiceField(label=_("Waiting for"), choices=WaitKind.choices)
    field_order = ("seen", "wait_kind", "note")


class MergeForm(NoteForm):
    number = forms.IntegerField(label=_("Number of the other claim"), min_value=1, max_value=2**31 - 1)
    field_order = ("seen", "number", "note")


class SplitForm(ActForm):
    statements = forms.CharField(label=_("One claim a line"), widget=forms.Textarea(attrs={"rows": 3}))


class RewordForm(ActForm):
    statement = forms.CharField(
        label=_("Claim"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A sentence that stands on its own. The quote is never changed."),
    )  # fmt: skip
    speaker = forms.CharField(label=_("Speaker"), required=False, max_length=200)

    def for_claim(self, claim: Claim) -> None:
        self.initial = {**self.initial, "statement": claim.statement, "speaker": claim.speaker}


class ProposeForm(ActForm):
    """The verdict. Nothing is filled in beforehand."""

    label = forms.ChoiceField(label=_("Verdict"), required=False, widget=forms.RadioSelect)
    quote_check = forms.ChoiceField(
        label=_("Quote check"),
        required=False,
        choices=[("", _("Not chosen")), *QuoteCheck.choices],
    )
    summary = forms.CharField(label=_("Why, in one sentence"), required=False, max_length=300)
    rationale = forms.CharField(label=_("Rationale"), required=False, widget=forms.Textarea(attrs={"rows": 6}))
    gaps = forms.CharField(
        label=_("What could not be established"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    media_check = forms.ChoiceField(
        label=_("Picture or recording"),
        required=False,
        choices=[("", _("Not judged")), *MediaCheck.choices],
    )
    media_context = forms.CharField(label=_("What it really shows"), required=False, max_length=500)
    media_original = forms.URLField(
        label=_("Where the original is"), required=False, max_length=1000, assume_scheme="https"
    )

    def for_claim(self, claim: Claim) -> None:
        labels = labels_of(claim)
        self.fields["label"].choices = [(label.key, label.name) for label in labels]  # type: ignore[attr-defined]


class ApproveForm(NoteForm):
    override_reason = forms.CharField(
        label=_("Reason for approving alone"), required=False,
        help_text=_("Only for your own proposal, and only with the right to override the two-person rule."),
    )  # fmt: skip


class OpinionForm(ActForm):
    """A second or third verdict."""

    label = forms.ChoiceField(label=_("Verdict"), widget=forms.RadioSelect)
    quote_check = forms.ChoiceField(
        label=_("Quote check"),
        required=False,
        choices=[("", _("Not chosen")), *QuoteCheck.choices],
    )
    rationale = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}))

    def for_claim(self, claim: Claim) -> None:
        self.fields["label"].choices = [(one.key, one.name) for one in labels_of(claim)]  # type: ignore[attr-defined]


class RecuseForm(ActForm):
    reason = forms.CharField(label=_("What the conflict is"), widget=forms.Textarea(attrs={"rows": 2}))
    whole = forms.BooleanField(label=_("The whole article"), required=False)


class EvidenceForm(ActForm):
    """One decision on one suggestion; `version` is that of the evidence as the page showed it."""

    evidence = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    stance = forms.ChoiceField(label=_("Stance"), required=False, choices=[("", _("As suggested")), *Stance.choices])
    locator = forms.CharField(label=_("Place"), required=False, max_length=200)


class FindingForm(ActForm):
    title = forms.CharField(label=_("Title"), max_length=500)
    url = forms.URLField(label=_("Address"), required=False, max_length=1000, assume_scheme="https")
    publisher = forms.CharField(label=_("Publisher"), required=False, max_length=200)
    passage = forms.CharField(label=_("Passage"), widget=forms.Textarea(attrs={"rows": 3}))
    locator = forms.CharField(label=_("Page, paragraph or time"), required=False, max_length=200)
    stance = forms.ChoiceField(label=_("Stance"), choices=Stance.choices)


class AnnotateForm(ActForm):
    """A note on words: either the words themselves, or where they begin and end."""

    place = forms.ChoiceField(label=_("On"), choices=NOTE_PLACES)
    words = forms.CharField(label=_("Words"), required=False, help_text=_("As they stand in the text."))
    start = forms.IntegerField(label=_("From character"), required=False, min_value=0)
    end = forms.IntegerField(label=_("To character"), required=False, min_value=1)
    body = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    motivation = forms.ChoiceField(label=_("Kind"), choices=Motivation.choices)
    blocking = forms.BooleanField(label=_("Must be resolved first"), required=False)


class ThreadForm(ActForm):
    """An act on a note that is there."""

    annotation = forms.IntegerField(widget=forms.HiddenInput)
    body = forms.CharField(label=_("Reply"), required=False)


class AskForm(ActForm):
    """A question to somebody outside; times are in the zone of the page."""

    kind = forms.ChoiceField(label=_("What for"), choices=WaitKind.choices)
    to_name = forms.CharField(label=_("Who is asked"), max_length=200)
    to_email = forms.EmailField(label=_("E-mail address"), required=False)
    question = forms.CharField(label=_("Question"), widget=forms.Textarea(attrs={"rows": 3}))
    due_at = forms.DateTimeField(
        label=_("Answer by"),
        help_text=format_lazy(_("{}, for example 2027-01-31 12:00."), zone_name_lazy()),
    )
    wait = forms.BooleanField(label=_("Set the claim to waiting, if it is yours"), required=False, initial=True)


class WaiveForm(ActForm):
    reason = forms.CharField(label=_("Why nobody is asked for a reply"), widget=forms.Textarea(attrs={"rows": 2}))


class QueryForm(ActForm):
    """An act on a question that was asked; `version` is that of the question as the page showed it."""

    query = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.CharField(label=_("Answer"), required=False)
    way = forms.ChoiceField(
        label=_("How it came"), required=False, choices=[(one.value, one.label) for one in BY_HAND]
    )
    note = forms.CharField(label=_("Why"), required=False)


class KeyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Which program uses it, and what for."))
    person = PersonField(
        label=_("Person"), queryset=User.objects.none(),
        help_text=_("The key may do what this person may do, within its scopes."),
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        choices=[(scope, scope) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )
    expires_at = forms.DateTimeField(
        label=_("Ends"),
        required=False,
        help_text=_("For example 2027-01-31 12:00. Left empty, it works until revoked."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).order_by("username")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
