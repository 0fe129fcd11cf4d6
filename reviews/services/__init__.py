"""Everything that writes judgement; import the functions from their files."""
