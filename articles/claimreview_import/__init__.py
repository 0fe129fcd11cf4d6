"""ClaimReview as it is really published: every container, every odd value, one plain record out. Pure Python."""

from articles.claimreview_import.containers import reviews_in
from articles.claimreview_import.review import Refusal, Review, Taken, review_from

__all__ = ["Refusal", "Review", "Taken", "review_from", "reviews_in"]
