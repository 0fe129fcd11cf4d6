"""Everything that reads articles, claims, sources and evidence."""
