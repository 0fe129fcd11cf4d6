"""Make the pictures of README and docs from the running app: `make shots`.

Starts the demo desk in a scratch folder, works one claim from queue to public page as four people would, and
takes the pictures on the way. Needs a Chromium (CHROMIUM names it) and the development requirements.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from factcheck.launch import browser, ports, processes  # noqa: E402
from factcheck.launch.run import alive  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PICTURES: Final = ROOT / "docs" / "pictures"
SUMMARY: Final = "The year before was the year of the repair; against a normal year output fell."
RATIONALE: Final = (
    "Kestrenet metered 1,371 gigawatt-hours in the year to October 2026 against 688 in the year before, so the "
    "figures are real. But half of the turbines stood still for repair in that year: against the last normal year, "
    "with 1,412 gigawatt-hours, output fell by three percent."
)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="factcheck-shots-") as folder:
        port = ports.free_port()
        log = Path(folder, "run.log")
        environment = dict(os.environ) | {"DATA_DIR": folder, "PYTHONUNBUFFERED": "1"}
        with log.open("wb") as out:
            desk = processes.spawn(
                [sys.executable, "-m", "factcheck.launch", "run", "--port", str(port)],
                env=environment, output=out, on_parent_death=signal.SIGTERM,
            )  # fmt: skip
        try:
            ready = processes.until(lambda: "Factcheck is at" in log.read_text() and alive(port), seconds=240)
            if not ready:
                sys.exit(f"The demo did not start:\n{log.read_text()}")
            take_pictures(f"http://{ports.HOST}:{port}", passwords(log.read_text()))
            export = [sys.executable, str(ROOT / "manage.py"), "export_verdicts", "--format", "claimreview"]
            # The README quotes it.
            print(subprocess.run(export, env=environment, capture_output=True, text=True, check=True).stdout)
        finally:
            processes.end([desk])


def passwords(log: str) -> dict[str, str]:
    """What `setup_demo` printed: name and password of each person."""
    people = ("mirek", "ana", "ines", "tove", "admin")
    words = [line.split("|")[-1].split() for line in log.splitlines()]
    return {line[0]: line[1] for line in words if len(line) > 2 and line[0] in people}


def take_pictures(url: str, secret: dict[str, str]) -> None:
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as tools:
        chromium = tools.chromium.launch(
            executable_path=str(browser.bring()), args=["--no-sandbox"] if os.getuid() == 0 else []
        )
        checker = sign_in(chromium, url, "mirek", secret)
        checker.goto(f"{url}/")
        checker.screenshot(path=PICTURES / "queue.png")
        address = work_on_claim(checker, url)
        reviewer = sign_in(chromium, url, "ana", secret)
        main_act(reviewer, address)
        publisher = sign_in(chromium, url, "tove", secret)
        publisher.on("dialog", lambda dialog: dialog.accept())
        main_act(publisher, address)
        publisher.goto(f"{url}/verdicts/")
        publisher.locator("a[href^='/verdicts/']:not([href='/verdicts/'])").first.click()
        publisher.screenshot(path=PICTURES / "verdict.png")
        page_of_verdict = publisher.url
        publisher.goto(f"{url}/insights/")
        publisher.screenshot(path=PICTURES / "insights.png")
        take_public(chromium, url, page_of_verdict)
        chromium.close()


def take_public(chromium: Browser, url: str, address: str) -> None:
    """What readers see: on a phone, in the dark, the report on the article, and the form of who asks us."""
    phone = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark").new_page()
    phone.goto(address)
    phone.screenshot(path=PICTURES / "verdict-phone.png")
    reader = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light").new_page()
    reader.goto(address)
    reader.locator("a[href^='/reports/']").click()
    reader.screenshot(path=PICTURES / "report.png")
    reader.goto(f"{url}/ask/")
    reader.screenshot(path=PICTURES / "ask.png")


def sign_in(chromium: Browser, url: str, name: str, secret: dict[str, str]) -> Page:
    page = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light").new_page()
    page.goto(f"{url}/login/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", secret[name])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")
    return page


def work_on_claim(page: Page, url: str) -> str:
    """Take "Output has doubled in a single year", keep two pieces of evidence, propose; its address."""
    page.goto(f"{url}/?q=Output+has+doubled")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#main-act")
    page.keyboard.press("t")
    page.wait_for_selector("text=You have this claim.")
    for _ in range(2):
        page.keyboard.press("e")
        page.keyboard.press("y")
        page.wait_for_selector("text=Kept by Mirek")
    page.keyboard.press("2")
    page.keyboard.press("o")
    page.fill("[name=summary]", SUMMARY)
    page.locator("[name=summary]").press("Escape")
    page.keyboard.press("r")
    page.keyboard.type(RATIONALE)
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('.card-scroll, .card')?.scrollTo(0, 0)")
    page.wait_for_timeout(500)
    page.screenshot(path=PICTURES / "desk.png")
    address = page.url
    page.locator("#rationale").focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=You proposed this verdict")
    return address


def main_act(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#main-act").click()
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main()
