"""What statistics connectors have in common: the figures a claim names, to stand beside the published ones."""

from __future__ import annotations

import re
from typing import Final

_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_FIGURE: Final = re.compile(r"\d[\d.,]*(?:\s*(?:%|per ?cent|percent|million|billion|trillion))?")


def years_in(claim: str) -> list[int]:
    """The years named, in order of time."""
    return sorted({int(year) for year in _YEAR.findall(claim)})


def figures_in(claim: str) -> str:
    """The figures named, years left out, as one string for people."""
    return ", ".join(one.strip(" .,") for one in _FIGURE.findall(_YEAR.sub("", claim)))


def names(name: str, claim: str) -> bool:
    """Whether the claim names this country, also without what stands behind a comma, bracket or dash of its name."""
    plain = re.split(r"\s*[,(]|\s+[-–]\s+", name)[0].strip()
    return bool(plain) and bool(re.search(rf"\b{re.escape(plain)}(?:'s|’s)?(?!\w)", claim, re.IGNORECASE))


def beside(title: str, claim: str) -> str:
    """The title with what the claim says."""
    claimed = figures_in(claim)
    return f"{title} (the claim says {claimed})" if claimed else title
