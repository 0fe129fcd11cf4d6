"""The desk in the admin: the same acts as on its pages, through the same services."""

from reviews.admin import (
    article,
    audit,
    claim,
    desk,
    desks,
    followup,
    letter,
    notices,
    pages,
    people,
    profile,
    review,
    submission,
    triage,
    watch,
    webhook,
)

__all__ = [
    "article",
    "audit",
    "claim",
    "desk",
    "desks",
    "followup",
    "letter",
    "notices",
    "pages",
    "people",
    "profile",
    "review",
    "submission",
    "triage",
    "watch",
    "webhook",
]
