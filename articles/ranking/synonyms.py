"""Words the news uses for the same thing. The first of a group names it; chosen by hand, not learned."""

from __future__ import annotations

from typing import Final

_LINES: Final = """
covid coronavirus corona sars ncov
usa america american
uk britain british england english
police cop officer
flu influenza
die death dead mortality deceased fatality fatal died
kill murder slain homicide
vote ballot election poll voter elect
doctor physician medic
marry wed wife husband spouse marriage wedding
child kid children son daughter
film movie
buy purchase acquire acquisition bought
found establish founded start launch
job employment work employ unemployment jobless employee
tax taxation
war conflict
law legislation bill legal illegal
car vehicle automobile
vaccine vaccination vaccinate jab immunization
immigrant migrant immigration refugee
money fund cash dollar
author writer write wrote written
win won victory winner
lose lost defeat
increase rise grow rose grew growth
decrease fall decline drop fell reduce
arrest detain custody jail prison imprisoned
attack assault strike
company firm corporation business
leader chief head
picture photo image photograph
fake hoax false fabricated misleading satire satirical untrue
school pupil student education university college
born birth
album song record single music
muslim islam islamic
hindu hinduism
gun firearm weapon
million m
billion bn
percent percentage
ship vessel boat
republican gop
democrat democratic
big large huge
climate warming
hospital clinic
army military troops soldier
parliament legislature mps
"""
GROUPS: Final[tuple[tuple[str, ...], ...]] = tuple(tuple(line.split()) for line in _LINES.strip().splitlines())
