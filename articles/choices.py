"""The words the database may hold for articles, claims, sources and evidence."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Mode(TextChoices):
    PUBLISHED = "published", _("Published text")
    PRE_PUBLICATION = "pre_publication", _("Our own text, before publication")


class Origin(TextChoices):
    FILE = "file", _("File")
    URL = "url", _("Web address")
    API = "api", "API"
    SAMPLE = "sample", _("Sample")
    WATCH = "watch", _("Watched place")
    BULK = "bulk", _("Taken in with many others")


class Speech(TextChoices):
    DIRECT = "direct", _("Direct quote")
    INDIRECT = "indirect", _("Indirect speech")
    OWN = "own", _("Own voice")


class SpeakerStance(TextChoices):
    ASSERTS = "asserts", _("Asserts")
    DENIES = "denies", _("Denies")
    QUESTIONS = "questions", _("Questions")


class ClaimKind(TextChoices):
    QUANTITY = "quantity", _("Number")
    EVENT = "event", _("Event")
    QUOTE = "quote", _("Quote")
    CAUSAL = "causal", _("Cause and effect")
    COMPARISON = "comparison", _("Comparison")
    RULE_OR_LAW = "rule_or_law", _("Rule or law")
    BIOGRAPHICAL = "biographical", _("Person")
    CAPTION = "caption", _("Caption")
    HEADLINE = "headline", _("Headline")
    PREDICTION = "prediction", _("Prediction")
    OPINION = "opinion", _("Opinion")
    OTHER = "other", _("Other")


class ClaimOrigin(TextChoices):
    MACHINE = "machine", _("Found by the extractor")
    PERSON = "person", _("Marked by a person")


class DismissReason(TextChoices):
    OPINION = "opinion", _("Opinion")
    PREDICTION = "prediction", _("Prediction")
    VAGUE = "vague", _("Too vague")
    PERSONAL = "personal", _("Personal experience")
    TRIVIAL = "trivial", _("Trivial")
    OUT_OF_SCOPE = "out_of_scope", _("Out of scope")
    BOILERPLATE = "boilerplate", _("Boilerplate")
    NOT_A_CLAIM = "not_a_claim", _("Not a claim")


class ScoringOrigin(TextChoices):
    DESK = "desk", _("Learned from this desk's decisions")
    REWEIGHED = "reweighed", _("Reasons weighed by a person")


class MoveDecision(TextChoices):
    """What became of a claim whose words changed; empty while nobody has looked."""

    SAME = "same", _("Same")
    EDITED = "edited", _("Edited")
    GONE = "gone", _("Gone")
    OVERTAKEN = "overtaken", _("Overtaken by the next revision")


class Relation(TextChoices):
    SAME = "same", _("Same")
    CONTRADICTS = "contradicts", _("Contradicts")
    DENIES = "denies", _("Denies")
    REPEATS = "repeats", _("Repeats")
    TWIN = "twin", _("The same claim in another version of the story")


class Reliability(IntegerChoices):
    LOW = 1, _("Low")
    INTERESTED = 2, _("Interested party")
    MEDIUM = 3, _("Medium")
    HIGH = 4, _("High")


class RunState(TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Asking")
    OK = "ok", _("Answered")
    EMPTY = "empty", _("Nothing found")
    THROTTLED = "throttled", _("Not consulted: asked us to wait")
    FAILED = "failed", _("Not consulted: failed")
    CANCELLED = "cancelled", _("Cancelled")


class Urgency(IntegerChoices):
    """The lower, the sooner."""

    NOW = 0, _("On somebody's screen")
    SOON = 1, _("New")
    LATER = 2, _("In the background")


# A run in one of these states has said its last word.
RUN_ENDED = frozenset({RunState.OK, RunState.EMPTY, RunState.THROTTLED, RunState.FAILED, RunState.CANCELLED})


class Stance(TextChoices):
    SUPPORTS = "supports", _("Supports")
    REFUTES = "refutes", _("Refutes")
    CONTEXT = "context", _("Context")


class EvidenceState(TextChoices):
    SUGGESTED = "suggested", _("Suggested")
    KEPT = "kept", _("Kept")
    DROPPED = "dropped", _("Dropped")


class Visibility(TextChoices):
    PUBLIC = "public", _("Public")
    DESCRIBED = "described", _("Described, not shown")
    CONFIDENTIAL = "confidential", _("Confidential")


class EvidenceKind(TextChoices):
    WEB = "web", _("Web page")
    ENCYCLOPEDIA = "encyclopedia", _("Encyclopedia")
    DATASET = "dataset", _("Data set")
    PAPER = "paper", _("Paper")
    NEWS = "news", _("News")
    FACTCHECK = "factcheck", _("Fact-check")
    ARCHIVE = "archive", _("Archive")
    DOCUMENT = "document", _("Document")


class ClaimantKind(TextChoices):
    PERSON = "person", _("Person")
    ORGANIZATION = "organization", _("Organisation")


class AppearanceKind(TextChoices):
    """What a claim stood in."""

    ARTICLE = "article", _("Article")
    POST = "post", _("Social media post")
    VIDEO = "video", _("Video")
    IMAGE = "image", _("Picture")
    AUDIO = "audio", _("Sound recording")
    PAGE = "page", _("Other web page")


class ArchiveOrigin(TextChoices):
    OWN = "own", _("Published by this desk")
    IMPORTED = "imported", _("Imported")


class MatchState(TextChoices):
    """What a person made of an earlier review that was suggested for a claim."""

    SUGGESTED = "suggested", "Suggested"
    ACCEPTED = "accepted", "Same claim"
    REJECTED = "rejected", "Another claim"


class WatchedKind(TextChoices):
    FEED = "feed", _("Feed (RSS, Atom, JSON Feed, ninjs, NewsML-G2)")
    SITEMAP = "sitemap", _("Sitemap")
    WORDPRESS = "wordpress", _("WordPress site")


class LookOutcome(TextChoices):
    OK = "ok", _("Answered")
    NOT_MODIFIED = "not_modified", _("Not changed")
    THROTTLED = "throttled", _("Asked us to wait")
    FAILED = "failed", _("Failed")
    GONE = "gone", _("Gone for good")


class ItemState(TextChoices):
    WAITING = "waiting", _("To be fetched")
    STORED = "stored", _("On the desk")
    LEFT_OUT = "left_out", _("Left out")
    REFUSED = "refused", _("Could not be taken")


class HeldFor(TextChoices):
    """Why an article is on hold where no person said so."""

    WITHDRAWN = "withdrawn", _("Withdrawn by its sender")
    EMBARGO = "embargo", _("Under embargo")


class PageState(TextChoices):
    """What the last look at a page that evidence rests on found."""

    NEW = "new", _("Not looked at yet")
    THERE = "there", _("As it was")
    MOVED = "moved", _("Moved to another address")
    CHANGED = "changed", _("Its words have changed")
    GONE = "gone", _("Gone")
    CLOSED = "closed", _("Cannot be looked at")


# What is kept is all that is left of these.
PAGE_LOST = (PageState.CHANGED, PageState.GONE)


class KeepState(TextChoices):
    """How far a public archive is with a page it was asked to keep."""

    WAITING = "waiting", _("To be handed over")
    SENT = "sent", _("Being kept")
    KEPT = "kept", _("Kept")
    REFUSED = "refused", _("Not kept")
