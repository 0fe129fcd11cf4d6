"""A client that talks to the API as a program does."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tests.publishing import bearer, person

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SCOPES = ("read", "ingest", "verdict:write", "publish", "webhooks", "audit")


@dataclass
class Api:
    """Calls below /api/v1/ with one key. Every answer that is no success must be a problem document."""

    holder: User
    headers: dict[str, str]

    def get(self, path: str, **more: Any) -> Any:
        return self.call("GET", path, **more)

    def post(self, path: str, data: Any = None, **more: Any) -> Any:
        more.setdefault("content_type", "application/json")
        return self.call("POST", path, data={} if data is None else data, **more)

    def call(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> Any:
        data = more.pop("data", b"")
        if isinstance(data, dict | list):
            data = json.dumps(data)
        sent = self.headers | (headers or {})
        if content_type := more.pop("content_type", ""):
            sent["Content-Type"] = content_type  # Django's client forgets it where the body is empty
        # `generic` sends bytes as they are; `post` would take them for UTF-8.
        found = Client().generic(method, f"/api/v1/{path}", data, content_type, headers=sent, **more)
        if found.status_code >= 400:
            assert found["Content-Type"] == "application/problem+json"
            problem = found.json()
            assert problem["status"] == found.status_code
            assert {"type", "title", "detail", "code", "instance"} <= problem.keys()
        return found


@pytest.fixture
def api(db: None) -> Any:
    """A function: the API as a person of a role sees it, with a key of these scopes (all by default)."""

    def make(role: str = "Checker", *scopes: str, holder: User | None = None) -> Api:
        who = holder or person(role)
        return Api(who, bearer(who, *(scopes or SCOPES)))

    return make
