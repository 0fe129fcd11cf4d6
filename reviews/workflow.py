"""What may happen to a review and to a publication. Pure tables; `reviews.services` writes the states."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from factcheck.core.machine import Machine


class ReviewState(StrEnum):
    QUEUED = "queued"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    PROPOSED = "proposed"
    SECOND_REVIEW = "second_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    CLOSED = "closed"


class ReviewAction(StrEnum):
    TAKE = "take"
    ASSIGN = "assign"
    START = "start"
    BLOCK = "block"
    UNBLOCK = "unblock"
    PROPOSE = "propose"
    SECOND_REVIEW = "second_review"
    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    GIVE_BACK = "give_back"
    HAND_OVER = "hand_over"
    TAKE_OVER = "take_over"
    REOPEN = "reopen"
    CLOSE = "close"


_S, _A = ReviewState, ReviewAction
# Held by a person, or about to be: these can be handed over and given back.
HELD: Final = (_S.ASSIGNED, _S.IN_PROGRESS, _S.BLOCKED, _S.CHANGES_REQUESTED)
ENDED: Final = frozenset({_S.APPROVED, _S.CLOSED})

REVIEW: Final = Machine(
    "review",
    {
        (_S.QUEUED, _A.TAKE): _S.ASSIGNED,
        (_S.QUEUED, _A.ASSIGN): _S.ASSIGNED,
        (_S.ASSIGNED, _A.START): _S.IN_PROGRESS,
        (_S.IN_PROGRESS, _A.BLOCK): _S.BLOCKED,
        (_S.BLOCKED, _A.UNBLOCK): _S.IN_PROGRESS,
        (_S.IN_PROGRESS, _A.PROPOSE): _S.PROPOSED,
        (_S.PROPOSED, _A.SECOND_REVIEW): _S.SECOND_REVIEW,
        (_S.PROPOSED, _A.APPROVE): _S.APPROVED,
        (_S.SECOND_REVIEW, _A.APPROVE): _S.APPROVED,
        (_S.SECOND_REVIEW, _A.REQUEST_CHANGES): _S.CHANGES_REQUESTED,
        (_S.CHANGES_REQUESTED, _A.RESUME): _S.IN_PROGRESS,
        (_S.PROPOSED, _A.WITHDRAW): _S.IN_PROGRESS,
        (_S.SECOND_REVIEW, _A.WITHDRAW): _S.IN_PROGRESS,
        **{(state, _A.ASSIGN): _S.ASSIGNED for state in HELD},
        **{(state, _A.GIVE_BACK): _S.QUEUED for state in HELD},
        # Who waits for a reply goes on waiting for it, whoever has the claim.
        **{(state, _A.HAND_OVER): _S.BLOCKED if state == _S.BLOCKED else _S.ASSIGNED for state in HELD},
        **{(state, _A.TAKE_OVER): _S.BLOCKED if state == _S.BLOCKED else _S.IN_PROGRESS for state in HELD},
        (_S.APPROVED, _A.REOPEN): _S.IN_PROGRESS,
        (_S.APPROVED, _A.CLOSE): _S.CLOSED,
    },
)


class QueryState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    NO_REPLY = "no_reply"
    WITHDRAWN = "withdrawn"
    WAIVED = "waived"


class QueryAction(StrEnum):
    ANSWER = "answer"
    EXPIRE = "expire"
    EXTEND = "extend"
    WITHDRAW = "withdraw"


_Q, _K = QueryState, QueryAction

QUERY: Final = Machine(
    "query",
    {
        (_Q.OPEN, _K.ANSWER): _Q.ANSWERED,
        (_Q.OPEN, _K.EXPIRE): _Q.NO_REPLY,
        (_Q.OPEN, _K.EXTEND): _Q.OPEN,
        (_Q.OPEN, _K.WITHDRAW): _Q.WITHDRAWN,
        # Late is better than never; and somebody may be given more time after all.
        (_Q.NO_REPLY, _K.ANSWER): _Q.ANSWERED,
        (_Q.NO_REPLY, _K.EXTEND): _Q.OPEN,
    },
)


class PublicationState(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    LIVE = "live"
    RETRACTED = "retracted"
    WITHDRAWN = "withdrawn"


class PublicationAction(StrEnum):
    SCHEDULE = "schedule"
    CANCEL = "cancel"
    PUBLISH = "publish"
    CORRECT = "correct"
    RETRACT = "retract"
    WITHDRAW = "withdraw"
    REDRAFT = "redraft"


_P, _B = PublicationState, PublicationAction

PUBLICATION: Final = Machine(
    "publication",
    {
        (_P.DRAFT, _B.SCHEDULE): _P.SCHEDULED,
        (_P.SCHEDULED, _B.CANCEL): _P.DRAFT,
        (_P.DRAFT, _B.PUBLISH): _P.LIVE,
        (_P.SCHEDULED, _B.PUBLISH): _P.LIVE,
        (_P.LIVE, _B.CORRECT): _P.LIVE,
        (_P.LIVE, _B.RETRACT): _P.RETRACTED,
        # A draft whose verdict was reopened before anybody saw it.
        (_P.DRAFT, _B.WITHDRAW): _P.WITHDRAWN,
        (_P.SCHEDULED, _B.WITHDRAW): _P.WITHDRAWN,
        # The next verdict on the same claim was approved; the page keeps its address.
        (_P.DRAFT, _B.REDRAFT): _P.DRAFT,
        (_P.SCHEDULED, _B.REDRAFT): _P.DRAFT,
        (_P.WITHDRAWN, _B.REDRAFT): _P.DRAFT,
    },
)
