"""How soon a key press shows its effect while fifty editors work: one Chromium page, a real server, PostgreSQL.

    nice -n 5 python benchmarks/bench_keys.py [--editors 50] [--every 6] [--rounds 12]

The server is started as `make run` starts it. Every editor opens a claim, keeps a piece of evidence, asks who is
there and reads the queue, one act every few seconds. The page measures with its own clock: from the keydown to the
frame that is painted after the effect is in the document. For what only the desk can say (a card, a decision on
evidence) two times are kept: until the key shows that it was heard, and until the answer is on the screen.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from factcheck.launch import browser, ports, postgres, run

if TYPE_CHECKING:
    from collections.abc import Callable

# Resolves with the milliseconds from the next keydown to the frame after `seen()` became true.
WATCH = """(seen) => { window.measured = new Promise((done) => {
  addEventListener("keydown", () => {
    const began = performance.now();
    const look = () => (eval(seen) ? requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)))
      : performance.now() - began > 20000 ? done(NaN) : requestAnimationFrame(look));
    queueMicrotask(look);
  }, { capture: true, once: true });
}); }"""


def percentile(values: list[float], share: float) -> float:
    ranked = sorted(values)
    return round(ranked[min(len(ranked) - 1, int(share * len(ranked)))], 1)


class Editor(threading.Thread):
    """One session that acts every few seconds until it is told to stop; keeps how long its answers took."""

    def __init__(self, port: int, cookie: str, claim: int, evidence: list[int], every: float) -> None:
        super().__init__(daemon=True)
        self.port, self.every, self.stopping = port, every, threading.Event()
        self.claim, self.evidence, self.cookie = claim, evidence, cookie
        self.took: list[float] = []
        self.failed: list[int] = []

    def run(self) -> None:
        chance = random.Random(self.claim)
        acts = (self._open, self._weigh, self._presence, self._queue)
        self.stopping.wait(chance.uniform(0, self.every))
        while not self.stopping.wait(chance.expovariate(1 / self.every)):
            began = time.perf_counter()
            status = chance.choice(acts)(chance)
            self.took.append((time.perf_counter() - began) * 1000)
            if status != 200:
                self.failed.append(status)

    def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> int:
        token = "a" * 32
        headers = {"HX-Request": "true", "HX-Target": "claim", "Host": f"{ports.HOST}:{self.port}",
                   "Cookie": f"{self.cookie}; csrftoken={token}", "X-CSRFToken": token,
                   "Accept-Encoding": "gzip", "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
        connection = http.client.HTTPConnection(ports.HOST, self.port, timeout=60)
        try:
            connection.request(method, path, urlencode(body) if body else None, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def _open(self, _chance: random.Random) -> int:
        return self._ask("GET", f"/claims/{self.claim}/")

    def _weigh(self, chance: random.Random) -> int:
        values = {"decision": "keep", "stance": chance.choice(["supports", "refutes", "context"]), "locator": "p. 1"}
        return self._ask("POST", f"/evidence/{chance.choice(self.evidence)}/decide/", values)

    def _presence(self, _chance: random.Random) -> int:
        return self._ask("GET", f"/claims/{self.claim}/presence/")

    def _queue(self, _chance: random.Random) -> int:
        return self._ask("GET", "/")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--editors", type=int, default=50)
    parser.add_argument("--every", type=float, default=6.0, help="seconds between two acts of one editor, on average")
    parser.add_argument("--rounds", type=int, default=12)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="factcheck-bench-") as scratch, postgres.server() as url:
        os.environ |= {"DATA_DIR": scratch, "DATABASE_URL": url, "LOG_LEVEL": "ERROR",
                       "DJANGO_SETTINGS_MODULE": "factcheck.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}  # fmt: skip
        Path(scratch, "static").mkdir()
        measure(asked.editors, asked.every, asked.rounds)


def measure(count: int, every: float, rounds: int) -> None:
    import django  # noqa: PLC0415  (the database is known only now)

    django.setup()
    from benchmarks.report import write  # noqa: PLC0415

    desk = _filled(count)
    port = ports.free_port()
    argv = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", ports.HOST, "--port", str(port)]
    argv += ["--workers", str(run.WEB_WORKERS), "--blocking-threads", str(run.WEB_THREADS), "--no-ws"]
    environment = os.environ | {"BASE_URL": f"http://{ports.HOST}:{port}", "LOG_LEVEL": "ERROR"}
    server = subprocess.Popen([*argv, "--log-level", "error", "factcheck.wsgi:application"], env=environment)
    try:
        _wait_for(lambda: run.alive(port))
        views = _first_views(port, desk)
        alone = _page(port, desk, rounds)
        editors = [
            Editor(port, cookie, claim, pieces, every)
            for cookie, claim, pieces in zip(desk["cookies"], desk["claims"], desk["pieces"], strict=True)
        ]
        for one in editors:
            one.start()
        _wait_for(lambda: sum(len(one.took) for one in editors) > count)
        began = time.perf_counter()
        before = sum(len(one.took) for one in editors)
        _suggested_again(desk["claim"])
        together = _page(port, desk, rounds)
        seconds = time.perf_counter() - began
        answers = sum(len(one.took) for one in editors) - before
        for one in editors:
            one.stopping.set()
        for one in editors:
            one.join(60)
        took = [each for one in editors for each in one.took]
        failed = [each for one in editors for each in one.failed]
        write("keys-postgresql", {
            "first view, nothing cached": views,
            "editors": count, "answers a second": round(answers / seconds, 1), "answers": len(took),
            "not answered with 200": len(failed),
            "answer to an editor, ms": {"p50": percentile(took, 0.5), "p95": percentile(took, 0.95)},
            "key to effect, ms, alone": alone, f"key to effect, ms, with {count} editors": together,
        })  # fmt: skip
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(done: Callable[[], bool], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            raise TimeoutError("the server or the editors did not start")
        time.sleep(0.2)


def _filled(count: int) -> dict[str, Any]:
    """A claim with a hundred pieces, three hundred claims beside it, and for each editor a claim with ten pieces."""
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth.models import Group, User  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from articles.models import Claim, Evidence  # noqa: PLC0415
    from benchmarks.desk_filled import Filled  # noqa: PLC0415
    from reviews.services.review import claim_take  # noqa: PLC0415

    filled = Filled()
    filled.grow(1_000)
    group = Group.objects.get(name="Checker")
    claims = list(Claim.objects.filter(article=filled.story).order_by("pk")[20 : 20 + count])
    cookies, pieces = [], []
    for number, claim in enumerate(claims):
        person = User.objects.create_user(f"editor{number}")
        person.groups.add(group)
        claim_take(claim=claim, actor=person)
        made = Evidence.objects.bulk_create(
            Evidence(claim=claim, source=filled.source, source_name="Archive", external_id=f"e{number}-{n}",
                     title=f"Report {n}", passage=f"Table {n}.", retrieved_at=timezone.now(), locator="p. 2")
            for n in range(10)
        )  # fmt: skip
        pieces.append([one.pk for one in made])
        cookies.append(_cookie(Client(), person, settings.SESSION_COOKIE_NAME))
    claim_take(claim=filled.claim, actor=filled.person)
    Evidence.objects.filter(claim=filled.claim).update(locator="p. 1")
    mine = _cookie(Client(), filled.person, settings.SESSION_COOKIE_NAME)
    return {"claims": [one.pk for one in claims], "pieces": pieces, "cookies": cookies, "mine": mine,
            "story": filled.story.pk, "claim": filled.claim.pk}  # fmt: skip


def _suggested_again(claim: int) -> None:
    """The pieces of the claim as they were before the page alone went through its keys."""
    from articles.models import Evidence  # noqa: PLC0415

    Evidence.objects.filter(claim=claim).update(state="suggested", stance="")


def _cookie(client: Any, person: Any, name: str) -> str:
    client.force_login(person)
    return f"{name}={client.cookies[name].value}"


# Bytes as they went over the wire, headers included; the page itself is the first request.
WEIGH = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .map((one) => [new URL(one.name).pathname, one.transferSize])"""


def _first_views(port: int, desk: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Requests and bytes of each page in a browser that has never been here."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    base = f"http://{ports.HOST}:{port}"
    name, value = desk["mine"].split("=", 1)
    pages = {
        "queue": "/",
        "article desk, 300 claims": f"/articles/{desk['story']}/?claim={desk['claim']}",
        "claim card, 100 evidence": f"/claims/{desk['claim']}/",
    }
    found = {}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(browser.find()), args=["--no-sandbox", "--disable-gpu"]
        )
        for words, path in pages.items():
            context = chromium.new_context(viewport={"width": 1440, "height": 900})
            context.add_cookies([{"name": name, "value": value, "url": base}])
            page = context.new_page()
            page.goto(f"{base}{path}", wait_until="load")
            loaded = page.evaluate(WEIGH)
            found[words] = {"requests": len(loaded), "bytes": sum(size for _, size in loaded), "page": loaded[0][1]}
            context.close()
        chromium.close()
    return found


def _page(port: int, desk: dict[str, Any], rounds: int) -> dict[str, dict[str, float]]:
    """Press every key `rounds` times; milliseconds by key."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    base = f"http://{ports.HOST}:{port}"
    name, value = desk["mine"].split("=", 1)
    taken: dict[str, list[float]] = {}
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--no-first-run"]
        chromium = playwright.chromium.launch(executable_path=str(browser.find()), args=arguments)
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)  # WATCH reads code
        context.add_cookies([{"name": name, "value": value, "url": base}])
        page = context.new_page()

        def press(key: str, what: str, seen: str, then: str = "") -> None:
            page.evaluate(WATCH, seen)
            page.keyboard.press(key)
            taken.setdefault(f"{key} {what}", []).append(page.evaluate("window.measured"))
            if then:
                page.wait_for_function(then)

        page.goto(f"{base}/")
        for number in range(rounds):
            row = f"document.querySelectorAll('.queue .row')[{number}]"
            press("j", "next row", f"{row}.hasAttribute('aria-current')")
            press("x", "select it", f"{row}.querySelector('input').checked")
        page.goto(f"{base}/articles/{desk['story']}/?claim={desk['claim']}")
        for number in range(rounds):
            card = f"document.getElementById('claim').dataset.number === '{number + 7}'"
            marked = f"document.querySelector('.strip [aria-current]').dataset.claim === '{number + 7}'"
            began = page.evaluate("performance.now()")
            press("j", "next claim: mark", marked, then=card)
            taken.setdefault("j next claim: its card", []).append(page.evaluate("performance.now()") - began)
        page.goto(f"{base}/claims/{desk['claim']}/")
        _on_the_card(page, press, taken, rounds)
        chromium.close()
    return {
        key: {"p50": percentile(each, 0.5), "p95": percentile(each, 0.95), "most": round(max(each), 1)}
        for key, each in taken.items()
    }


def _on_the_card(page: Any, press: Callable[..., None], taken: dict[str, list[float]], rounds: int) -> None:
    current = "document.querySelector('#evidence-list .ev[aria-current]')"
    press("e", "to the evidence", f"{current} !== null")
    for number in range(rounds):
        key = page.evaluate(f"{current}.id")
        was = page.evaluate(f"{current}.querySelector('input[name=stance]:checked')?.value")
        press("s", "stance", f"{current}.querySelector('input[name=stance]:checked').value !== '{was}'")
        began = page.evaluate("performance.now()")
        kept = f"document.getElementById('{key}').textContent.includes('Kept by')"
        press("y", "keep: heard", f"document.querySelector('[aria-busy]') !== null || {kept}", then=kept)
        taken.setdefault("y keep: answered", []).append(page.evaluate("performance.now()") - began)
        press("]", "next piece", f"{current}.id !== '{key}'")
        label = f"document.querySelector('input[data-key=\"{1 + number % 3}\"]')"
        press(str(1 + number % 3), "verdict", f"{label}.checked")
        page.evaluate("document.activeElement.blur()")


if __name__ == "__main__":
    main()
