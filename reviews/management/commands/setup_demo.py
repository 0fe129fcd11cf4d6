"""Fill an empty desk with people, sources and sample stories; `make run` calls it at every start."""

from __future__ import annotations

from typing import Any

from factcheck.core.commands import FactcheckCommand
from reviews.demo import people_create, sources_create, stories_take_in


class Command(FactcheckCommand):
    help = "Create the demo people (passwords are printed once), sample sources and sample stories."

    def handle(self, *_args: Any, **_options: Any) -> None:
        made = people_create()
        sources_create()
        stories_take_in(self.stdout)
        if made:
            self.stdout.write("\nPeople of the demo; these passwords are shown only now:\n")
        for person, password in made:
            self.stdout.write(f"  {person.username:<8} {password}   {person.first} {person.last}, {person.role}")
