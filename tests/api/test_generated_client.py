"""A client made from the description by `openapi-python-client` reads verdicts and publishes one, unchanged."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from factcheck.api import schema
from tests.publishing import approved, bearer, claim, person, published

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = "factcheck_client"


@pytest.fixture(scope="module")
def client_package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The generated package, importable by its name for the tests of this module."""
    folder: Path = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_text(json.dumps(schema()), encoding="utf-8")
    (folder / "config.yaml").write_text("post_hooks: []\n", encoding="utf-8")
    arguments = ["generate", "--path", "openapi.json", "--meta", "none", "--output-path", PACKAGE]
    done = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", *arguments, "--config", "config.yaml"],
        cwd=folder, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout + done.stderr
    # A story may also be sent as the file itself; this generator makes calls with JSON only, and says so.
    assert said.count("WARNING") == said.count("Unsupported content type text/"), said
    sys.path.insert(0, str(folder))
    yield PACKAGE
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def call(package: str, tag: str, operation: str) -> Any:
    return importlib.import_module(f"{package}.api.{tag}.{operation}")


@pytest.mark.usefixtures("_static_folder")
@pytest.mark.django_db(transaction=True)
def test_generated_client_follows_reads_and_publishes(client_package: str, live_server: Any) -> None:
    made = importlib.import_module(client_package)
    models = importlib.import_module(f"{client_package}.models")
    known, draft = published(), approved(claim(statement="The plant opened in 2019"))
    token = bearer(person("Publisher"), "read", "publish")["Authorization"].removeprefix("Bearer ")
    with made.Client(base_url=live_server.url) as everybody:
        changes = call(client_package, "changes", "changes_list").sync(client=everybody)
        assert [change.data.slug for change in changes.results] == [known.slug]
        verdict = call(client_package, "verdicts", "verdicts_read").sync(known.slug, client=everybody)
        assert verdict.label == "Misleading"
    with made.AuthenticatedClient(base_url=live_server.url, token=token) as publisher:
        page = call(client_package, "publications", "publications_list").sync(
            client=publisher, state=models.PublicationsListState.DRAFT
        )
        assert [each.id for each in page.results] == [draft.pk]
        body = models.VersionIn(version=page.results[0].version)
        answer = call(client_package, "publications", "publications_publish").sync_detailed(
            draft.pk, client=publisher, body=body, idempotency_key="publish-it"
        )
        assert (answer.status_code, answer.parsed.state) == (200, "live")
        again = call(client_package, "publications", "publications_publish").sync(
            draft.pk, client=publisher, body=body, idempotency_key="another"
        )
        assert (type(again).__name__, again.code) == ("Problem", "workflow.changed")
    assert draft.versions.count() == 1
