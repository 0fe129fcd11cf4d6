"""Has this been checked before? Words and meaning find candidates, evidence orders them and says why."""

from articles.matching.difference import Piece, differences
from articles.matching.index import Entry, Hit, Index
from articles.matching.weighing import Asked, Candidate, Match, Query, asked, rank, text_to_index, version
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
    "Piece",
    "Query",
    "asked",
    "claim_proper",
    "differences",
    "embedder",
    "packed",
    "packed_words",
    "rank",
    "text_to_index",
    "version",
]
