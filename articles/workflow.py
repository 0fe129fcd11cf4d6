"""What may happen to an article and to a claim. Pure tables; one service each writes the states."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from factcheck.core.machine import Machine


class ArticleState(StrEnum):
    RECEIVED = "received"
    PARSED = "parsed"
    IN_CHECK = "in_check"
    COMPLETE = "complete"
    SIGNED_OFF = "signed_off"
    RELEASED = "released"
    HELD = "held"
    REJECTED = "rejected"
    ARCHIVED = "archived"


class ArticleAction(StrEnum):
    PARSE = "parse"
    OPEN = "open"
    COMPLETE = "complete"
    RESUME_CHECK = "resume_check"
    SIGN_OFF = "sign_off"
    RELEASE = "release"
    HOLD = "hold"
    RESUME = "resume"
    REJECT = "reject"
    ARCHIVE = "archive"


_OPEN: Final = (ArticleState.RECEIVED, ArticleState.PARSED, ArticleState.IN_CHECK, ArticleState.COMPLETE)

ARTICLE: Final = Machine(
    "article",
    {
        (ArticleState.RECEIVED, ArticleAction.PARSE): ArticleState.PARSED,
        (ArticleState.PARSED, ArticleAction.OPEN): ArticleState.IN_CHECK,
        (ArticleState.IN_CHECK, ArticleAction.COMPLETE): ArticleState.COMPLETE,
        (ArticleState.COMPLETE, ArticleAction.RESUME_CHECK): ArticleState.IN_CHECK,
        (ArticleState.SIGNED_OFF, ArticleAction.RESUME_CHECK): ArticleState.IN_CHECK,
        (ArticleState.COMPLETE, ArticleAction.SIGN_OFF): ArticleState.SIGNED_OFF,
        (ArticleState.SIGNED_OFF, ArticleAction.RELEASE): ArticleState.RELEASED,
        (ArticleState.RELEASED, ArticleAction.ARCHIVE): ArticleState.ARCHIVED,
        (ArticleState.RECEIVED, ArticleAction.REJECT): ArticleState.REJECTED,
        (ArticleState.PARSED, ArticleAction.REJECT): ArticleState.REJECTED,
        (ArticleState.REJECTED, ArticleAction.ARCHIVE): ArticleState.ARCHIVED,
        **{(state, ArticleAction.HOLD): ArticleState.HELD for state in _OPEN},
        # What was held goes back to where its text is: the checks that led further are made again.
        (ArticleState.HELD, ArticleAction.RESUME): ArticleState.PARSED,
    },
)


class ClaimState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    MERGED = "merged"
    SPLIT = "split"


# A claim that somebody may still check: neither put aside nor part of another.
CLAIM_OPEN: Final = (ClaimState.PROPOSED, ClaimState.CONFIRMED)


class ClaimAction(StrEnum):
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    RESTORE = "restore"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"
    UNSPLIT = "unsplit"


CLAIM: Final = Machine(
    "claim",
    {
        (ClaimState.PROPOSED, ClaimAction.CONFIRM): ClaimState.CONFIRMED,
        (ClaimState.PROPOSED, ClaimAction.DISMISS): ClaimState.DISMISSED,
        (ClaimState.CONFIRMED, ClaimAction.DISMISS): ClaimState.DISMISSED,
        (ClaimState.DISMISSED, ClaimAction.RESTORE): ClaimState.CONFIRMED,
        (ClaimState.CONFIRMED, ClaimAction.MERGE): ClaimState.MERGED,
        (ClaimState.MERGED, ClaimAction.UNMERGE): ClaimState.CONFIRMED,
        (ClaimState.CONFIRMED, ClaimAction.SPLIT): ClaimState.SPLIT,
        (ClaimState.SPLIT, ClaimAction.UNSPLIT): ClaimState.CONFIRMED,
    },
)
