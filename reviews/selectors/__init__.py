"""Everything that reads judgement."""
