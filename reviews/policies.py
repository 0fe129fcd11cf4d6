"""Who may do what. One table for pages, admin and API; superusers get nothing from being superusers here.

Roles are groups; `ROLES` says which permissions a group has (`groups_sync` writes it to the database) and
an administrator may give further permissions to a group or a person in the admin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib.auth.models import Permission
from django.db.models import Q

from reviews.workflow import PublicationAction, ReviewAction

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    from reviews.models import Review

PERMISSIONS: Final = (
    ("read_desk", "Read queue, claims and evidence"),
    ("add_evidence", "Add and weigh evidence"),
    ("edit_claims", "Confirm, dismiss and reword claims"),
    ("write_notes", "Write notes on words"),
    ("propose_verdict", "Take claims and propose verdicts"),
    ("second_review", "Approve other people's verdicts"),
    ("assign_reviews", "Assign claims and set deadlines"),
    ("override_two_person", "Approve alone, with a reason"),
    ("sign_off", "Sign off an article"),
    ("publish", "Publish verdicts"),
    ("correct", "Correct published verdicts"),
    ("retract", "Retract published verdicts"),
    ("ingest", "Hand in articles"),
    ("read_audit", "Read the audit trail"),
)

_READ = ("read_desk",)
_WORK = (*_READ, "add_evidence", "edit_claims", "write_notes", "propose_verdict", "ingest")
ROLES: Final[dict[str, tuple[str, ...]]] = {
    "Viewer": _READ,
    "Reporter": ("write_notes", "ingest"),
    "Researcher": (*_READ, "add_evidence", "write_notes"),
    "Checker": _WORK,
    "Reviewer": (*_WORK, "second_review"),
    "Desk editor": (*_WORK, "second_review", "assign_reviews", "sign_off"),
    "Publisher": (
        *_READ,
        "add_evidence",
        "write_notes",
        "second_review",
        "sign_off",
        "publish",
        "correct",
        "retract",
    ),
    "Source manager": _READ,
    "Administrator": (*_READ, "read_audit"),
    "Auditor": (*_READ, "read_audit"),
}
# What the admin site shows to a role, as app.model pairs it may view, add and change.
ADMIN_MODELS: Final[dict[str, tuple[str, ...]]] = {
    "Source manager": ("articles.source", "articles.document"),
    "Administrator": (
        "articles.source", "articles.document", "auth.user", "auth.group", "core.apikey",
        "reviews.scale", "reviews.verdictlabel", "reviews.deskpolicy", "reviews.webhookendpoint",
    ),
}  # fmt: skip
_SEEN: Final = ("article", "claim", "evidence", "prefillrun", "checkedclaim")
_SEEN_BY_DESK: Final = (*(f"articles.{model}" for model in _SEEN), "reviews.review", "reviews.publication")
_DESK: Final = ("Checker", "Reviewer", "Desk editor", "Publisher", "Administrator", "Source manager")
ADMIN_VIEWS: Final[dict[str, tuple[str, ...]]] = dict.fromkeys(_DESK, _SEEN_BY_DESK) | {
    "Administrator": (*_SEEN_BY_DESK, "reviews.webhookevent", "reviews.webhookdelivery"),
    "Auditor": ("audit.auditevent", "articles.article", "articles.claim", "reviews.review"),
}

REVIEW_NEEDS: Final[dict[ReviewAction, str]] = {
    ReviewAction.TAKE: "propose_verdict",
    ReviewAction.ASSIGN: "assign_reviews",
    ReviewAction.START: "propose_verdict",
    ReviewAction.BLOCK: "propose_verdict",
    ReviewAction.UNBLOCK: "propose_verdict",
    ReviewAction.PROPOSE: "propose_verdict",
    ReviewAction.APPROVE: "second_review",
    ReviewAction.REQUEST_CHANGES: "second_review",
    ReviewAction.RESUME: "propose_verdict",
    ReviewAction.WITHDRAW: "propose_verdict",
    ReviewAction.GIVE_BACK: "propose_verdict",
    ReviewAction.REOPEN: "assign_reviews",
}
_ASSIGNEE_ONLY: Final = frozenset(
    {ReviewAction.START, ReviewAction.BLOCK, ReviewAction.UNBLOCK, ReviewAction.PROPOSE, ReviewAction.RESUME}
)
_ASSIGNEE_OR_EDITOR: Final = frozenset({ReviewAction.GIVE_BACK, ReviewAction.WITHDRAW})
PUBLICATION_NEEDS: Final[dict[PublicationAction, str]] = {
    PublicationAction.SCHEDULE: "publish",
    PublicationAction.CANCEL: "publish",
    PublicationAction.PUBLISH: "publish",
    PublicationAction.CORRECT: "correct",
    PublicationAction.RETRACT: "retract",
}
_HOLDERS: Final[dict[str, str]] = {
    permission: ", ".join(role for role, held in ROLES.items() if permission in held) for permission, _ in PERMISSIONS
}


@dataclass(frozen=True, slots=True)
class Decision:
    """May it be done, and if not, the code and the sentence that say why."""

    allowed: bool
    code: str = "workflow.not_allowed"
    needs: str = ""


ALLOWED: Final = Decision(allowed=True)


def granted(person: User | AnonymousUser) -> frozenset[str]:
    """Codenames of the desk permissions this person holds through groups or directly; asked once a person."""
    if not person.is_active or person.pk is None:
        return frozenset()
    held: frozenset[str] | None = getattr(person, "_desk_permissions", None)
    if held is None:
        of_person = Q(group__user=person) | Q(user=person)
        names = [name for name, _ in PERMISSIONS]
        held = frozenset(
            Permission.objects.filter(of_person, content_type__app_label="reviews", codename__in=names)
            .values_list("codename", flat=True)
            .distinct()
        )
        person.__dict__["_desk_permissions"] = held
    return held


def may(person: User | AnonymousUser, permission: str) -> Decision:
    """Whether the person holds a desk permission."""
    if permission in granted(person):
        return ALLOWED
    return Decision(allowed=False, needs=f"This is for: {_HOLDERS.get(permission) or 'nobody by default'}.")


def may_review(person: User, action: ReviewAction, review: Review) -> Decision:
    """Whether the person may do `action` to this review now: role first, then the object's own rules."""
    needed = REVIEW_NEEDS.get(action)
    if needed is None:  # CLOSE and SECOND_REVIEW follow from other acts and are nobody's to ask for
        return Decision(allowed=False, needs="It happens by itself.")
    by_role = may(person, needed)
    if not by_role.allowed:
        return by_role
    mine = review.assignee_id == person.pk
    if action in _ASSIGNEE_ONLY and not mine:
        return Decision(allowed=False, needs="Only the person who has the claim can. Take it over first.")
    if action in _ASSIGNEE_OR_EDITOR and not mine and "assign_reviews" not in granted(person):
        return Decision(allowed=False, needs="Only the person who has the claim or a desk editor can.")
    return ALLOWED


def visible(person: User | AnonymousUser) -> Q:
    """The condition on articles that this person may see; the same rule as `may(person, "read_desk")`."""
    if "read_desk" in granted(person):
        return Q()
    if "ingest" in granted(person):
        return Q(created_by=person)
    return Q(pk__in=[])
