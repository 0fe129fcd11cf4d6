"""Language models as a second reader of a story, behind any OpenAI-compatible address. No database in here."""
