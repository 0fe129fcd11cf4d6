"""The words the database may hold for reviews, verdicts, notes and publications."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class QuoteCheck(TextChoices):
    """The second axis: did the speaker say it?"""

    ACCURATE = "accurate", _("Accurate")
    ALTERED = "altered", _("Altered")
    OUT_OF_CONTEXT = "out_of_context", _("Out of context")
    FABRICATED = "fabricated", _("Fabricated")
    NOT_FOUND = "not_found", _("Not found")


class MediaCheck(TextChoices):
    """What was done to a picture or recording; the values of schema.org's MediaManipulationRatingEnumeration."""

    ORIGINAL = "original", _("Original")
    OUT_OF_CONTEXT = "decontextualized", _("Out of context")
    CROPPED = "cropped", _("Edited or cropped")
    STAGED = "staged", _("Staged")
    TRANSFORMED = "transformed", _("Manipulated")
    SATIRE = "satire", _("Satire or parody")


class LetterKind(TextChoices):
    QUESTION = "question", _("Asks us to check")
    COMPLAINT = "complaint", _("Complaint")


class LetterOutcome(TextChoices):
    ANSWERED = "answered", _("Answered")
    SET_ASIDE = "set_aside", _("Set aside")


class WaitKind(TextChoices):
    AUTHOR_QUERY = "author_query", _("Author query")
    RIGHT_OF_REPLY = "right_of_reply", _("Right of reply")
    DOCUMENT_REQUEST = "document_request", _("Document request")
    TRANSLATION = "translation", _("Translation")
    LEGAL = "legal", _("Legal")


class AnswerWay(TextChoices):
    """How an answer came."""

    LINK = "link", _("Guest link")
    DESK = "desk", _("On the desk")
    MAIL = "mail", _("E-mail")
    PHONE = "phone", _("Telephone")
    PERSON = "person", _("In person")
    LETTER = "letter", _("Letter")


# How an answer comes that somebody of the desk writes down.
BY_HAND = (AnswerWay.MAIL, AnswerWay.PHONE, AnswerWay.PERSON, AnswerWay.LETTER)


class ContactKind(TextChoices):
    """What happened between the desk and somebody it asked."""

    ASKED = "asked", _("Asked")
    MAIL = "mail", _("Wrote an e-mail")
    PHONE = "phone", _("Telephoned")
    PERSON = "person", _("Met")
    LETTER = "letter", _("Wrote a letter")
    REMINDER = "reminder", _("Reminder due")
    EXTENDED = "extended", _("More time given")
    LINK = "link", _("New link")
    ANSWERED = "answered", _("Answered")
    NO_REPLY = "no_reply", _("No reply by then")
    WITHDRAWN = "withdrawn", _("Taken back")


# What somebody of the desk may put into the contact log by hand.
CONTACTED = (ContactKind.MAIL, ContactKind.PHONE, ContactKind.PERSON, ContactKind.LETTER)


class RepliesHold(TextChoices):
    """What an open question to somebody outside holds up."""

    PROPOSE = "propose", _("Proposal and approval")
    APPROVE = "approve", _("Approval only")
    NOTHING = "nothing", _("Nothing")


class Motivation(TextChoices):
    COMMENTING = "commenting", _("Comment")
    QUESTIONING = "questioning", _("Question")
    TAGGING = "tagging", _("Tag")
    EDITING = "editing", _("Suggested edit")


class ChangeType(TextChoices):
    """Why there is a new version of a publication."""

    FIRST = "first", _("First publication")
    REFILE = "refile", _("Refile")
    UPDATE = "update", _("Update")
    CLARIFICATION = "clarification", _("Clarification")
    CORRECTION = "correction", _("Correction")
    RETRACTION = "retraction", _("Retraction")


# Why a live page may get another version without being taken back.
CORRECTIONS = (ChangeType.REFILE, ChangeType.UPDATE, ChangeType.CLARIFICATION, ChangeType.CORRECTION)


class SecondReview(TextChoices):
    ALWAYS = "always", _("Every verdict")
    BLIND = "blind", _("Every verdict, judged blind first")
    NEVER = "never", _("A desk editor approves alone")


class SubmissionState(TextChoices):
    """How far a text somebody asked to have checked came by itself; then its article says how far it is."""

    FETCHING = "fetching", _("Being fetched")
    IN = "in", _("On the desk")
    REFUSED = "refused", _("Could not be taken")


class TickKind(TextChoices):
    """What became of a sentence somebody had looked at."""

    MOVED = "moved", _("Elsewhere")
    CHANGED = "changed", _("In other words")
    GONE = "gone", _("Gone")


class TickDecision(TextChoices):
    """What a person made of it; empty while nobody has looked."""

    CONFIRMED = "confirmed", _("Still no fact")
    REOPENED = "reopened", _("To be looked at")
    OVERTAKEN = "overtaken", _("Overtaken by the next revision")


class OpinionKind(TextChoices):
    """Whose judgement it is beside the proposer's."""

    SECOND = "second", _("Second verdict, judged blind")
    THIRD = "third", _("Third verdict, of a desk editor")


class EventKind(TextChoices):
    """What receivers of webhooks are told of, by the name in the payload."""

    PUBLISHED = "verdict.published", _("Verdict published")
    CORRECTED = "verdict.corrected", _("Verdict corrected")
    RETRACTED = "verdict.retracted", _("Verdict retracted")
    PING = "ping", _("Ping")


# What everybody is told of, in the feed of changes as by webhook.
PUBLIC_EVENTS = (EventKind.PUBLISHED, EventKind.CORRECTED, EventKind.RETRACTED)
PUBLIC_EVENT_NAMES = [kind.value for kind in PUBLIC_EVENTS]


class DeliveryState(TextChoices):
    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Sending")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Given up")
    CANCELLED = "cancelled", _("Cancelled: the receiver is off")


class PushState(TextChoices):
    """How a page at Fact Check Tools stands."""

    QUEUED = "queued", "Waiting"
    DONE = "done", "As it is here"
    FAILED = "failed", "Given up"


# A delivery in one of these states holds up what comes after it for the same claim.
DELIVERY_OPEN = (DeliveryState.QUEUED, DeliveryState.SENDING)


class FollowUpFound(TextChoices):
    """How an outlet that carried a claim became known."""

    CARRIED = "carried", _("The text that was checked")
    APPEARANCE = "appearance", _("Where the claim was seen")
    ARTICLE = "article", _("Another text of this desk")
    HAND = "hand", _("Added by hand")


class FollowUpOutcome(TextChoices):
    """What an outlet did when it was asked to correct."""

    CORRECTED = "corrected", _("Corrected it")
    NOTED = "noted", _("Added a note")
    TAKEN_DOWN = "taken_down", _("Took it down")
    REFUSED = "refused", _("Refused")
    NO_ANSWER = "no_answer", _("Did not answer")
    PUT_ASIDE = "put_aside", _("Put aside: nothing to ask")


class FactLabel(TextChoices):
    """What a checker makes of a fact in the desk's own text before it is published."""

    CONFIRMED = "confirmed", _("Confirmed")
    CONFIRMED_WITH_CHANGE = "confirmed_with_change", _("Right, in other words")
    WRONG_FIXED = "wrong_fixed", _("Wrong, to be put right")
    WRONG_CUT = "wrong_cut", _("Wrong, to be cut")
    UNVERIFIABLE_ATTRIBUTED = "unverifiable_attributed", _("Cannot be checked, stays as somebody’s words")
    ON_AUTHOR = "on_author", _("On the author’s word")
    OPINION = "opinion", _("Opinion")


class MaterialState(TextChoices):
    """What became of a page or file that somebody brought as evidence."""

    FETCHING = "fetching", _("Being fetched")
    READ = "read", _("Kept")
    FAILED = "failed", _("Could not be read")


class NoticeEvent(TextChoices):
    """What somebody can be told of inside the desk."""

    ASSIGNED = "assigned", _("A claim is given to me")
    RETURNED = "returned", _("A claim comes back to me, or is taken from me")
    MENTIONED = "mentioned", _("Somebody mentions me in a note")
    ANSWER = "answer", _("An answer arrives")
    SECOND_REVIEW = "second_review", _("A verdict wants a second pair of eyes")
    DUE = "due", _("A claim of mine is due soon")
    OVERDUE = "overdue", _("A claim of mine is late")
    STALE = "stale", _("The words of a claim of mine have changed")
    CORRECTED = "corrected", _("A verdict I worked on is corrected or retracted")
    SOURCE = "source", _("A source that a claim of mine rests on is gone or has changed")
    LETTER = "letter", _("A reader writes to the desk")


class Channel(TextChoices):
    EMAIL = "email", _("E-mail")
    CHAT = "chat", _("Chat")


class SendState(TextChoices):
    """`unsure`: whoever sent it died on the way. It is not sent again, so that nothing comes twice."""

    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")
    CANCELLED = "cancelled", _("Not wanted any longer")
    UNSURE = "unsure", _("Perhaps sent")
