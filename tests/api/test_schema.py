"""The API does what it says it does: a snapshot of its description, and requests made from that description."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.apps import apps
from django.conf import settings as django_settings
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how
from jsonschema import Draft202012Validator
from rest_framework import serializers
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks as conformance

from factcheck.api import schema
from factcheck.core.authentication import SCOPES
from reviews.api.words import WORDS
from reviews.defaults import policy_create, roles_sync, scale_create
from tests.publishing import approved, bearer, evidence, person, proposed, published

if TYPE_CHECKING:
    from collections.abc import Iterator

OURS = ("articles", "reviews", "factcheck")
# A few here; `SCHEMATHESIS_EXAMPLES=300` looks for ten minutes.
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "6"))
SNAPSHOT = Path(__file__).parent.parent / "snapshots" / "openapi.json"


def test_description_is_the_one_we_agreed_on() -> None:
    """A changed API is a decision: run with UPDATE_SNAPSHOTS=1 and look at the difference."""
    now = json.dumps(schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.parent.mkdir(exist_ok=True)
        SNAPSHOT.write_text(now, encoding="utf-8")
    assert SNAPSHOT.read_text(encoding="utf-8") == now


def test_description_is_open_to_everybody_and_names_the_version() -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")


def test_page_of_the_api_lists_every_operation_and_needs_no_script() -> None:
    answer = Client().get("/api/v1/docs/")
    page = answer.content.decode()
    assert "<script" not in page
    assert " style=" not in page
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
    for methods in schema()["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page


@pytest.fixture
def rows(transactional_db: None) -> dict[str, str]:
    """Something of everything, and the key of somebody who may do nearly all of it."""
    for make in (roles_sync, scale_create, policy_create):
        make(apps)
    published()
    approved()
    proposed()
    evidence(proposed().claim, state="suggested")
    chief = person("Desk editor")
    for role in ("Publisher", "Administrator"):
        chief.groups.add(*person(role).groups.all())
    return bearer(chief, *SCOPES)


@pytest.fixture
def served(live_server: Any, _static_folder: None, settings: Any) -> str:
    settings.API_RATE_KEY = settings.API_RATE_ADDRESS = 1_000_000
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    return str(live_server.url)


def test_no_request_breaks_it_and_no_answer_is_undeclared(rows: dict[str, str], served: str) -> None:
    """Requests made from the description, good and bad: never a 5xx, never an undeclared status or shape."""
    loaded = schemathesis.openapi.from_dict(schema())
    checks = [
        schemathesis.checks.not_a_server_error,
        conformance.status_code_conformance,
        conformance.content_type_conformance,
        conformance.response_schema_conformance,
    ]
    tried = 0
    wrong: list[BaseException] = []
    for found in loaded.get_all_operations():
        operation = found.ok()
        tried += 1

        @how(
            max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
            phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def try_it(case: Any) -> None:
            answer = case.call(base_url=served, headers=rows)
            case.validate_response(answer, checks=checks)

        try:
            try_it()
        except (FailureGroup, AssertionError) as failure:  # a long run tells all it finds
            failure.add_note(operation.label)
            wrong.append(failure)
    if wrong:
        raise BaseExceptionGroup("The API is not what it says it is.", wrong)
    assert tried == sum(len(methods) for methods in schema()["paths"].values())


def _serializers(parent: type) -> Iterator[type[serializers.ModelSerializer[Any]]]:
    for one in parent.__subclasses__():
        if "Meta" in vars(one) and one.__module__.partition(".")[0] in OURS:
            yield one
        yield from _serializers(one)


def test_what_may_be_empty_is_declared_so() -> None:
    """Found by a long run of the test above: "" came where one of the choices, or an address, was promised."""
    wrong = []
    for one in _serializers(serializers.ModelSerializer):
        columns = {column.name: column for column in one.Meta.model._meta.get_fields()}  # type: ignore[misc]
        for name in one.Meta.fields:  # type: ignore[misc]
            column, field = columns.get(name), one._declared_fields.get(name) or one().fields[name]
            if not field.read_only or not getattr(column, "blank", False) or getattr(field, "allow_null", False):
                continue
            promised = isinstance(field, serializers.EmailField | serializers.URLField) or (
                isinstance(field, serializers.ChoiceField) and "" not in field.choices
            )
            wrong += [f"{one.__name__}.{name}"] * promised
    assert wrong == []


# --- what the description says -----------------------------------------------------------------------
def _bodies() -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation["requestBody"]["content"]["application/json"]
        for methods in schema()["paths"].values()
        for operation in methods.values()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    }


def test_every_field_says_what_it_means_and_no_sentence_is_left_over() -> None:
    fields = [
        (name, field, told)
        for name, one in schema()["components"]["schemas"].items()
        for field, told in one.get("properties", {}).items()
    ]
    silent = [f"{name}.{field}" for name, field, told in fields if not told.get("description")]
    assert silent == [], "Say what they mean: help_text of the serializer, or a line of reviews/api/words.py."
    known = {name for name, _, _ in fields} | {name for _, name, _ in fields} | {"next_of_page"}
    assert [name for name in WORDS if not set(name.split(".")) <= known] == []


@pytest.mark.parametrize("operation", sorted(_bodies()))
def test_every_body_has_an_example_that_its_own_schema_takes(operation: str) -> None:
    body = _bodies()[operation]
    assert body["example"] or not body["schema"].get("required")
    document = {**body["schema"], "components": schema()["components"]}
    Draft202012Validator(document).validate(body["example"])


def test_examples_of_fields_are_of_their_type() -> None:
    parts = schema()["components"]
    wrong = [
        f"{name}.{field}: {problem.message}"
        for name, one in parts["schemas"].items()
        for field, told in one.get("properties", {}).items()
        for example in told.get("examples", [])
        for problem in Draft202012Validator({**told, "components": parts}).iter_errors(example)
    ]
    assert wrong == []
