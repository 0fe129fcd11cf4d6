"""One file a noun; import the names from here."""

from articles.models.alike import StoryLink, StoryMark
from articles.models.archive import CheckedClaim, ClaimSignature, MatchIndex
from articles.models.archive_feed import ArchiveFeed
from articles.models.article import Article, Revision
from articles.models.claim import Claim, ClaimMove, ClaimRelation
from articles.models.copy import ArchiveCopy
from articles.models.desk import DEFAULT_DESK, Desk
from articles.models.document import CollectionFile, Document, Passage
from articles.models.evidence import Evidence, PrefillRun, Snapshot
from articles.models.host import Host
from articles.models.llm import LlmAnswer, LlmCall, LlmDay, LlmReading, LlmServer
from articles.models.match import ClaimMatch
from articles.models.page import Capture, Page
from articles.models.scoring import DeskScoring, ScoringModel
from articles.models.source import Source, SourceHour, SourceTurn
from articles.models.watch import Watch, WatchItem, WatchLook

__all__ = [
    "DEFAULT_DESK",
    "ArchiveCopy",
    "ArchiveFeed",
    "Article",
    "Capture",
    "CheckedClaim",
    "Claim",
    "ClaimMatch",
    "ClaimMove",
    "ClaimRelation",
    "ClaimSignature",
    "CollectionFile",
    "Desk",
    "DeskScoring",
    "Document",
    "Evidence",
    "Host",
    "LlmAnswer",
    "LlmCall",
    "LlmDay",
    "LlmReading",
    "LlmServer",
    "MatchIndex",
    "Page",
    "Passage",
    "PrefillRun",
    "Revision",
    "ScoringModel",
    "Snapshot",
    "Source",
    "SourceHour",
    "SourceTurn",
    "StoryLink",
    "StoryMark",
    "Watch",
    "WatchItem",
    "WatchLook",
]
