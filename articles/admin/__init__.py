"""Sources and their documents in the admin; what people judge is registered by `reviews`."""

from articles.admin import archive, archive_feed, document, llm, scoring, source, watch

__all__ = ["archive", "archive_feed", "document", "llm", "scoring", "source", "watch"]
