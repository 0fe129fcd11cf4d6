"""The Internet Archive's Wayback Machine: what an address looked like near a day, and asking for a copy.

Availability needs no key: https://archive.org/help/wayback_api.php . Save Page Now does, and its errors come with
status 200.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

from articles.sources.answers import JSON, bad_answer, dig, object_of, text_at
from articles.sources.base import ConnectorResult, EvidenceItem
from articles.sources.searching import check_address
from factcheck.core.errors import Permanent, Transient
from factcheck.core.http import redact_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from articles.sources.base import EvidenceQuery, Outbound, SourceContext
    from factcheck.core.http import Response

NAME: Final = "wayback"
MOST_ADDRESSES: Final = 3
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"“”„‘’()]+[^\s<>\"“”„‘’().,;:!?]")
_STAMP: Final = re.compile(r"\d{14}")
# What Save Page Now says of an address that it will never keep; the rest may pass.
FOR_GOOD: Final = frozenset(
    {"error:not-found", "error:no-access", "error:blocked", "error:blocked-url", "error:invalid-url-syntax",
     "error:method-not-allowed", "error:not-implemented"}
)  # fmt: skip


def _switch(label: str, help_text: str) -> Any:
    return field(default=False, metadata={"label": label, "help": help_text})


@dataclass(frozen=True, slots=True)
class WaybackSettings:
    """Where it is asked, and what it is asked to keep."""

    base_url: str = field(
        default="https://archive.org", metadata={"label": "Address", "help": "Of the lookup. Change it for a mirror."}
    )
    save_url: str = field(
        default="https://web.archive.org",
        metadata={"label": "Address of Save Page Now", "help": "And of the copies."},
    )
    access_key: str = field(default="", metadata={"label": "Access key", "help": "For Save Page Now only."})
    secret_key: str = field(
        default="", metadata={"label": "Secret key", "help": "Kept, and never shown again.", "secret": True}
    )
    save_evidence: bool = _switch("Keep what evidence rests on", "Asks for a copy of pages that have none yet.")
    save_verdicts: bool = _switch("Keep published verdicts", "Asks for a copy of each version of a public page.")

    def __post_init__(self) -> None:
        check_address(self.base_url)
        check_address(self.save_url)
        if (self.save_evidence or self.save_verdicts) and not (self.access_key and self.secret_key):
            raise ValueError("Save Page Now needs an access key and a secret key")


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy in the archive."""

    url: str
    at: datetime


def closest(http: Outbound, settings: WaybackSettings, url: str, at: datetime | None) -> tuple[Copy | None, str]:
    """The copy nearest to a time, the newest without one; and the address that was asked."""
    params: dict[str, str | int] = {"url": url}
    if at is not None:
        params["timestamp"] = at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
    answer = http.get(f"{settings.base_url.rstrip('/')}/wayback/available", params=params, accept=JSON)
    found = dig(object_of(answer), "archived_snapshots", "closest")
    return _copy_of(found), redact_url(answer.url)


def _copy_of(found: Any) -> Copy | None:
    address, stamp = text_at(found, "url"), text_at(found, "timestamp")
    if dig(found, "available") is not True or text_at(found, "status") not in ("", "200"):
        return None
    at = _moment(stamp)
    if at is None or not address.startswith(("http://", "https://")):
        return None
    return Copy(re.sub(r"^http://", "https://", address) if "archive.org" in address else address, at)


def _moment(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC) if _STAMP.fullmatch(stamp) else None
    except ValueError:
        return None


class WaybackConnector:
    """For claims that name an address: how it looked when the claim was made. For others it has nothing."""

    name: ClassVar[str] = NAME
    label: ClassVar[str] = "Wayback Machine"
    homepage: ClassVar[str] = "https://web.archive.org/"
    Settings: ClassVar[type] = WaybackSettings

    def __init__(self, settings: object) -> None:
        assert isinstance(settings, WaybackSettings)
        self.settings = settings

    def search(self, query: EvidenceQuery, context: SourceContext) -> ConnectorResult:
        named = _addresses(f"{query.text} {query.claim}")
        if not named:
            return ConnectorResult("empty", reason="The claim names no web address.")
        at = datetime.combine(query.claimed_on, time(12), UTC) if query.claimed_on else None
        items: list[EvidenceItem] = []
        asked = ""
        for url in named[: min(MOST_ADDRESSES, query.limit)]:
            copy, asked = closest(context.http, self.settings, url, at)
            if copy is not None:
                items.append(_item(url, copy, len(items) + 1))
        return ConnectorResult("ok" if items else "empty", tuple(items), request_url=asked)

    def probe(self, context: SourceContext) -> str:
        copy, _ = closest(context.http, self.settings, "https://example.com/", None)
        latest = (
            f"the newest copy of example.com is of {copy.at:%-d %B %Y}" if copy else "without a copy of example.com"
        )
        return f"The Wayback Machine answered: {latest}."


def _addresses(words: str) -> list[str]:
    found = (one if one.startswith("http") else f"https://{one}" for one in _ADDRESS.findall(words))
    return list(dict.fromkeys(found))


def _item(url: str, copy: Copy, rank: int) -> EvidenceItem:
    day = f"{copy.at:%-d %B %Y, %H:%M} GMT"
    return EvidenceItem(
        external_id=copy.url,
        title=f"{url} as it was on {copy.at:%-d %B %Y}",
        url=copy.url,
        text=f"The Wayback Machine has a copy of {url} of {day}.",
        kind="web",
        locator=f"copy of {day}",
        publisher="Internet Archive",
        published_at=copy.at,
        rank=rank,
    )


# --- Save Page Now ---------------------------------------------------------------------------------------
class Sender(Protocol):
    """The part of `HttpClient` that asks for a copy."""

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Response: ...

    def post_form(
        self, url: str, fields: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> Response: ...


def save_ask(http: Sender, settings: WaybackSettings, url: str) -> str:
    """Ask for a copy; the name of the job. Raises `wayback.refused` for good, `wayback.busy` where it may pass."""
    answer = http.post_form(
        f"{settings.save_url.rstrip('/')}/save", {"url": url, "skip_first_archive": "1"}, headers=_signed(settings)
    )
    document = object_of(answer)
    _refuse(document, url)
    job = text_at(document, "job_id")
    if not re.fullmatch(r"[\w-]{8,100}", job):
        raise bad_answer(answer.url, "it names no job")
    return job


def save_look(http: Sender, settings: WaybackSettings, url: str, job: str) -> Copy | None:
    """The copy, None while it is being made. Raises as `save_ask` does."""
    answer = http.get(f"{settings.save_url.rstrip('/')}/save/status/{job}", headers=_signed(settings))
    document = object_of(answer)
    _refuse(document, url)
    at = _moment(text_at(document, "timestamp"))
    if text_at(document, "status") != "success" or at is None:
        return None
    original = text_at(document, "original_url") or url
    return Copy(f"{settings.save_url.rstrip('/')}/web/{at:%Y%m%d%H%M%S}/{original}", at)


def _signed(settings: WaybackSettings) -> dict[str, str]:
    return {"Accept": "application/json", "Authorization": f"LOW {settings.access_key}:{settings.secret_key}"}


def _refuse(document: dict[str, Any], url: str) -> None:
    if text_at(document, "status") != "error":
        return
    code, said = text_at(document, "status_ext"), text_at(document, "message")[:300] or "no reason"
    if code in FOR_GOOD:
        raise Permanent("wayback.refused", url=url[:200], detail=said)
    raise Transient("wayback.busy", detail=said)
