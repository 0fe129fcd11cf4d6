"""What became of a text somebody asked to have checked, as that colleague sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.workflow import ArticleState
from reviews import access
from reviews.choices import SubmissionState
from reviews.models import SignOff, Submission
from reviews.selectors.standing import standing_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.contrib.auth.models import User

LISTED: Final = 50
# What ends the way of an article, or stops it for a while, whatever was found in it.
_ENDS: Final = {
    ArticleState.HELD: ("on_hold", gettext_lazy("On hold")),
    ArticleState.REJECTED: ("rejected", gettext_lazy("Not checked")),
    ArticleState.SIGNED_OFF: ("signed_off", gettext_lazy("Signed off")),
    ArticleState.RELEASED: ("released", gettext_lazy("Released")),
    ArticleState.ARCHIVED: ("archived", gettext_lazy("Archived")),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the way: done, the one it is at, or still to come."""

    words: str
    done: bool
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """`key` is stable for programs, `word` for people; `closed` of the `claims` found are done."""

    key: str
    word: str
    claims: int = 0
    closed: int = 0
    read_at: datetime | None = None
    signed_at: datetime | None = None
    signed_by: str = ""
    revision: int | None = None
    error: str = ""

    def steps(self, received_at: datetime) -> list[Step]:
        found = ngettext("%(many)s claim found", "%(many)s claims found", self.claims) % {"many": self.claims}
        checked = self.read_at is not None and self.closed == self.claims
        return [
            Step(_("Received"), True, received_at),
            Step(_("Read") if self.error == "" else _("Could not be read"), self.read_at is not None, self.read_at),
            Step(found if self.read_at else _("Claims found"), self.read_at is not None),
            Step(
                (_("%(closed)s of %(claims)s checked") % {"closed": self.closed, "claims": self.claims})
                if self.read_at
                else _("Checked"),
                checked,
            ),
            Step(
                (_("Signed off by %(signed_by)s") % {"signed_by": self.signed_by})
                if self.signed_by
                else _("Signed off"),
                bool(self.signed_at),
                self.signed_at,
            ),
        ]


def status_of(submission: Submission) -> Status:
    """How far it is now; at most seven queries, however many claims."""
    if submission.state == SubmissionState.REFUSED:
        return Status("refused", _("Could not be taken"), error=submission.error_detail)
    article = submission.article
    if submission.state == SubmissionState.FETCHING or article is None:
        return Status("fetching", _("Being fetched"), error=submission.error_detail)
    current = article.current
    if current is None or current.extracted_at is None:
        error = current.extraction_error if current else ""
        key, word = _ENDS.get(ArticleState(article.state), ("received", _("Received, not read yet")))
        return Status(key, str(word), revision=current.number if current else None, error=error)
    standing = standing_of(article)
    done = standing.claims - standing.open
    signed = SignOff.objects.filter(article=article, revision=current).order_by("-pk").first()
    is_signed = article.state in (ArticleState.SIGNED_OFF, ArticleState.RELEASED, ArticleState.ARCHIVED)
    in_check = ("checked", _("Checked, not signed off yet")) if standing.ready else ("in_check", _("Being checked"))
    key, word = _ENDS.get(ArticleState(article.state), in_check)
    return Status(
        key, str(word), claims=standing.claims, closed=done, read_at=current.extracted_at, revision=current.number,
        signed_at=signed.signed_at if signed and is_signed else None,
        signed_by=signed.signed_by_name if signed and is_signed else "",
    )  # fmt: skip


def submissions_of(person: User, *, before: int | None = None) -> tuple[list[Submission], int | None]:
    """Requests this person may see, newest first, and where the next page begins; one query."""
    found = access.submissions(person).select_related("article", "desk").order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: LISTED + 1])
    return rows[:LISTED], rows[LISTED - 1].pk if len(rows) > LISTED else None


def asked_for(articles: Iterable[int]) -> dict[int, Submission]:
    """For each article that somebody asked for, the request that is due first, else the first; one query."""
    found = Submission.objects.filter(article__in=list(articles))
    kept: dict[int, Submission] = {}
    for one in sorted(found, key=lambda one: (one.due_at is None, one.due_at or one.created_at, one.pk)):
        kept.setdefault(one.article_id or 0, one)
    return kept
