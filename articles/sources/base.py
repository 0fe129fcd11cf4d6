"""The contract between the desk and whatever evidence can be asked for.

A connector is one file with one class. It

* MUST declare `name` (stable, lower case), `label`, `homepage`, and `Settings`, a frozen dataclass whose
  fields carry their form in `field(metadata={"label": ..., "help": ..., "secret": True})`; the admin
  builds the settings form from it;
* MUST answer `search` with a `ConnectorResult` and one of four outcomes: `ok` (items), `empty` (asked,
  nothing found), `throttled` (the source asked us to wait, `retry_at` if it said how long) or `failed`
  (reason a person can read). "Not consulted" is never reported as "nothing found";
* MUST use `context.http` for every request and `context.search` for everything stored locally, and MUST
  NOT import the database layer, open sockets or read settings of the process;
* MUST treat what it receives as data: mark-up is stripped, nothing is executed or interpreted;
* MUST answer `probe` ("Test connection") with one sentence that says what came back, by really asking;
* SHOULD return passages, not pages: each item's `text` is what an editor would read, with a `locator`
  that lets a reader find it again;
* MAY raise `factcheck.core.errors.Transient` and `Permanent`, which the caller stores as throttled or
  failed. Every other exception is a bug.

`search` may run twice for the same query and must give the same `external_id` for the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from factcheck.core.http import Response

Outcome = Literal["ok", "empty", "throttled", "failed"]
ItemKind = Literal["web", "encyclopedia", "dataset", "paper", "news", "factcheck", "archive", "document"]
Collection = Literal["checked_claims", "documents", "evidence"]


@dataclass(frozen=True, slots=True)
class EvidenceQuery:
    """What to ask for. `text` is the strict form, `loose` the fallback words; dates are of the claim."""

    text: str
    loose: str = ""
    claim: str = ""
    speaker: str = ""
    language: str = "en"
    claimed_on: date | None = None
    limit: int = 5


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One thing found. `text` is plain text; `external_id` is unique and stable within the source."""

    external_id: str
    title: str
    url: str
    text: str
    kind: ItemKind
    locator: str = ""
    publisher: str = ""
    published_at: datetime | None = None
    language: str = ""
    licence: str = ""
    rank: int = 0
    rating: str = ""
    snapshot: bytes = b""
    snapshot_type: str = ""


@dataclass(frozen=True, slots=True)
class ConnectorResult:
    """The answer of one source to one query; `reason` is for people, `request_url` has no secrets in it."""

    outcome: Outcome
    items: tuple[EvidenceItem, ...] = ()
    reason: str = ""
    retry_at: datetime | None = None
    request_url: str = ""


class LocalSearch(Protocol):
    """Full-text search over what the desk stores itself, scoped to one source where it has documents.

    `evidence` is what the desk that asks has kept for other claims.
    """

    def __call__(self, collection: Collection, text: str, *, limit: int) -> list[EvidenceItem]: ...


class Outbound(Protocol):
    """The part of `core.http.HttpClient` a connector may use; see there for what it takes and raises."""

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        max_bytes: int = 5_000_000,
        accept: tuple[str, ...] | None = None,
        fresh_for: float = 0.0,
    ) -> Response: ...

    def post_json(
        self, url: str, document: Mapping[str, object], *, headers: Mapping[str, str] | None = None
    ) -> Response: ...


@dataclass(frozen=True, slots=True)
class SourceContext:
    """What a connector may use, handed in by the caller."""

    http: Outbound
    search: LocalSearch


@dataclass(frozen=True, slots=True)
class NoSettings:
    """For connectors with nothing to set."""


class EvidenceConnector(Protocol):
    """See the module docstring for what an implementation promises."""

    name: ClassVar[str]
    label: ClassVar[str]
    homepage: ClassVar[str]
    Settings: ClassVar[type]

    def __init__(self, settings: object) -> None: ...

    def search(self, query: EvidenceQuery, context: SourceContext) -> ConnectorResult: ...

    def probe(self, context: SourceContext) -> str: ...


@dataclass(frozen=True, slots=True)
class SettingField:
    """One field of a connector's settings as a form needs it; `type` is str, int, float or bool."""

    name: str
    type: type
    label: str
    help: str = ""
    secret: bool = False
    default: object = field(default=None)
    required: bool = False
