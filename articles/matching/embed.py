"""The sentence encoder under the name matching knows it by; `articles.ranking.embed` has it, since both need it."""

from articles.ranking.embed import DIMENSIONS, SCALE, Embedder, UniversalSentenceEncoder, embedder, packed

__all__ = ["DIMENSIONS", "SCALE", "Embedder", "UniversalSentenceEncoder", "embedder", "packed"]
