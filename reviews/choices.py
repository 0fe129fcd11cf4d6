"""The words the database may hold for reviews, verdicts, notes and publications."""

from __future__ import annotations

from django.db.models import TextChoices


class QuoteCheck(TextChoices):
    """The second axis: did the speaker say it?"""

    ACCURATE = "accurate", "Accurate"
    ALTERED = "altered", "Altered"
    OUT_OF_CONTEXT = "out_of_context", "Out of context"
    FABRICATED = "fabricated", "Fabricated"
    NOT_FOUND = "not_found", "Not found"


class MediaCheck(TextChoices):
    """What was done to a picture or recording; the values of schema.org's MediaManipulationRatingEnumeration."""

    ORIGINAL = "original", "Original"
    OUT_OF_CONTEXT = "decontextualized", "Out of context"
    CROPPED = "cropped", "Edited or cropped"
    STAGED = "staged", "Staged"
    TRANSFORMED = "transformed", "Manipulated"
    SATIRE = "satire", "Satire or parody"


class LetterKind(TextChoices):
    QUESTION = "question", "Asks us to check"
    COMPLAINT = "complaint", "Complaint"


class LetterOutcome(TextChoices):
    ANSWERED = "answered", "Answered"
    SET_ASIDE = "set_aside", "Set aside"


class WaitKind(TextChoices):
    AUTHOR_QUERY = "author_query", "Author query"
    RIGHT_OF_REPLY = "right_of_reply", "Right of reply"
    DOCUMENT_REQUEST = "document_request", "Document request"
    TRANSLATION = "translation", "Translation"
    LEGAL = "legal", "Legal"


class AnswerWay(TextChoices):
    """How an answer came."""

    LINK = "link", "Guest link"
    DESK = "desk", "On the desk"
    MAIL = "mail", "E-mail"
    PHONE = "phone", "Telephone"
    PERSON = "person", "In person"
    LETTER = "letter", "Letter"


# How an answer comes that somebody of the desk writes down.
BY_HAND = (AnswerWay.MAIL, AnswerWay.PHONE, AnswerWay.PERSON, AnswerWay.LETTER)


class ContactKind(TextChoices):
    """What happened between the desk and somebody it asked."""

    ASKED = "asked", "Asked"
    MAIL = "mail", "Wrote an e-mail"
    PHONE = "phone", "Telephoned"
    PERSON = "person", "Met"
    LETTER = "letter", "Wrote a letter"
    REMINDER = "reminder", "Reminder due"
    EXTENDED = "extended", "More time given"
    LINK = "link", "New link"
    ANSWERED = "answered", "Answered"
    NO_REPLY = "no_reply", "No reply by then"
    WITHDRAWN = "withdrawn", "Taken back"


# What somebody of the desk may put into the contact log by hand.
CONTACTED = (ContactKind.MAIL, ContactKind.PHONE, ContactKind.PERSON, ContactKind.LETTER)


class RepliesHold(TextChoices):
    """What an open question to somebody outside holds up."""

    PROPOSE = "propose", "Proposal and approval"
    APPROVE = "approve", "Approval only"
    NOTHING = "nothing", "Nothing"


class Motivation(TextChoices):
    COMMENTING = "commenting", "Comment"
    QUESTIONING = "questioning", "Question"
    TAGGING = "tagging", "Tag"
    EDITING = "editing", "Suggested edit"


class ChangeType(TextChoices):
    """Why there is a new version of a publication."""

    FIRST = "first", "First publication"
    REFILE = "refile", "Refile"
    UPDATE = "update", "Update"
    CLARIFICATION = "clarification", "Clarification"
    CORRECTION = "correction", "Correction"
    RETRACTION = "retraction", "Retraction"


# Why a live page may get another version without being taken back.
CORRECTIONS = (ChangeType.REFILE, ChangeType.UPDATE, ChangeType.CLARIFICATION, ChangeType.CORRECTION)


class SecondReview(TextChoices):
    ALWAYS = "always", "Every verdict"
    BLIND = "blind", "Every verdict, judged blind first"
    NEVER = "never", "A desk editor approves alone"


class SubmissionState(TextChoices):
    """How far a text somebody asked to have checked came by itself; then its article says how far it is."""

    FETCHING = "fetching", "Being fetched"
    IN = "in", "On the desk"
    REFUSED = "refused", "Could not be taken"


class TickKind(TextChoices):
    """What became of a sentence somebody had looked at."""

    MOVED = "moved", "Elsewhere"
    CHANGED = "changed", "In other words"
    GONE = "gone", "Gone"


class TickDecision(TextChoices):
    """What a person made of it; empty while nobody has looked."""

    CONFIRMED = "confirmed", "Still no fact"
    REOPENED = "reopened", "To be looked at"
    OVERTAKEN = "overtaken", "Overtaken by the next revision"


class OpinionKind(TextChoices):
    """Whose judgement it is beside the proposer's."""

    SECOND = "second", "Second verdict, judged blind"
    THIRD = "third", "Third verdict, of a desk editor"


class EventKind(TextChoices):
    """What receivers of webhooks are told of, by the name in the payload."""

    PUBLISHED = "verdict.published", "Verdict published"
    CORRECTED = "verdict.corrected", "Verdict corrected"
    RETRACTED = "verdict.retracted", "Verdict retracted"
    PING = "ping", "Ping"


# What everybody is told of, in the feed of changes as by webhook.
PUBLIC_EVENTS = (EventKind.PUBLISHED, EventKind.CORRECTED, EventKind.RETRACTED)
PUBLIC_EVENT_NAMES = [kind.value for kind in PUBLIC_EVENTS]


class DeliveryState(TextChoices):
    QUEUED = "queued", "Waiting"
    SENDING = "sending", "Sending"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Given up"
    CANCELLED = "cancelled", "Cancelled: the receiver is off"


# A delivery in one of these states holds up what comes after it for the same claim.
DELIVERY_OPEN = (DeliveryState.QUEUED, DeliveryState.SENDING)


class FollowUpFound(TextChoices):
    """How an outlet that carried a claim became known."""

    CARRIED = "carried", "The text that was checked"
    APPEARANCE = "appearance", "Where the claim was seen"
    ARTICLE = "article", "Another text of this desk"
    HAND = "hand", "Added by hand"


class FollowUpOutcome(TextChoices):
    """What an outlet did when it was asked to correct."""

    CORRECTED = "corrected", "Corrected it"
    NOTED = "noted", "Added a note"
    TAKEN_DOWN = "taken_down", "Took it down"
    REFUSED = "refused", "Refused"
    NO_ANSWER = "no_answer", "Did not answer"
    PUT_ASIDE = "put_aside", "Put aside: nothing to ask"


class NoticeEvent(TextChoices):
    """What somebody can be told of inside the desk."""

    ASSIGNED = "assigned", "A claim is given to me"
    RETURNED = "returned", "A claim comes back to me, or is taken from me"
    MENTIONED = "mentioned", "Somebody mentions me in a note"
    ANSWER = "answer", "An answer arrives"
    SECOND_REVIEW = "second_review", "A verdict wants a second pair of eyes"
    DUE = "due", "A claim of mine is due soon"
    OVERDUE = "overdue", "A claim of mine is late"
    STALE = "stale", "The words of a claim of mine have changed"
    CORRECTED = "corrected", "A verdict I worked on is corrected or retracted"
    SOURCE = "source", "A source that a claim of mine rests on is gone or has changed"
    LETTER = "letter", "A reader writes to the desk"


class Channel(TextChoices):
    EMAIL = "email", "E-mail"
    CHAT = "chat", "Chat"


class SendState(TextChoices):
    """`unsure`: whoever sent it died on the way. It is not sent again, so that nothing comes twice."""

    QUEUED = "queued", "Waiting"
    SENDING = "sending", "Sending"
    SENT = "sent", "Sent"
    FAILED = "failed", "Given up"
    CANCELLED = "cancelled", "Not wanted any longer"
    UNSURE = "unsure", "Perhaps sent"
