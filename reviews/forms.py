"""What the pages send. Forms read and bound the input; the rules are in the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.choices import DismissReason, Mode, Stance, Visibility
from articles.services.revision import DECISIONS
from factcheck.core.errors import Invalid
from reviews.choices import (
    CONTACTED,
    AnswerWay,
    FactLabel,
    FollowUpOutcome,
    MediaCheck,
    Motivation,
    QuoteCheck,
    WaitKind,
)
from reviews.workflow import ReviewAction

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
# The acts of a review that carry no verdict; the others have forms of their own.
PLAIN_ACTS = (
    ReviewAction.TAKE, ReviewAction.BLOCK, ReviewAction.UNBLOCK, ReviewAction.RESUME, ReviewAction.WITHDRAW,
    ReviewAction.GIVE_BACK, ReviewAction.REQUEST_CHANGES, ReviewAction.REOPEN,
)  # fmt: skip


class Seen(forms.Form):
    """`seen_version` is the version of the page the person looked at."""

    seen_version = forms.IntegerField(required=False, min_value=0)


class ActForm(Seen):
    """`seen_verdict` is the one the person read, where there was one."""

    seen_verdict = forms.IntegerField(required=False, min_value=1)
    action = forms.ChoiceField(choices=[(act.value, act.value) for act in PLAIN_ACTS])
    note = forms.CharField(required=False, max_length=4000)
    wait_kind = forms.ChoiceField(required=False, choices=WaitKind.choices)


class AssignForm(Seen):
    assignee = forms.IntegerField(min_value=1, error_messages={"required": _("Choose somebody.")})
    note = forms.CharField(required=False, max_length=4000)


class DraftForm(forms.Form):
    """One field as it is typed; `seen` is the version the window started from."""

    form = forms.SlugField(max_length=40)
    field = forms.SlugField(max_length=40)
    text = forms.CharField(required=False, strip=False)
    seen = forms.IntegerField(required=False, min_value=0)


class LeaseForm(forms.Form):
    act = forms.ChoiceField(choices=[("type", "type"), ("leave", "leave"), ("here", "here")])


class TakeOverForm(Seen):
    note = forms.CharField(required=False, max_length=4000)


class DismissForm(Seen):
    reason = forms.ChoiceField(choices=DismissReason.choices)
    note = forms.CharField(required=False, max_length=4000)


class MergeForm(Seen):
    """`number` is that of the other claim in the same article."""

    number = forms.IntegerField(min_value=1, max_value=2**31 - 1, error_messages={"required": _("Say which claim.")})
    note = forms.CharField(required=False, max_length=4000)


class MatchForm(Seen):
    """What to make of an earlier review."""

    decision = forms.ChoiceField(
        choices=[(one, one) for one in ("accept", "merge", "reject", "reopen")],
        error_messages={"required": "Say whether it is the same claim."},
    )


class SplitForm(Seen):
    statements = forms.CharField(max_length=8000, error_messages={"required": _("Write one claim a line.")})


class FollowForm(Seen):
    decision = forms.ChoiceField(choices=[(one.value, one.label) for one in DECISIONS])


class RewordForm(Seen):
    statement = forms.CharField(max_length=4000)
    speaker = forms.CharField(required=False, max_length=200)


class SearchForm(Seen):
    """Empty words are those made from the statement; the service says what is too long."""

    words = forms.CharField(required=False, max_length=1000)
    loose = forms.CharField(required=False, max_length=1000)


class VerdictForm(Seen):
    """The verdict as far as it is written; the gates say what is missing, so nothing is required here."""

    label = forms.SlugField(required=False, max_length=40)
    quote_check = forms.ChoiceField(required=False, choices=[("", ""), *QuoteCheck.choices])
    summary = forms.CharField(required=False, max_length=300)
    rationale = forms.CharField(required=False, max_length=20000)
    gaps = forms.CharField(required=False, max_length=8000)
    media_check = forms.ChoiceField(required=False, choices=[("", ""), *MediaCheck.choices])
    media_context = forms.CharField(required=False, max_length=500)
    media_original = forms.URLField(required=False, max_length=1000, assume_scheme="https")


class OpinionForm(forms.Form):
    """A second or third verdict."""

    label = forms.SlugField(max_length=40, error_messages={"required": _("Choose a verdict.")})
    quote_check = forms.ChoiceField(required=False, choices=[("", ""), *QuoteCheck.choices])
    rationale = forms.CharField(max_length=20000, error_messages={"required": _("Say why you judge so.")})


class RecuseForm(forms.Form):
    """`whole` is whether it is the article and not this claim alone; `person` is somebody else."""

    reason = forms.CharField(max_length=4000, error_messages={"required": _("Say what the conflict is.")})
    whole = forms.BooleanField(required=False)
    person = forms.IntegerField(required=False, min_value=1)


class LiftForm(forms.Form):
    """`claim` is the one whose card the form stood on."""

    note = forms.CharField(max_length=4000, error_messages={"required": _("Say why the conflict is gone.")})
    claim = forms.IntegerField(min_value=1)


class ApproveForm(Seen):
    seen_verdict = forms.IntegerField(required=False, min_value=1)
    note = forms.CharField(required=False, max_length=4000)
    override_reason = forms.CharField(required=False, max_length=4000)


class DecideForm(Seen):
    """Keep, drop or re-weigh one piece of evidence."""

    decision = forms.ChoiceField(choices=[("keep", "keep"), ("drop", "drop"), ("stance", "stance")])
    stance = forms.ChoiceField(required=False, choices=[("", ""), *Stance.choices])
    locator = forms.CharField(required=False, max_length=200)


class VisibilityForm(Seen):
    """Who may see one piece of evidence."""

    visibility = forms.ChoiceField(choices=Visibility.choices)


class FindingForm(forms.Form):
    title = forms.CharField(max_length=500)
    passage = forms.CharField(max_length=20000)
    locator = forms.CharField(max_length=200, error_messages={
        "required": _("Give a page, paragraph or time. Readers must be able to find it.")})  # fmt: skip
    stance = forms.ChoiceField(choices=Stance.choices)
    url = forms.URLField(required=False, max_length=1000, assume_scheme="https")
    publisher = forms.CharField(required=False, max_length=200)


class EvidenceNoteForm(forms.Form):
    """`number` is the one by which the evidence is cited; `words` are some of its passage."""

    number = forms.IntegerField(min_value=1, error_messages={"required": "Say which evidence, by its number."})
    words = forms.CharField(required=False, max_length=2000)
    body = forms.CharField(max_length=8000, error_messages={"required": "Write the note first."})


class LabelForm(Seen):
    """What became of a fact of the desk's own text."""

    label = forms.ChoiceField(choices=FactLabel.choices, error_messages={"required": "Choose a label."})
    words = forms.CharField(required=False, max_length=8000)
    note = forms.CharField(required=False, max_length=4000)


class BringForm(forms.Form):
    """A page, a file or a text to quote from."""

    url = forms.URLField(required=False, max_length=1000, assume_scheme="https", error_messages={
        "invalid": "This is no web address. Copy it as the browser shows it."})  # fmt: skip
    file = forms.FileField(required=False, allow_empty_file=True)
    text = forms.CharField(required=False, strip=False)


class QuoteForm(forms.Form):
    """Words of a kept text."""

    passage = forms.CharField(max_length=20000, error_messages={"required": "Copy the words first."})
    locator = forms.CharField(required=False, max_length=200)
    stance = forms.ChoiceField(choices=Stance.choices, error_messages={"required": "Say what they mean."})
    title = forms.CharField(required=False, max_length=500)


class AskForm(forms.Form):
    """A question to somebody outside; times are in the zone of the page."""

    kind = forms.ChoiceField(choices=WaitKind.choices)
    to_name = forms.CharField(max_length=200, error_messages={"required": _("Say who is asked.")})
    to_email = forms.EmailField(required=False)
    to_person = forms.IntegerField(required=False, min_value=1)
    question = forms.CharField(max_length=10000, error_messages={"required": _("Write the question first.")})
    due_at = forms.DateTimeField(error_messages={"required": _("Say by when.")})
    wait = forms.BooleanField(required=False)


class AnswerForm(Seen):
    answer = forms.CharField(max_length=10000, error_messages={"required": _("Write the answer first.")})
    by_name = forms.CharField(required=False, max_length=200)
    way = forms.ChoiceField(choices=AnswerWay.choices)
    quote = forms.CharField(required=False, max_length=10000)


class GuestForm(forms.Form):
    """What somebody sends from the guest page."""

    answer = forms.CharField(max_length=10000, error_messages={"required": _("Write your answer first.")})
    by_name = forms.CharField(required=False, max_length=200)


class ContactForm(forms.Form):
    kind = forms.ChoiceField(choices=[(one.value, one.label) for one in CONTACTED])
    words = forms.CharField(max_length=10000, error_messages={"required": _("Say what was said.")})


class QueryActForm(Seen):
    """Take a question back, give more time, make a new link: `act` names one."""

    act = forms.ChoiceField(choices=[("withdraw", "withdraw"), ("extend", "extend"), ("link", "link")])
    note = forms.CharField(required=False, max_length=4000)
    due_at = forms.DateTimeField(required=False)


class FollowUpAddForm(forms.Form):
    outlet = forms.CharField(required=False, max_length=200, widget=forms.TextInput({"class": "input"}))
    url = forms.URLField(
        required=False, max_length=1000, label=_("Where it stands"), assume_scheme="https",
        widget=forms.URLInput({"class": "input"}),
    )  # fmt: skip
    contact = forms.CharField(
        required=False, max_length=300, help_text=_("An e-mail address, or the address of a form."),
        widget=forms.TextInput({"class": "input"}),
    )  # fmt: skip


class FollowUpAskForm(Seen):
    words = forms.CharField(max_length=10000, error_messages={"required": _("Write what they are asked.")})
    contact = forms.CharField(required=False, max_length=300)
    due_at = forms.DateTimeField(required=False)


class FollowUpEndForm(Seen):
    outcome = forms.ChoiceField(choices=FollowUpOutcome.choices)
    answer = forms.CharField(required=False, max_length=10000)


class WaiveForm(forms.Form):
    reason = forms.CharField(max_length=10000, error_messages={"required": _("Say why nobody is asked.")})


class ChangedForm(Seen):
    """What became of something that was ticked; the rest leads back to the list as it was."""

    decision = forms.ChoiceField(choices=[("confirm", "confirm"), ("reopen", "reopen")])
    next = forms.SlugField(required=False, max_length=60)
    article = forms.IntegerField(required=False, min_value=1)
    whose = forms.ChoiceField(required=False, choices=[("", ""), ("all", "all")])


class LinesForm(forms.Form):
    on = forms.BooleanField(required=False)


class SentenceForm(forms.Form):
    """`sentence` is start-end-0 for no fact, start-end-1 to take that back."""

    revision = forms.IntegerField(min_value=1)
    sentence = forms.RegexField(r"^\d{1,9}-\d{1,9}-[01]$")


class SignOffForm(forms.Form):
    sha256 = forms.RegexField(r"^[0-9a-f]{64}$")
    note = forms.CharField(required=False, max_length=4000)


class LetterForm(forms.Form):
    """What a reader writes. `website` is for machines: no person sees it."""

    words = forms.CharField(
        max_length=4000,
        label=_("Your letter"),
        error_messages={"required": _("Write what it is about.")},
    )
    url = forms.URLField(required=False, max_length=1000, assume_scheme="https", label=_("Web address"))
    name = forms.CharField(required=False, max_length=120, label=_("Your name"))
    email = forms.EmailField(required=False, max_length=254, label=_("Your e-mail address"))
    website = forms.CharField(required=False, max_length=1000, label=_("Leave this empty"))


class LetterActForm(Seen):
    act = forms.ChoiceField(choices=[("take", "take"), ("answer", "answer"), ("set_aside", _("set aside"))])
    words = forms.CharField(required=False, max_length=4000)


class NoteForm(forms.Form):
    """`words` are the ones meant in our wording of a claim; for a suggested edit the body takes their place."""

    motivation = forms.ChoiceField(required=False, choices=[("", ""), *Motivation.choices])
    words = forms.CharField(required=False, max_length=2000)
    blocking = forms.BooleanField(required=False)
    body = forms.CharField(max_length=8000, error_messages={"required": _("Write the note first.")})


class SpanForm(forms.Form):
    """A selection in code points of the revision's text."""

    revision = forms.IntegerField(min_value=1)
    start = forms.IntegerField(min_value=0)
    end = forms.IntegerField(min_value=1)


class SpanNoteForm(SpanForm, NoteForm):
    pass


class SubmissionForm(forms.Form):
    """A text to be checked: pasted, as a file, or at an address; what is known of it, by when, and for whom."""

    file = forms.FileField(required=False, allow_empty_file=True)
    text = forms.CharField(required=False, strip=False)
    url = forms.URLField(required=False, max_length=600, assume_scheme="https", error_messages={
        "invalid": _("This is no web address. Copy it as the browser shows it.")})  # fmt: skip
    headline = forms.CharField(required=False, max_length=300)
    author = forms.CharField(required=False, max_length=200)
    mode = forms.ChoiceField(required=False, choices=Mode.choices)
    due_at = forms.DateTimeField(required=False, error_messages={
        "invalid": _("Give the time as day and hour, or none.")})  # fmt: skip
    note = forms.CharField(required=False, max_length=4000)
    desk = forms.SlugField(required=False, max_length=40)


class NextDraftForm(forms.Form):
    """The next draft of a text; `base` is the sha256 of the text it was compared with."""

    act = forms.ChoiceField(choices=[("compare", "compare"), ("take", "take")])
    file = forms.FileField(required=False, allow_empty_file=True)
    text = forms.CharField(required=False, strip=False)
    base = forms.RegexField(r"^[0-9a-f]{64}$")


def attempt(form: forms.Form, act: Callable[[], T]) -> T | None:
    """Do `act`; where it finds the input wrong, say so on the form and return None."""
    try:
        return act()
    except Invalid as error:
        form.add_error(None, error.detail)
        return None
