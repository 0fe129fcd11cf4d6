"""`manage.py translations`: keep the catalogues of translations complete; see docs/translation.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel.messages import pofile
from babel.messages.mofile import write_mo
from django.core.management.base import CommandError

from factcheck.core.catalogue import catalogues, messages
from factcheck.core.commands import FactcheckCommand

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from babel.messages.catalog import Catalog
    from django.core.management.base import CommandParser

    from factcheck.core.catalogue import Message


class Command(FactcheckCommand):
    help = "Bring the catalogues up to the words there are, compile them, and tell what is not translated."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--update",
            action="store_true",
            help="add words that are new and take out those nobody uses, then compile",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        wanted, left = messages(), 0
        for path in catalogues():
            catalogue = read(path)
            if options["update"]:
                write(path, brought_up(catalogue, wanted))
            waiting = untranslated(catalogue, wanted)
            left += len(waiting)
            for message in waiting:
                self.stdout.write(f"{catalogue.locale}: {wanted[message]}: {message.singular!r}")
        if left:
            raise CommandError(f"{left} messages are not translated.")


def read(path: Path) -> Catalog:
    """The catalogue in a file."""
    with path.open("rb") as file:
        return pofile.read_po(file, abort_invalid=True)


def write(path: Path, catalogue: Catalog) -> None:
    """Write the source and its compiled form; the same words always give the same bytes."""
    with path.open("wb") as file:
        pofile.write_po(file, catalogue, width=110, no_location=True, sort_output=True, ignore_obsolete=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


def brought_up(catalogue: Catalog, wanted: Iterable[Message]) -> Catalog:
    """The catalogue with every message that is wanted, translated or not, and no other."""
    keys = {(key(message), message.context or None): message for message in wanted}
    for held in [one for one in catalogue if one.id and (one.id, one.context) not in keys]:
        catalogue.delete(held.id, held.context)
    for (ids, context), message in keys.items():
        if catalogue.get(ids, context) is None:
            flags = ["python-format"] if "%(" in message.singular + message.plural else []
            catalogue.add(ids, context=context, flags=flags)
    return catalogue


def key(message: Message) -> str | tuple[str, str]:
    """What a catalogue knows the message by."""
    return (message.singular, message.plural) if message.plural else message.singular


def untranslated(catalogue: Catalog, wanted: Iterable[Message]) -> list[Message]:
    """What is wanted and not there, or not translated in each of the language's plural forms, or only guessed."""
    return [message for message in wanted if not _translated(catalogue, message)]


def _translated(catalogue: Catalog, message: Message) -> bool:
    held = catalogue.get(key(message), message.context or None)
    if held is None or held.fuzzy or isinstance(held.string, str) == bool(message.plural):
        return False
    forms = (held.string,) if isinstance(held.string, str) else held.string or ()
    return all(forms) and len(forms) == (catalogue.num_plurals if message.plural else 1)
