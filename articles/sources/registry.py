"""Which connectors there are: the built-in ones, and those that installed packages offer.

A package offers a connector by an entry point in the group `factcheck.sources`. A class that does not keep
the contract of `base.py` is refused with the reason; the desk runs on without it.
"""

from __future__ import annotations

import dataclasses
import logging
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Final, get_type_hints

from django.utils.translation import gettext

from articles.sources.archive import ArchiveConnector
from articles.sources.base import EvidenceConnector, SettingField
from articles.sources.brave import BraveConnector
from articles.sources.crossref import CrossrefConnector
from articles.sources.documents import DocumentsConnector
from articles.sources.eurostat import EurostatConnector
from articles.sources.factchecktools import FactCheckToolsConnector
from articles.sources.feed import FeedConnector
from articles.sources.gdelt import GDELTConnector
from articles.sources.mediacloud import MediaCloudConnector
from articles.sources.openalex import OpenAlexConnector
from articles.sources.previous import PreviousConnector
from articles.sources.searxng import SearXNGConnector
from articles.sources.sitemap import SitemapConnector
from articles.sources.wayback import WaybackConnector
from articles.sources.wikidata import WikidataConnector
from articles.sources.wikipedia import WikipediaConnector
from articles.sources.worldbank import WorldBankConnector
from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.metadata import EntryPoint

log = logging.getLogger(__name__)

GROUP: Final = "factcheck.sources"
BUILT_IN: Final[tuple[type[EvidenceConnector], ...]] = (
    ArchiveConnector,
    BraveConnector,
    CrossrefConnector,
    DocumentsConnector,
    EurostatConnector,
    FactCheckToolsConnector,
    FeedConnector,
    GDELTConnector,
    MediaCloudConnector,
    OpenAlexConnector,
    PreviousConnector,
    SearXNGConnector,
    SitemapConnector,
    WaybackConnector,
    WikidataConnector,
    WikipediaConnector,
    WorldBankConnector,
)
_TEXTS: Final = ("name", "label", "homepage")
_METHODS: Final = ("search", "probe")
_FIELD_TYPES: Final = (str, int, float, bool)
_TYPE_NAMES: Final = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


def kinds() -> list[tuple[str, str]]:
    """(name, label) of every connector, by label; made for a form's choices."""
    found = [(name, gettext(kind.label)) for name, kind in _connectors().items()]
    return sorted(found, key=lambda entry: entry[1].lower())


def setting_fields(kind: str) -> list[SettingField]:
    """The fields of a connector's settings form, in order. Raises Invalid `source.unknown_kind`."""
    return _fields_of(_class_of(kind))


LOCAL: Final = frozenset({"archive", "documents", "previous"})
"""Connectors that read this desk's own database; what they are asked is told nobody outside."""


def connector(kind: str, settings: Mapping[str, Any]) -> EvidenceConnector:
    """A connector with its settings.

    Raises Invalid `source.unknown_kind`; `source.bad_settings` that names everything unknown, missing or of
    the wrong type.
    """
    found = _class_of(kind)
    problems = list(_setting_problems(_fields_of(found), settings))
    if problems:
        raise Invalid("source.bad_settings", detail="; ".join(problems))
    try:
        return found(found.Settings(**settings))
    except ValueError as error:
        raise Invalid("source.bad_settings", detail=str(error)) from error


def refusals() -> list[str]:
    """Why offered connectors were refused, one sentence each; for the system check."""
    return _load(entry_points(group=GROUP))[1]


def contract_problems(offered: object) -> list[str]:
    """What a class lacks to be a connector; nothing if it keeps the contract."""
    problems = [f"{name} is no text" for name in _TEXTS if not isinstance(getattr(offered, name, None), str)]
    problems += [f"{name}() is missing" for name in _METHODS if not callable(getattr(offered, name, None))]
    settings = getattr(offered, "Settings", None)
    if not (isinstance(settings, type) and dataclasses.is_dataclass(settings)):
        return [*problems, "Settings is no dataclass"]
    hints = get_type_hints(settings)
    return problems + [
        f"Settings.{entry.name} is neither str, int, float nor bool"
        for entry in dataclasses.fields(settings)
        if hints[entry.name] not in _FIELD_TYPES
    ]


def _class_of(kind: str) -> type[EvidenceConnector]:
    found = _connectors().get(kind)
    if found is None:
        raise Invalid("source.unknown_kind", kind=kind, known=", ".join(sorted(_connectors())))
    return found


@cache
def _connectors() -> dict[str, type[EvidenceConnector]]:
    found, refused = _load(entry_points(group=GROUP))
    for sentence in refused:
        log.warning("%s", sentence)
    return found


def _load(offers: Iterable[EntryPoint]) -> tuple[dict[str, type[EvidenceConnector]], list[str]]:
    known: dict[str, type[EvidenceConnector]] = {kind.name: kind for kind in BUILT_IN}
    refused: list[str] = []
    for offer in sorted(offers, key=lambda entry: entry.value):
        problems, loaded = _offered(offer)
        if not problems and loaded.name in known:
            problems = [f"there is a connector named {loaded.name!r} already"]
        if problems:
            refused.append(f"The connector {offer.value} was refused: {'; '.join(problems)}.")
        else:
            known[loaded.name] = loaded
    return known, refused


def _offered(offer: EntryPoint) -> tuple[list[str], Any]:
    try:
        loaded = offer.load()
    except (ImportError, AttributeError) as error:
        return [str(error)], None
    return contract_problems(loaded), loaded


def _fields_of(kind: type[EvidenceConnector]) -> list[SettingField]:
    hints = get_type_hints(kind.Settings)
    return [
        SettingField(
            name=entry.name,
            type=hints[entry.name],
            label=str(entry.metadata.get("label", entry.name.replace("_", " ").capitalize())),
            help=str(entry.metadata.get("help", "")),
            secret=bool(entry.metadata.get("secret", False)),
            default=None if entry.default is dataclasses.MISSING else entry.default,
            required=entry.default is dataclasses.MISSING,
        )
        for entry in dataclasses.fields(kind.Settings)
    ]


def _setting_problems(fields: Iterable[SettingField], settings: Mapping[str, Any]) -> Iterator[str]:
    by_name = {entry.name: entry for entry in fields}
    for name in sorted(settings.keys() - by_name.keys()):
        yield f"{name} is not one of its fields"
    for name, entry in by_name.items():
        if name not in settings:
            if entry.required:
                yield f"{entry.label} is missing"
        elif not _is_of(settings[name], entry.type):
            yield f"{entry.label} must be {_TYPE_NAMES[entry.type]}"


def _is_of(value: object, wanted: type) -> bool:
    if isinstance(value, bool):
        return wanted is bool
    return isinstance(value, (int, float) if wanted is float else wanted)
