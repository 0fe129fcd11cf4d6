"""Who may do what. One table for pages, admin and API; superusers get nothing from being superusers here.

Roles are groups; `ROLES` says which permissions a group has (`groups_sync` writes it to the database) and
an administrator may give further permissions to a group or a person in the admin.

Desks: a role held as a group counts on every desk without a wall. A role given on a desk counts there. Behind
a wall only the second kind counts, so that an instance with one open desk needs to know nothing of this.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext as _

from articles.choices import Mode
from articles.models import Article, Desk
from factcheck.core.beside import Beside
from reviews.workflow import PublicationAction, ReviewAction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Model, QuerySet

    from articles.models import Claim
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
    "Source manager": ("articles.source", "articles.document", "articles.watch", "articles.archivefeed"),
    "Administrator": (
        "articles.source", "articles.document", "articles.watch", "articles.archivefeed", "auth.user", "auth.group",
        "core.apikey",
        "reviews.scale", "reviews.verdictlabel", "reviews.deskpolicy", "reviews.webhookendpoint", "articles.desk",
        "reviews.membership", "reviews.chatroom", "reviews.profile", "reviews.colleague",
        "reviews.triagerule",
    ),
}  # fmt: skip
_SEEN: Final = ("article", "claim", "evidence", "prefillrun", "checkedclaim", "claimmatch", "page")
_SEEN_BY_DESK: Final = (
    *(f"articles.{model}" for model in _SEEN),
    "reviews.review",
    "reviews.publication",
    "reviews.followup",
    "reviews.query",
    "reviews.submission",
    "reviews.savedview",
)
_WATCHED: Final = ("articles.watchlook", "articles.watchitem", "articles.archivecopy")
_SENT: Final = ("reviews.webhookevent", "reviews.webhookdelivery", "reviews.outgoing", "reviews.toolspage")
_DESK: Final = ("Checker", "Reviewer", "Desk editor", "Publisher", "Administrator", "Source manager")
ADMIN_VIEWS: Final[dict[str, tuple[str, ...]]] = dict.fromkeys(_DESK, _SEEN_BY_DESK) | {
    "Administrator": (
        *_SEEN_BY_DESK,
        *_SENT,
        "reviews.letter",
        *_WATCHED,
    ),
    "Source manager": (*_SEEN_BY_DESK, *_WATCHED),
    "Auditor": ("audit.auditevent", "articles.article", "articles.claim", "reviews.review"),
}

# Either right lets somebody read and answer what readers wrote.
LETTER_RIGHTS: Final = frozenset({"assign_reviews", "correct"})
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
    ReviewAction.HAND_OVER: "propose_verdict",
    ReviewAction.TAKE_OVER: "propose_verdict",
    ReviewAction.REOPEN: "assign_reviews",
}
_ASSIGNEE_ONLY: Final = frozenset(
    {
        ReviewAction.START, ReviewAction.BLOCK, ReviewAction.UNBLOCK, ReviewAction.PROPOSE, ReviewAction.RESUME,
        ReviewAction.HAND_OVER,
    }
)  # fmt: skip
_ASSIGNEE_OR_EDITOR: Final = frozenset({ReviewAction.GIVE_BACK, ReviewAction.WITHDRAW})
PUBLICATION_NEEDS: Final[dict[PublicationAction, str]] = {
    PublicationAction.SCHEDULE: "publish",
    PublicationAction.CANCEL: "publish",
    PublicationAction.PUBLISH: "publish",
    PublicationAction.CORRECT: "correct",
    PublicationAction.RETRACT: "retract",
}
_HOLDERS: Final[dict[str, str]] = {
    permission: ", ".join(role for role, held in ROLES.items() if permission in held)
    for permission, _words in PERMISSIONS
}


@dataclass(frozen=True, slots=True)
class Decision:
    """May it be done, and if not, the code and the sentence that say why."""

    allowed: bool
    code: str = "workflow.not_allowed"
    needs: str = ""


ALLOWED: Final = Decision(allowed=True)


@dataclass(frozen=True, slots=True)
class Rights:
    """What one person may do: with the roles of their groups, and with those they hold on a desk.

    `walls` are the desks behind a wall, where the roles of groups do not count. `away_articles` and `away_claims`
    are what the person keeps out of because of a conflict.
    """

    open: frozenset[str] = frozenset()
    on: Mapping[int, frozenset[str]] = field(default_factory=dict)
    walls: frozenset[int] = frozenset()
    away_articles: frozenset[int] = frozenset()
    away_claims: frozenset[int] = frozenset()

    def at(self, desk: int) -> frozenset[str]:
        """The permissions held on one desk."""
        held = self.on.get(desk, frozenset())
        return held if desk in self.walls else self.open | held

    @property
    def anywhere(self) -> frozenset[str]:
        """The permissions held on at least one desk."""
        return self.open.union(*self.on.values())

    def hidden(self, permission: str = "read_desk") -> frozenset[int]:
        """The desks behind a wall where the person does not hold the permission."""
        return frozenset(desk for desk in self.walls if permission not in self.at(desk))

    def desks(self, permission: str) -> frozenset[int]:
        """The desks where a role given there holds the permission."""
        return frozenset(desk for desk, held in self.on.items() if permission in held)


def rights_of(person: User | AnonymousUser) -> Rights:
    """Everything the person may do on every desk: came with whoever is signed in, else one query, asked once."""
    if not person.is_active or person.pk is None:
        return Rights()
    held: Rights | None = getattr(person, "_desk_rights", None)
    if held is None:
        held = person.__dict__["_desk_rights"] = _ask_rights(person.pk)
    return held


@cache
def rights_beside() -> dict[str, Beside]:
    """What rights are made of, to be read in a query that finds people (`accounts.DeskBackend`)."""
    me = OuterRef("pk")
    named = [name for name, _words in PERMISSIONS]
    ours = Permission.objects.filter(content_type__app_label="reviews", codename__in=named).order_by()
    on_desks = ours.filter(group__memberships__person=me).annotate(desk=F("group__memberships__desk"))
    kept_out = apps.get_model("reviews", "Recusal").objects.filter(person=me, lifted_at=None)
    return {
        "rights_open": Beside(ours.filter(Q(group__user=me) | Q(user=me)), ("codename",)),
        "rights_on": Beside(on_desks, ("codename", "desk")),
        "rights_walls": Beside(Desk.objects.filter(walled=True), ("id",)),
        "rights_away": Beside(kept_out, ("article_id", "claim_id")),
    }


@cache
def _with_rights() -> QuerySet[User, Any]:
    return User.objects.order_by().values(**rights_beside())


def _ask_rights(person: int) -> Rights:
    found: dict[str, Any] | None = _with_rights().filter(pk=person).first()
    return Rights() if found is None else _rights_from(found)


def _rights_from(found: Mapping[str, Any]) -> Rights:
    on: dict[int, set[str]] = {}
    for one in found["rights_on"]:
        on.setdefault(one["desk"], set()).add(one["codename"])
    away = found["rights_away"]
    return Rights(
        frozenset(one["codename"] for one in found["rights_open"]),
        {desk: frozenset(names) for desk, names in on.items()},
        frozenset(one["id"] for one in found["rights_walls"]),
        frozenset(one["article_id"] for one in away if one["claim_id"] is None),
        frozenset(one["claim_id"] for one in away if one["claim_id"] is not None),
    )


def rights_keep(person: User) -> None:
    """Take over what came along with a person who was found with `rights_beside`."""
    person.__dict__["_desk_rights"] = _rights_from(person.__dict__)


def rights_forget(person: User) -> None:
    """Ask anew what this person may do: something of it was changed while they are at work."""
    person.__dict__.pop("_desk_rights", None)


def wrote(person: User | AnonymousUser, article: Article) -> bool:
    """Whether this person is the author: named as one, or who handed in the desk's own text."""
    name = person.get_full_name().casefold() if isinstance(person, User) else ""
    named = bool(name) and name in {str(author).casefold() for author in article.authors}
    return named or (article.mode == Mode.PRE_PUBLICATION and article.created_by_id == person.pk)


def stays_away(person: User | AnonymousUser, claim: Claim) -> bool:
    """Whether the person keeps out of this claim because of a conflict."""
    rights = rights_of(person)
    return claim.pk in rights.away_claims or claim.article_id in rights.away_articles


# What somebody with a conflict may still do: let go of what they have.
_LETS_GO: Final = frozenset({ReviewAction.GIVE_BACK, ReviewAction.HAND_OVER, ReviewAction.WITHDRAW})


def conflict_of(person: User | AnonymousUser, claim: Claim) -> Decision:
    """Whether the person may judge this claim as far as conflicts go: not their text, nor what they keep out of."""
    if wrote(person, claim.article):
        return Decision(allowed=False, code="review.author")
    if stays_away(person, claim):
        return Decision(allowed=False, code="review.recused")
    return ALLOWED


def granted(person: User | AnonymousUser, desk: int | None = None) -> frozenset[str]:
    """Codenames of the permissions this person holds on a desk; without one, on any desk at all."""
    rights = rights_of(person)
    return rights.anywhere if desk is None else rights.at(desk)


def may(person: User | AnonymousUser, permission: str, desk: int | None = None) -> Decision:
    """Whether the person holds a permission on the desk; without one, whether they do on any.

    Ask without a desk only to open a door (a page, an endpoint, a list): every act on a thing asks with the
    desk of the thing.
    """
    if permission in granted(person, desk):
        return ALLOWED
    return Decision(allowed=False, needs=f"This is for: {_HOLDERS.get(permission) or 'nobody by default'}.")


# The fields that lead from a thing to its article.
_ABOVE: Final = ("article", "claim", "review", "revision", "evidence", "desk")


def desk_of(thing: Model) -> int:
    """The key of the desk a thing belongs to: that of its article. Raises TypeError for what is on no desk."""
    if isinstance(thing, Desk):
        return thing.pk
    if isinstance(thing, Article):
        assert thing.desk_id is not None  # the column takes no null; the stubs think so because of its default
        return thing.desk_id
    for name in _ABOVE:
        above = getattr(thing, name, None)
        if above is not None:
            return desk_of(above)
    raise TypeError(f"{thing!r} is on no desk")


def may_review(person: User, action: ReviewAction, review: Review, *, typing: bool = False) -> Decision:
    """Whether the person may do `action` to this review now: role first, then the object's own rules.

    `typing` is whether somebody else is typing its verdict at this moment (`services.lease`).
    """
    needed = REVIEW_NEEDS.get(action)
    if needed is None:  # CLOSE and SECOND_REVIEW follow from other acts and are nobody's to ask for
        return Decision(allowed=False, needs=_("It happens by itself."))
    desk = desk_of(review)
    by_role = may(person, needed, desk)
    if not by_role.allowed:
        return by_role
    conflict = ALLOWED if action in _LETS_GO else conflict_of(person, review.claim)
    if action is not ReviewAction.ASSIGN and not conflict.allowed:
        return conflict
    mine = review.assignee_id == person.pk
    if action in _ASSIGNEE_ONLY and not mine:
        return Decision(allowed=False, needs=_("Only the person who has the claim can. Take it over first."))
    if action in _ASSIGNEE_OR_EDITOR and not mine and "assign_reviews" not in granted(person, desk):
        return Decision(allowed=False, needs=_("Only the person who has the claim or a desk editor can."))
    if action is ReviewAction.TAKE_OVER and mine:
        return Decision(allowed=False, needs=_("You have this claim."))
    if action is ReviewAction.TAKE_OVER and typing and "assign_reviews" not in granted(person, desk):
        return Decision(allowed=False, needs=_("While somebody types, only a desk editor can. You can ask."))
    return ALLOWED


def visible(person: User | AnonymousUser, at: str = "") -> Q:
    """The condition on articles that this person may see; the same rule as `sees`.

    `at` leads to the article where the condition is on something else: "article__" for claims. Somebody who reads
    every desk gets the empty condition, which costs a query nothing.
    """
    rights = rights_of(person)
    hidden = rights.hidden()
    if "read_desk" in rights.open and not hidden:
        return Q()
    here = f"{at}desk__in"
    reads_open = "read_desk" in rights.open
    seen = ~Q(**{here: hidden}) if reads_open else Q(**{here: rights.desks("read_desk")})
    return seen | _own(person, rights, at)


def _own(person: User | AnonymousUser, rights: Rights, at: str) -> Q:
    """The texts a person handed in themselves, on the desks where they may."""
    own = Q(**{f"{at}created_by": person.pk})
    on = Q(**{f"{at}desk__in": rights.desks("ingest")})
    if "ingest" in rights.open:
        on |= ~Q(**{f"{at}desk__in": rights.walls})
    return own & on


def sees(person: User | AnonymousUser, article: Article) -> bool:
    """Whether the person may see this article: they read its desk, or they handed it in there."""
    held = granted(person, desk_of(article))
    return "read_desk" in held or ("ingest" in held and article.created_by_id == person.pk and person.pk is not None)


def within_walls(person: User | AnonymousUser, at: str = "") -> Q:
    """The condition that leaves out what stands behind walls the person does not read; for the admin's lists.

    Who may open those lists at all is told by Django's own permissions; a wall holds for superusers too.
    """
    hidden = rights_of(person).hidden()
    return ~Q(**{f"{at}desk__in": hidden}) if hidden else Q()
