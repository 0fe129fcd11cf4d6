"""How claims of one article stand to each other."""

from __future__ import annotations

from datetime import date

import pytest

from articles.extraction.base import Story
from articles.extraction.pipeline import extract

LED = "Mayor Ana Torrel and minister Luk Varga led the meeting. "

RELATED = [
    ("The bridge in Vessin cost 40 million crowns to repair. Torrel said the bridge in Vessin cost 40 million crowns "
     "to repair.", "same"),
    ("The fire in Vessin injured 12 workers at the paper mill. The fire in Vessin injured 17 workers at the paper "
     "mill, police said.", "repeats"),
    ("The council of Vessin approved the harbour sale on Monday. The council of Vessin never approved the harbour "
     "sale, Torrel said.", "contradicts"),
    ("Officials reported that Vessin sold the old harbour to a bank in May. Mayor Ana Torrel denied the reports on "
     "Monday.", "denies"),
    (LED + "Ana Torrel met Luk Varga in April 2021. Torrel said that she only met Varga one time, in April 2021.",
     "same"),
]  # fmt: skip

UNRELATED = [
    "Lorne holds 214 million crowns in foreign banks. Meral holds 10 million crowns in foreign banks.",
    "The bridge in Vessin cost 40 million crowns to repair. The bridge in Halden cost 55 million crowns to repair.",
    "The harbour of Vessin was sold to a bank last year. The museum of Vessin was opened by the mayor in May.",
    "The council of Vessin should sell the old harbour quickly. The council of Vessin should never sell its harbour.",
    "Vessin closed two of its old paper mills. Paper mills that the state has closed since the war, among them those "
    "on the coast and two in the hills around Vessin, were bought by a bank from Halden and by private owners.",
]


def relations(text: str) -> set[str]:
    found = extract(Story(text=text, written_on=date(2023, 5, 10)))
    return {kind for claim in found.claims for kind, _ in claim.related}


@pytest.mark.parametrize(("text", "kind"), RELATED)
def test_claims_of_one_thing_are_related(text: str, kind: str) -> None:
    assert kind in relations(text)


@pytest.mark.parametrize("text", UNRELATED)
def test_claims_of_two_things_are_not(text: str) -> None:
    assert relations(text) == set()


def test_both_sides_know_of_each_other() -> None:
    found = extract(Story(text=RELATED[1][0]))
    pairs = {(claim.number, other, kind) for claim in found.claims for kind, other in claim.related}
    assert pairs == {(b, a, kind) for a, b, kind in pairs}
    assert pairs
