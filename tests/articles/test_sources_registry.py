"""Which connectors there are, what their settings may be, and which offers are refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from articles.sources import registry
from articles.sources.base import ConnectorResult, NoSettings
from factcheck.core.errors import Invalid


@dataclass(frozen=True)
class StrangeSettings:
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class EverySettings:
    count: int
    share: float = 0.5
    on: bool = False
    key: str = field(default="", metadata={"label": "API key", "secret": True})


BUILT_IN = sorted(
    [
        "archive",
        "brave",
        "crossref",
        "documents",
        "eurostat",
        "previous",
        "sitemap",
        "wayback",
        "factchecktools",
        "feed",
        "gdelt",
        "mediacloud",
        "openalex",
        "searxng",
        "wikidata",
        "wikipedia",
        "worldbank",
    ]
)


class Good:
    name = "good"
    label = "Good"
    homepage = ""
    Settings = EverySettings

    def __init__(self, settings: object) -> None:
        self.settings = settings

    def search(self, query: object, context: object) -> ConnectorResult:
        return ConnectorResult("empty")

    def probe(self, context: object) -> str:
        return "Fine."


class Mute(Good):
    name = "mute"
    probe = None  # type: ignore[assignment]


class Nameless(Good):
    name = None  # type: ignore[assignment]


class Formless(Good):
    name = "formless"
    Settings = StrangeSettings  # type: ignore[assignment]


class Twin(Good):
    name = "wikipedia"
    Settings = NoSettings  # type: ignore[assignment]


@pytest.fixture(autouse=True)
def _forget() -> Any:
    registry._connectors.cache_clear()
    yield
    registry._connectors.cache_clear()


def offering(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    offers = [EntryPoint(name, f"{__name__}:{name}", registry.GROUP) for name in names]
    monkeypatch.setattr(registry, "entry_points", lambda group: offers if group == registry.GROUP else [])


def test_the_built_in_connectors_are_there_and_keep_the_contract() -> None:
    assert sorted(name for name, _ in registry.kinds()) == BUILT_IN
    assert [kind for kind in registry.BUILT_IN if registry.contract_problems(kind)] == []


def test_an_installed_package_can_add_one(monkeypatch: pytest.MonkeyPatch) -> None:
    offering(monkeypatch, "Good")
    assert ("good", "Good") in registry.kinds()
    assert registry.connector("good", {"count": 3}).settings == EverySettings(3)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("offer", "reason"),
    [
        ("Mute", "probe() is missing"),
        ("Nameless", "name is no text"),
        ("Formless", "Settings.words is neither"),
        ("Twin", "there is a connector named 'wikipedia' already"),
        ("Missing", "has no attribute"),
    ],
)
def test_what_breaks_the_contract_is_refused_and_the_rest_stays(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, offer: str, reason: str
) -> None:
    offering(monkeypatch, offer, "Good")
    assert sorted(name for name, _ in registry.kinds()) == sorted([*BUILT_IN, "good"])
    (sentence,) = registry.refusals()
    assert reason in sentence
    assert sentence in caplog.text


def test_fields_tell_a_form_what_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    offering(monkeypatch, "Good")
    found = {entry.name: entry for entry in registry.setting_fields("good")}
    assert [(entry.type, entry.required, entry.default) for entry in found.values()] == [
        (int, True, None),
        (float, False, 0.5),
        (bool, False, False),
        (str, False, ""),
    ]
    assert (found["key"].label, found["key"].secret, found["count"].label) == ("API key", True, "Count")


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("feed", {}, "Address of the feed is missing"),
        ("feed", {"url": 7}, "Address of the feed must be text"),
        ("feed", {"url": "ftp://x/"}, "must begin with http"),
        ("feed", {"url": "https://a.example/", "colour": 1}, "colour is not one of its fields"),
        ("wikipedia", {"pages": True}, "Pages to read must be a whole number"),
        ("wikipedia", {"pages": 9}, "pages must be 1 to 5"),
        ("wikipedia", {"language": "../x"}, "is not a language code"),
        ("wikipedia", {"base_url": "file:///etc"}, "must begin with http"),
        ("archive", {"x": 1}, "x is not one of its fields"),
    ],
)
def test_wrong_settings_are_named(kind: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid) as caught:
        registry.connector(kind, given)
    assert caught.value.code == "source.bad_settings"
    assert said in caught.value.detail


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(Invalid, match=", ".join(BUILT_IN)):
        registry.connector("oracle", {})
