"""What `evaluate` measures: each task reads one file of labelled rows and gives named figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from articles.extraction.base import Story
from articles.extraction.checkworthy import score_sentence
from articles.extraction.facts import states_fact
from articles.extraction.pipeline import extract
from articles.extraction.sentences import sentence_texts, split_sentences
from articles.quality.measures import (
    Counts,
    Speakers,
    Told,
    average_precision,
    count_borders,
    count_labels,
    count_told,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Rows = Iterable[Mapping[str, Any]]
    Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Task:
    """`name` heads its figures ("experts.f1"), `file` is looked for in the folder of the data."""

    name: str
    file: str
    measure: Callable[[Rows], Figures]


def worthy(rows: Rows) -> Figures:
    """`check_worthy` and its score against {"text", "label"}."""
    scored = [(bool(row["label"]), score_sentence(row["text"])) for row in rows]
    counts = count_labels((wanted, said.check_worthy) for wanted, said in scored)
    return {**_shares(counts), "ap": average_precision((wanted, said.score) for wanted, said in scored)}


def verifiable(rows: Rows) -> Figures:
    """`verifiable` against {"text", "label"}."""
    return _shares(count_labels((bool(row["label"]), states_fact(row["text"])) for row in rows))


def attribution(rows: Rows) -> Figures:
    """Who says what against {"text", "attributions": [{"source", "content"}]}."""
    counts, speakers = Counts(), Speakers()
    for row in rows:
        found = extract(Story(text=row["text"]))
        wanted = [Told(one["source"], one["content"]) for one in row["attributions"] if one["content"]]
        said = [Told(one.source, one.content) for one in found.attributions]
        count_told(found.sentences, wanted, said, counts)
        speakers.add(wanted, said)
    return {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1, "speaker_f1": speakers.f1}


def borders(rows: Rows) -> Figures:
    """Sentence ends against {"text", "sentences": [text]}."""
    counts = Counts()
    for row in rows:
        count_borders(row["sentences"], sentence_texts(row["text"], split_sentences(row["text"])), counts)
    return {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1}


def _shares(counts: Counts) -> Figures:
    return {
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
        "accuracy": counts.accuracy,
    }


TASKS: Final = (
    Task("experts", "checkworthy/claimbuster-experts.jsonl", worthy),
    Task("speeches", "checkworthy/speeches.jsonl", verifiable),
    Task("attribution", "attribution/news-dev.jsonl.gz", attribution),
    Task("sentences_gum", "sentences/gum-dev.jsonl.gz", borders),
    Task("sentences_ewt", "sentences/ewt-dev.jsonl.gz", borders),
)
