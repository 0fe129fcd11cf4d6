"""Whatever happens while somebody types, every word is there afterwards."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from reviews.models import Draft, Lease
from reviews.services.review import claim_take
from tests import factories

pytestmark = pytest.mark.browser
WORDS = "Half of a sentence that nobody may lo"
MORE = "se, whatever happens."


def writing(desk, watched, role: str = "Checker"):
    """A checker who has a claim and writes its rationale."""
    claim_take(claim=desk.claims[0], actor=desk.people[role])
    page = watched.page
    page.goto(f"{desk.url}/claims/{desk.claims[0].pk}/")
    page.keyboard.press("r")
    page.keyboard.type(WORDS)
    return page


def text_kept() -> list[str]:
    return list(Draft.objects.filter(field="rationale").values_list("text", flat=True))


def reopened(desk, page) -> None:
    page.goto(f"{desk.url}/claims/{desk.claims[0].pk}/")
    expect(page.locator("#rationale")).to_have_value(re.compile(f"^{WORDS}"))


def test_a_draft_is_kept_by_the_desk_soon_after_the_last_key(desk, sign_in):
    page = writing(desk, sign_in("Checker"))
    expect(page.locator("#draft-saved")).to_have_text(re.compile(r"Draft saved \d\d:\d\d"))
    assert text_kept() == [WORDS]
    assert Lease.objects.get().person == desk.people["Checker"]
    other = sign_in("Checker").page  # another computer
    reopened(desk, other)
    expect(other.locator("#presence")).to_contain_text("in another window")
    other.get_by_role("button", name="Go on here").click()
    expect(other.locator("#presence")).to_contain_text("Held for you while you type")


def test_a_tab_that_is_killed_in_the_middle_of_a_word(desk, sign_in):
    watched = sign_in("Checker")
    page = writing(desk, watched)
    page.context.set_offline(True)  # nothing may leave the browser as it dies
    page.close(run_before_unload=False)
    page.context.set_offline(False)
    assert text_kept() == []
    again = page.context.new_page()
    reopened(desk, again)
    expect(again.locator("#draft-saved")).to_contain_text("Draft saved")
    assert text_kept() == [WORDS]


def test_a_session_that_ends_in_the_middle_of_a_word(desk, sign_in):
    page = writing(desk, sign_in("Checker"))
    Session.objects.all().delete()
    page.keyboard.type(MORE)
    expect(page.locator("#sign-in")).to_be_visible()
    page.locator("#sign-in-password").fill("not the password")
    page.keyboard.press("Enter")
    expect(page.locator("#sign-in-error")).to_be_visible()
    page.locator("#sign-in-password").fill(factories.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#sign-in")).to_be_hidden()
    expect(page.locator("#rationale")).to_have_value(WORDS + MORE)
    expect(page.locator("#draft-saved")).to_contain_text("Draft saved")
    assert text_kept() == [WORDS + MORE]
    page.locator("#rationale").press("End")
    page.keyboard.type(" On.")
    page.locator("#gaps").focus()
    expect(page.locator("#draft-saved")).to_contain_text("Draft saved")


def test_a_server_that_is_away_while_somebody_types(desk, sign_in):
    page = writing(desk, sign_in("Checker"))
    page.context.set_offline(True)
    page.keyboard.type(MORE)
    expect(page.locator("#not-saved")).to_contain_text("Your text is safe in this browser")
    page.context.set_offline(False)
    expect(page.locator("#not-saved")).to_have_count(0, timeout=9000)
    assert text_kept() == [WORDS + MORE]


def test_two_windows_on_one_claim_keep_both_texts(desk, sign_in):
    first = writing(desk, sign_in("Checker"))
    second = sign_in("Checker").page
    expect(first.locator("#draft-saved")).to_contain_text("Draft saved")
    reopened(desk, second)
    second.get_by_role("button", name="Go on here").click()
    expect(second.locator("#presence")).to_contain_text("Held for you")
    second.locator("#rationale").fill("Written in the second window.")
    second.locator("#gaps").focus()
    expect(second.locator("#draft-saved")).to_contain_text("Draft saved")
    first.locator("#rationale").press_sequentially(MORE)
    box = first.locator("#conflict-rationale")
    expect(box).to_contain_text("Written in the second window.")
    expect(box).to_contain_text(WORDS + MORE)
    assert text_kept() == ["Written in the second window."]
    box.get_by_role("button").click()
    expect(box).to_have_count(0)
    expect(first.locator("#draft-saved")).to_contain_text("Draft saved")
    assert text_kept() == [WORDS + MORE]


def test_a_claim_taken_over_leaves_the_text_with_its_writer(desk, sign_in):
    page = writing(desk, sign_in("Checker"))
    expect(page.locator("#draft-saved")).to_contain_text("Draft saved")
    reader = sign_in("Reviewer").page
    reader.goto(f"{desk.url}/claims/{desk.claims[0].pk}/")
    expect(reader.locator("#presence")).to_contain_text(re.compile(r"Mirek is editing since \d+ s"))
    reader.get_by_role("button", name="Ask to take over").click()
    expect(reader.locator("#presence")).to_contain_text("You have asked")
    editor = sign_in("Desk editor").page
    editor.goto(f"{desk.url}/claims/{desk.claims[0].pk}/")
    editor.locator("#presence summary").click()
    editor.locator("#take-over-note").fill("The story runs at noon.")
    editor.locator("#presence").get_by_role("button", name="Take over").click()
    expect(editor.locator("#presence")).to_contain_text("You have this claim.")
    expect(editor.locator("#rationale")).to_have_value("")
    page.keyboard.type(MORE)
    page.locator("#gaps").focus()
    expect(page.locator("#draft-saved")).to_contain_text("Draft saved")
    assert text_kept() == [WORDS + MORE]


def test_a_field_left_twice_while_the_desk_answers_is_no_conflict_with_itself(desk, sign_in):
    """The answer to the first save was still being read when the second went out with the version before it."""
    watched = sign_in("Checker")
    watched.page.add_init_script(
        "const read = Response.prototype.json;"
        "Response.prototype.json = function () {"
        "  return new Promise((done) => setTimeout(done, 400)).then(() => read.call(this));"
        "};"
    )
    page = writing(desk, watched)
    rationale = page.locator("#rationale")
    with page.expect_response(re.compile("/draft/")):
        rationale.blur()
    rationale.press("End")
    page.keyboard.type(MORE)
    rationale.blur()
    expect(page.locator("#draft-saved")).to_have_text(re.compile(r"Draft saved \d\d:\d\d"))
    assert text_kept() == [WORDS + MORE]
    assert watched.complaints == []


def test_a_save_under_way_does_not_bring_back_the_draft_of_a_form_that_was_sent(desk, sign_in):
    page = sign_in("Checker").page
    page.goto(f"{desk.url}/claims/{desk.claims[0].pk}/")
    held, told = [], []
    page.route(
        "**/draft/", lambda route: held.append(route), times=1
    )  # a slow network: the save is neither answered nor lost
    page.on("request", lambda asked: told.append(f"{asked.method} {asked.url.split('/')[-2]}"))
    page.on("response", lambda answer: told.append(f"answer {answer.url.split('/')[-2]}"))
    page.get_by_text("Write a note on this claim").click()
    page.locator("#note-body").fill("Which plant is meant?")
    with page.expect_request("**/draft/"):
        page.locator("#note-words").focus()
    page.locator("#note-body").press("Control+Enter")
    with page.expect_response("**/notes/"):
        held[0].continue_()
    expect(page.locator("#notes")).to_contain_text("Which plant is meant?")
    assert told.index("answer draft") < told.index("POST notes")
    assert not Draft.objects.exists()


def test_a_page_that_was_drawn_before_the_draft_was_taken_shows_it_all_the_same(desk, sign_in):
    """A reload asks for the page, the desk draws it, and only then takes what the old page still sends."""
    page = writing(desk, sign_in("Checker"))
    drawn = []
    page.route(re.compile(rf"/claims/{desk.claims[0].pk}/$"), lambda route: drawn.append((route, route.fetch())))
    with page.expect_response(re.compile("/draft/")) as taken:
        page.evaluate("location.reload()")
    taken.value.finished()
    route, answer = drawn.pop()
    assert WORDS not in answer.text()
    with page.expect_navigation():
        route.fulfill(response=answer)
    expect(page.locator("#rationale")).to_have_value(re.compile(f"^{WORDS}"))
