"""Sources and their documents in the admin; what people judge is registered by `reviews`."""

from articles.admin import archive, document, source

__all__ = ["archive", "document", "source"]
