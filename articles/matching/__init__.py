"""Has this been checked before? Words and meaning find candidates, evidence orders them and says why."""

from articles.matching.index import Entry, Hit, Index
from articles.matching.weighing import Asked, Candidate, Match, Query, asked, rank, text_to_index
from articles.matching.words import claim_proper, packed_words
from articles.ranking.embed import Embedder, embedder, packed

__all__ = [
    "Asked",
    "Candidate",
    "Embedder",
    "Entry",
    "Hit",
    "Index",
    "Match",
    "Query",
    "asked",
    "claim_proper",
    "embedder",
    "packed",
    "packed_words",
    "rank",
    "text_to_index",
]
