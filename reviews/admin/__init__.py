"""The desk in the admin: the same acts as on its pages, through the same services."""

from reviews.admin import article, claim, desk, people, review, webhook

__all__ = ["article", "claim", "desk", "people", "review", "webhook"]
