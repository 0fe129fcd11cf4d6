"""Whether two texts are versions of one story, and which of their claims are one claim. Pure Python and numpy."""
