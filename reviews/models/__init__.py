"""One file a noun; import the names from here."""

from reviews.models.annotation import Annotation
from reviews.models.desk import Membership
from reviews.models.draft import Draft, Lease
from reviews.models.followup import FollowUp
from reviews.models.label import ClaimLabel
from reviews.models.letter import Letter
from reviews.models.material import Material
from reviews.models.notice import ChatRoom, Notice, NoticeChoice, Outgoing, PersonSettings
from reviews.models.opinion import Opinion, Recusal
from reviews.models.profile import Colleague, Profile
from reviews.models.publication import KeptPage, Publication, PublicationVersion
from reviews.models.query import Contact, Query, VerdictReply
from reviews.models.review import Review
from reviews.models.scale import DeskPolicy, Scale, VerdictLabel
from reviews.models.signoff import LineByLine, SentenceMark, SignOff
from reviews.models.submission import Submission
from reviews.models.tag import Tag
from reviews.models.toolspage import ToolsPage
from reviews.models.triage import Check, HarmAnswers, RuleGave, TriageRule
from reviews.models.undo import UndoStep
from reviews.models.verdict import Verdict, VerdictEvidence
from reviews.models.view import SavedView
from reviews.models.webhook import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent
from reviews.models.worklist import TickChange, TicksCarried

__all__ = [
    "Annotation",
    "ChatRoom",
    "Check",
    "ClaimLabel",
    "Colleague",
    "Contact",
    "DeskPolicy",
    "Draft",
    "FollowUp",
    "HarmAnswers",
    "KeptPage",
    "Lease",
    "Letter",
    "LineByLine",
    "Material",
    "Membership",
    "Notice",
    "NoticeChoice",
    "Opinion",
    "Outgoing",
    "PersonSettings",
    "Profile",
    "Publication",
    "PublicationVersion",
    "Query",
    "Recusal",
    "Review",
    "RuleGave",
    "SavedView",
    "Scale",
    "SentenceMark",
    "SignOff",
    "Submission",
    "Tag",
    "TickChange",
    "TicksCarried",
    "ToolsPage",
    "TriageRule",
    "UndoStep",
    "Verdict",
    "VerdictEvidence",
    "VerdictLabel",
    "VerdictReply",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
]
