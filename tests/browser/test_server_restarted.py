"""The server really ends and comes back while somebody types: no word is lost."""

from __future__ import annotations

import os
import re
import sys
import urllib.error
import urllib.request

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from factcheck.launch import ports, processes
from reviews.models import Draft
from reviews.services.review import claim_take
from tests.services import database_url, wait_until

pytestmark = pytest.mark.browser
WORDS = "Half of a sentence that nobody may lo"
MORE = "se, even when the server goes away."


@pytest.fixture
def served(desk, tmp_path):
    """The desk as a process of its own: `served.stop()` and `served.start()` on one port."""
    port = ports.free_port()
    environment = dict(os.environ) | {
        "DATABASE_URL": database_url(), "DATA_DIR": str(tmp_path), "SECRET_KEY": settings.SECRET_KEY,
        "BASE_URL": f"http://127.0.0.1:{port}", "OPENBLAS_NUM_THREADS": "1",
    }  # fmt: skip
    argv = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    argv += ["--workers", "1", "--blocking-threads", "2", "--no-ws", "--log-level", "warning"]
    server = Server(port, [*argv, "factcheck.wsgi:application"], environment)
    server.start()
    yield server
    server.stop()


class Server:
    def __init__(self, port: int, argv: list[str], environment: dict[str, str]) -> None:
        self.url, self.argv, self.environment = f"http://127.0.0.1:{port}", argv, environment
        self.process = None

    def start(self) -> None:
        self.process = processes.spawn(self.argv, env=self.environment)
        wait_until(self.answers, seconds=30, what="the desk")

    def stop(self) -> None:
        if self.process is not None:
            processes.end([self.process])
        self.process = None

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


def test_a_server_that_is_restarted_in_the_middle_of_a_word(desk, served, browser):
    claim = desk.claims[0]
    claim_take(claim=claim, actor=desk.people["Checker"])
    context = browser.new_context()
    client = Client()
    client.force_login(desk.people["Checker"])
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": served.url}])
    page = context.new_page()
    page.goto(f"{served.url}/claims/{claim.pk}/")
    page.keyboard.press("r")
    page.keyboard.type(WORDS)
    expect(page.locator("#draft-saved")).to_have_text(re.compile(r"Draft saved \d\d:\d\d"))
    served.stop()
    page.keyboard.type(MORE)
    expect(page.locator("#not-saved")).to_contain_text("Your text is safe in this browser")
    assert not served.answers()
    served.start()
    expect(page.locator("#not-saved")).to_have_count(0, timeout=15000)
    assert list(Draft.objects.filter(field="rationale").values_list("text", flat=True)) == [WORDS + MORE]
    page.reload()
    expect(page.locator("#rationale")).to_have_value(WORDS + MORE)
    context.close()
