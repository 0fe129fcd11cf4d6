"""How fast pages are read, against trafilatura alone on the same pages in the same run.

    python benchmarks/bench_ingest.py [FOLDER] [--pages 60] [--rounds 5]

FOLDER holds .html files; without it pages are made up: stories of 5 to 60 paragraphs inside the furniture of a
news site (navigation, pictures, links to other stories, comments, scripts).
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import trafilatura

from articles.ingest.html import parse_html
from benchmarks.report import write

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 7
WORDS = [
    "the",
    "council",
    "of",
    "port",
    "almar",
    "agreed",
    "on",
    "monday",
    "to",
    "close",
    "old",
    "fish",
    "market",
    "by",
    "end",
    "year",
    "mayor",
    "said",
    "traders",
    "were",
    "not",
    "asked",
    "before",
    "vote",
    "was",
    "taken",
    "and",
    "hall",
    "built",
    "in",
    "is",
    "to",
    "be",
    "sold",
    "rate",
    "fell",
    "percent",
    "according",
    "statistics",
    "office",
    "which",
    "will",
    "publish",
    "revised",
    "figures",
    "after",
    "minister",
    "told",
    "reporters",
    "during",
    "briefing",
    "capital",
]
SPOKEN = sorted(WORDS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    pages = read(options.folder) if options.folder else made_up(options.pages)
    contestants: dict[str, Callable[[str], object]] = {
        "parse_html": parse_html,
        "trafilatura text": lambda page: trafilatura.extract(page, include_comments=False),
        "trafilatura text and metadata": lambda page: trafilatura.extract(
            page, include_comments=False, with_metadata=True, output_format="json"
        ),
    }
    taken = measure(pages, contestants, options.rounds)
    figures = {
        name: {"ms_per_page": round(ms, 2), "pages_per_second": round(1000 / ms)} for name, ms in taken.items()
    }
    ratios = {f"times as fast as {name}": round(ms / taken["parse_html"], 2) for name, ms in taken.items()}
    size = sum(map(len, pages)) // len(pages)
    write("ingest", {"pages": len(pages), "characters_per_page": size, **figures, **ratios})


def measure(pages: list[str], contestants: dict[str, Callable[[str], object]], rounds: int) -> dict[str, float]:
    """Median milliseconds a page; the contestants take turns, so that what else the machine does hits all."""
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(rounds + 1):
        for name, work in contestants.items():
            began = time.process_time()
            for page in pages:
                work(page)
            if turn:  # the first one warms up
                taken[name].append((time.process_time() - began) * 1000 / len(pages))
    return {name: statistics.median(times) for name, times in taken.items()}


def read(folder: Path) -> list[str]:
    return [path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.glob("*.html"))]


def made_up(count: int) -> list[str]:
    chance = random.Random(SEED)
    return [page(chance) for _ in range(count)]


def page(chance: random.Random) -> str:
    links = "".join(f"<li><a href='/{n}'>{sentence(chance, 6)}</a></li>" for n in range(chance.randint(20, 90)))
    body = "".join(f"<p>{paragraph(chance)}</p>{picture(chance)}" for _ in range(chance.randint(5, 60)))
    comments = "".join(f"<div class='comment'><p>{paragraph(chance)}</p></div>" for _ in range(chance.randint(0, 20)))
    script = "window.data = [" + "1," * chance.randint(500, 20_000) + "1];"
    title = sentence(chance, 8)
    linked = (
        f'{{"@type": "NewsArticle", "headline": "{title}", "datePublished": "2026-11-16T09:10:00Z", '
        '"author": {"name": "Jona Besk"}}'
    )
    return (
        f"<html lang='en'><head><title>{title} - Gazette</title><script>{script}</script>"
        f"<script type='application/ld+json'>{linked}</script></head><body><nav><ul>{links}</ul></nav>"
        f"<main><article><h1>{title}</h1><div class='article-body'>{body}</div></article>"
        f"<aside class='related'><ul>{links}</ul></aside></main><section id='comments'>{comments}</section>"
        f"<footer><ul>{links}</ul></footer></body></html>"
    )


def picture(chance: random.Random) -> str:
    if chance.random() > 0.1:
        return ""
    return f"<figure><img src='p.jpg'><figcaption>{sentence(chance, 9)} © Tessel / Jona Besk</figcaption></figure>"


def paragraph(chance: random.Random) -> str:
    return " ".join(f"{sentence(chance, chance.randint(8, 30))}." for _ in range(chance.randint(1, 4)))


def sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(SPOKEN, k=words)).capitalize()


if __name__ == "__main__":
    main()
