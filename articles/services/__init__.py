"""Everything that writes articles, claims, sources and evidence; import the functions from their files."""
