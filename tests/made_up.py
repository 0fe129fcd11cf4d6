"""News stories made up by the thousand: one event has facts, and every outlet tells them in its own words.

`story(number)` is always the same text. `story(number, outlet=1)` is another outlet's report of the same event: the
same facts and quotations, other sentences, another order. Nothing in them is real.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


def _list(words: str, by: str = " ") -> list[str]:
    return words.split(by)


FIRST: Final = _list(
    "Ada Bela Cort Dara Edo Fenn Gala Hugo Ilva Jona Kasim Lena Marit Nils Orla Pavel Quin Rosa Selm"
)
LAST: Final = _list(
    "Almgren Besk Corvin Dahl Ekholm Farrow Gund Haldor Istrin Jessen Kolb Lorn Moravec Nystad Ostrow Pell Quist "
    "Renko Solberg Torrent Ulver Varga Wendt Yarrow Zelen"
)
PLACES: Final = _list(
    "Almar Brenholt Castrel Dunmoor Eskelund Fjarn Grellin Hestvik Ivarsby Jolsted Kettering Lumen Morrow Nordal "
    "Ostrel Pellin Querrin Rustvik Sundholm Tarn Ulvik Vestmar Wexholm Yttrin Zarnow"
)
OFFICES: Final = _list(
    "mayor;transport minister;head of the audit office;harbour master;energy minister;chair of the school board;"
    "director of the hospital;police commissioner;finance secretary;director of the museum;chief engineer",
    ";",
)
THINGS: Final = _list(
    "tram line;tidal plant;fish market;night bus;swimming hall;water works;bridge over the sound;school kitchen;"
    "ferry terminal;heat network;city library;cycle path;waste plant;children's clinic;observatory;grain store",
    ";",
)
MONTHS: Final = _list("January February March April May June July August September October November December")
BODIES: Final = _list(
    "statistics office;audit office;city council;regional court;labour union;chamber of commerce;university of Almar;"
    "consumer agency;weather service;port authority",
    ";",
)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: names and figures, the same in every report of it."""

    number: int
    place: str
    thing: str
    person: str
    office: str
    critic: str
    critic_office: str
    body: str
    month: str
    year: int
    users: int
    before: int
    cost: int
    percent: int
    jobs: int
    days: int


@lru_cache(maxsize=256)
def event(number: int) -> Event:
    chance = random.Random(f"event {number}")
    names = chance.sample([f"{first} {last}" for first in FIRST for last in LAST], 2)
    offices = chance.sample(OFFICES, 2)
    users = chance.randint(900, 90_000)
    return Event(
        number, chance.choice(PLACES), chance.choice(THINGS), names[0], offices[0], names[1], offices[1],
        chance.choice(BODIES), chance.choice(MONTHS), chance.randint(2019, 2026), users,
        users * chance.randint(50, 95) // 100, chance.randint(2, 900), chance.randint(2, 60),
        chance.randint(12, 2_500), chance.randint(3, 90),
    )  # fmt: skip


# Each line is one fact; each outlet has its own way of saying it.
FACTS: Final[tuple[tuple[str, ...], ...]] = (
    ("{users:,} people used the {thing} of {place} in {month} {year}, the {body} said on Monday.",
     "In {month} {year} the number of users of the {place} {thing} reached {users:,}, according to the {body}.",
     "Figures of the {body} put last {month}'s traffic at the {thing} in {place} at {users:,} people."),
    ("A year earlier there had been {before:,}.",
     "That compares with {before:,} twelve months before.",
     "The same month of the previous year saw {before:,} of them."),
    ("The {thing} cost {cost} million crowns, of which the state paid {percent} percent.",
     "Building the {thing} took {cost} million crowns; {percent} percent came out of the state's purse.",
     "With a price of {cost} million crowns, {percent} percent borne by the state, it was no cheap project."),
    ("{person}, the {office}, called the result better than planned.",
     "The {office}, {person}, spoke of more than anybody had planned for.",
     "More than was planned, in the words of {office} {person}."),
    ("\"We have kept our promise to {place}, and we have kept it {days} days early,\" {person} said.",
     "{person} told reporters: \"We have kept our promise to {place}, and we have kept it {days} days early.\"",
     "\"We have kept our promise to {place}, and we have kept it {days} days early,\" said the {office}."),
    ("{critic}, the {critic_office}, disputed that and said that {jobs} jobs were lost on the way.",
     "Not so, according to {critic_office} {critic}, who counts {jobs} jobs that are gone.",
     "The {critic_office}, {critic}, objects: {jobs} people have lost their work because of it."),
    ("\"Nobody has asked the people who live next to it,\" {critic} added.",
     "{critic} also said: \"Nobody has asked the people who live next to it.\"",
     "\"Nobody has asked the people who live next to it,\" was how {critic} put it."),
    ("The {thing} had been closed for {days} days in {year} after a fire in the control room.",
     "A fire in its control room had kept the {thing} shut for {days} days in {year}.",
     "It was in {year} that flames in the control room closed the {thing}, for {days} days."),
    ("Tickets rose by {percent} percent at the beginning of the year.",
     "Since January, prices have been {percent} percent higher.",
     "Whoever uses it has been paying {percent} percent more since New Year."),
    ("The {body} will publish the revised figures in {month}.",
     "Revised numbers from the {body} are expected in {month}.",
     "In {month} the {body} means to come out with corrected data."),
    ("A second stage for another {cost} million crowns has been put off until the courts have decided.",
     "Until the courts decide, stage two, which is to cost {cost} million crowns more, has to wait.",
     "What comes next, for {cost} further millions, depends on the judges."),
    ("About {jobs} people work at the {thing} today, a third of them part-time.",
     "Its workforce stands at {jobs}, one in three on part-time contracts.",
     "{jobs} employees, a third of whom are part-timers, keep the {thing} running."),
    ("{place} has been waiting for the {thing} since {before_year}, when a first plan failed in the council.",
     "A first plan had failed in the council in {before_year}; {place} has waited ever since.",
     "It is a long story: in {before_year} the council of {place} threw out a first plan."),
    ("The opposition in {place} wants an inquiry into the contracts, which went to a single bidder.",
     "Because only one company bid for the contracts, {place}'s opposition calls for an inquiry.",
     "One bidder got all the contracts, and the opposition would like to know why."),
)  # fmt: skip
TITLES: Final = (
    "{place} counts {users:,} users of its {thing}",
    "{thing_title} in {place}: {users:,} users, and a quarrel over jobs",
    "Record or not? What {month} brought the {thing} of {place}",
)
AGENCIES: Final = ("Tessel", "Norda", "Kurant")


def story(number: int, *, outlet: int | None = None) -> str:
    """Wire text of event `number`; the outlet is one of three, by turns where none is named."""
    it, voice = event(number), number % len(TITLES) if outlet is None else outlet
    chance = random.Random(f"story {number} {voice}")
    facts = chance.sample(range(len(FACTS)), chance.randint(7, len(FACTS)))
    lead = sorted({0, *facts[: len(facts) // 2]}) if voice == 0 else [0, *(fact for fact in facts if fact)]
    said = [*dict.fromkeys([*lead, *facts])]
    sentences = [_said(FACTS[fact][voice], it) for fact in said]
    paragraphs, at = [], 0
    while at < len(sentences):
        size = chance.randint(1, 3)
        paragraphs.append(" ".join(sentences[at : at + size]))
        at += size
    day, hour = chance.randint(1, 28), chance.randint(5, 21)
    stamp = f"{hour:02d}:{chance.randint(0, 59):02d} GMT {day:02d}.11.2026"
    opening = f"{it.place.upper()} ({AGENCIES[voice]}) - {paragraphs[0]}"
    return "\n\n".join([_said(TITLES[voice], it), stamp, opening, *paragraphs[1:]]) + "\n"


def _said(words: str, it: Event) -> str:
    values = {name: getattr(it, name) for name in it.__slots__}
    text = words.format(**values, before_year=it.year - it.days % 9 - 2, thing_title=it.thing.capitalize())
    return text[:1].upper() + text[1:]
