"""Sources and their documents in the admin; what people judge is registered by `reviews`."""

from articles.admin import archive, document, llm, scoring, source, watch

__all__ = ["archive", "document", "llm", "scoring", "source", "watch"]
