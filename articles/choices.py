"""The words the database may hold for articles, claims, sources and evidence."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices


class Mode(TextChoices):
    PUBLISHED = "published", "Published text"
    PRE_PUBLICATION = "pre_publication", "Our own text, before publication"


class Origin(TextChoices):
    FILE = "file", "File"
    URL = "url", "Web address"
    API = "api", "API"
    SAMPLE = "sample", "Sample"
    WATCH = "watch", "Watched place"
    BULK = "bulk", "Taken in with many others"


class Speech(TextChoices):
    DIRECT = "direct", "Direct quote"
    INDIRECT = "indirect", "Indirect speech"
    OWN = "own", "Own voice"


class SpeakerStance(TextChoices):
    ASSERTS = "asserts", "Asserts"
    DENIES = "denies", "Denies"
    QUESTIONS = "questions", "Questions"


class ClaimKind(TextChoices):
    QUANTITY = "quantity", "Number"
    EVENT = "event", "Event"
    QUOTE = "quote", "Quote"
    CAUSAL = "causal", "Cause and effect"
    COMPARISON = "comparison", "Comparison"
    RULE_OR_LAW = "rule_or_law", "Rule or law"
    BIOGRAPHICAL = "biographical", "Person"
    CAPTION = "caption", "Caption"
    HEADLINE = "headline", "Headline"
    PREDICTION = "prediction", "Prediction"
    OPINION = "opinion", "Opinion"
    OTHER = "other", "Other"


class ClaimOrigin(TextChoices):
    MACHINE = "machine", "Found by the extractor"
    PERSON = "person", "Marked by a person"


class DismissReason(TextChoices):
    OPINION = "opinion", "Opinion"
    PREDICTION = "prediction", "Prediction"
    VAGUE = "vague", "Too vague"
    PERSONAL = "personal", "Personal experience"
    TRIVIAL = "trivial", "Trivial"
    OUT_OF_SCOPE = "out_of_scope", "Out of scope"
    BOILERPLATE = "boilerplate", "Boilerplate"
    NOT_A_CLAIM = "not_a_claim", "Not a claim"


class ScoringOrigin(TextChoices):
    DESK = "desk", "Learned from this desk's decisions"
    REWEIGHED = "reweighed", "Reasons weighed by a person"


class MoveDecision(TextChoices):
    """What became of a claim whose words changed; empty while nobody has looked."""

    SAME = "same", "Same"
    EDITED = "edited", "Edited"
    GONE = "gone", "Gone"
    OVERTAKEN = "overtaken", "Overtaken by the next revision"


class Relation(TextChoices):
    SAME = "same", "Same"
    CONTRADICTS = "contradicts", "Contradicts"
    DENIES = "denies", "Denies"
    REPEATS = "repeats", "Repeats"
    TWIN = "twin", "The same claim in another version of the story"


class Reliability(IntegerChoices):
    LOW = 1, "Low"
    INTERESTED = 2, "Interested party"
    MEDIUM = 3, "Medium"
    HIGH = 4, "High"


class RunState(TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Asking"
    OK = "ok", "Answered"
    EMPTY = "empty", "Nothing found"
    THROTTLED = "throttled", "Not consulted: asked us to wait"
    FAILED = "failed", "Not consulted: failed"
    CANCELLED = "cancelled", "Cancelled"


class Urgency(IntegerChoices):
    """The lower, the sooner."""

    NOW = 0, "On somebody's screen"
    SOON = 1, "New"
    LATER = 2, "In the background"


# A run in one of these states has said its last word.
RUN_ENDED = frozenset({RunState.OK, RunState.EMPTY, RunState.THROTTLED, RunState.FAILED, RunState.CANCELLED})


class Stance(TextChoices):
    SUPPORTS = "supports", "Supports"
    REFUTES = "refutes", "Refutes"
    CONTEXT = "context", "Context"


class EvidenceState(TextChoices):
    SUGGESTED = "suggested", "Suggested"
    KEPT = "kept", "Kept"
    DROPPED = "dropped", "Dropped"


class Visibility(TextChoices):
    PUBLIC = "public", "Public"
    DESCRIBED = "described", "Described, not shown"
    CONFIDENTIAL = "confidential", "Confidential"


class EvidenceKind(TextChoices):
    WEB = "web", "Web page"
    ENCYCLOPEDIA = "encyclopedia", "Encyclopedia"
    DATASET = "dataset", "Data set"
    PAPER = "paper", "Paper"
    NEWS = "news", "News"
    FACTCHECK = "factcheck", "Fact-check"
    ARCHIVE = "archive", "Archive"
    DOCUMENT = "document", "Document"


class ClaimantKind(TextChoices):
    PERSON = "person", "Person"
    ORGANIZATION = "organization", "Organisation"


class AppearanceKind(TextChoices):
    """What a claim stood in."""

    ARTICLE = "article", "Article"
    POST = "post", "Social media post"
    VIDEO = "video", "Video"
    IMAGE = "image", "Picture"
    AUDIO = "audio", "Sound recording"
    PAGE = "page", "Other web page"


class ArchiveOrigin(TextChoices):
    OWN = "own", "Published by this desk"
    IMPORTED = "imported", "Imported"


class MatchState(TextChoices):
    """What a person made of an earlier review that was suggested for a claim."""

    SUGGESTED = "suggested", "Suggested"
    ACCEPTED = "accepted", "Same claim"
    REJECTED = "rejected", "Another claim"


class WatchedKind(TextChoices):
    FEED = "feed", "Feed (RSS, Atom, JSON Feed, ninjs, NewsML-G2)"
    SITEMAP = "sitemap", "Sitemap"
    WORDPRESS = "wordpress", "WordPress site"


class LookOutcome(TextChoices):
    OK = "ok", "Answered"
    NOT_MODIFIED = "not_modified", "Not changed"
    THROTTLED = "throttled", "Asked us to wait"
    FAILED = "failed", "Failed"
    GONE = "gone", "Gone for good"


class ItemState(TextChoices):
    WAITING = "waiting", "To be fetched"
    STORED = "stored", "On the desk"
    LEFT_OUT = "left_out", "Left out"
    REFUSED = "refused", "Could not be taken"


class HeldFor(TextChoices):
    """Why an article is on hold where no person said so."""

    WITHDRAWN = "withdrawn", "Withdrawn by its sender"
    EMBARGO = "embargo", "Under embargo"


class PageState(TextChoices):
    """What the last look at a page that evidence rests on found."""

    NEW = "new", "Not looked at yet"
    THERE = "there", "As it was"
    MOVED = "moved", "Moved to another address"
    CHANGED = "changed", "Its words have changed"
    GONE = "gone", "Gone"
    CLOSED = "closed", "Cannot be looked at"


# What is kept is all that is left of these.
PAGE_LOST = (PageState.CHANGED, PageState.GONE)


class KeepState(TextChoices):
    """How far a public archive is with a page it was asked to keep."""

    WAITING = "waiting", "To be handed over"
    SENT = "sent", "Being kept"
    KEPT = "kept", "Kept"
    REFUSED = "refused", "Not kept"
