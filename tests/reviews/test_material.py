"""Evidence from an address, a file or a pasted text: kept, read, and quoted word for word, by page and API."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles.choices import EvidenceState
from articles.models import Claim, Evidence, Snapshot
from factcheck.core.errors import FactcheckError, Invalid, NotAllowed, WrongState
from reviews.choices import MaterialState
from reviews.models import Draft, Material
from reviews.policies import ROLES
from reviews.quoting import NotThere, Place, place_of
from reviews.services.material import (
    Brought,
    material_bring,
    material_fetch,
    material_quote,
    material_remove,
    materials_due,
)
from tests import publishing as desk
from tests.articles.office_files import pdf, word
from tests.servers import Reply, serving, typed

TEXT = "Kestrenet counts each month.\n\nOstrel delivered 1,371 gigawatt-hours.\nThe year before it was 688."
SAID = "Ostrel delivered 1,371 gigawatt-hours, the table says."
PAGE = (
    "<html><head><title>Generation by plant</title></head><body><article><h1>Generation by plant</h1><p>Ostrel "
    "delivered 1,371 gigawatt-hours between November and October, the grid company said.</p><p>The year before "
    "it was 688.</p></article></body></html>"
)


# --- word for word ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("passage", "found"),
    [
        ("Ostrel delivered 1,371 gigawatt-hours.", "Ostrel delivered 1,371 gigawatt-hours."),
        ("  Ostrel   delivered\n1,371 ", "Ostrel delivered 1,371"),
        ("gigawatt-hours. The year", "gigawatt-hours.\nThe year"),
        ("month. Ostrel", "month.\n\nOstrel"),
        ("688.", "688."),
    ],
)
def test_words_that_stand_there_are_found_whatever_the_white_space(passage: str, found: str) -> None:
    place = place_of(passage, TEXT)
    assert isinstance(place, Place)
    assert TEXT[place.start : place.end] == found


@pytest.mark.parametrize(
    ("passage", "why"),
    [
        (
            "Ostrel delivered 1,371 megawatt-hours",
            "After “Ostrel delivered 1,371” the text goes on “gigawatt-hours. ",
        ),
        ("Ostrel Delivered", "After “Ostrel” the text goes on “delivered 1,371"),
        ("Bastrel delivered", "It has no “Bastrel”"),
        ("it was 688. And then", "After “it was 688.” the text ends there"),
        ("", "Copy the words"),
        (" . ", "Copy the words"),
    ],
)
def test_words_that_do_not_stand_there_say_where_they_part(passage: str, why: str) -> None:
    told = place_of(passage, TEXT)
    assert isinstance(told, NotThere)
    assert why in told.words


_LETTERS = st.text(alphabet="ab \n\u00e9\U0001f600", max_size=60)


@given(before=_LETTERS, words=_LETTERS, behind=_LETTERS)
def test_a_stretch_of_a_text_is_always_found_in_it(before: str, words: str, behind: str) -> None:
    if len("".join(words.split())) < 3:
        return
    text = before + words + behind
    place = place_of(words, text)
    assert isinstance(place, Place)
    assert text[place.start : place.end].split() == words.split()


# --- bringing ---------------------------------------------------------------------------------------------
@pytest.fixture
def claim(db: None) -> Claim:
    return desk.claim()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("table.txt", TEXT.encode(), "Ostrel delivered 1,371 gigawatt-hours."),
        ("page.html", PAGE.encode(), "The year before it was 688."),
        ("note.docx", word(("Title", "Generation by plant"), ("Normal", SAID)),
         "Ostrel delivered 1,371 gigawatt-hours"),
        ("note.pdf", pdf(["Generation by plant", SAID]),
         "Ostrel delivered 1,371 gigawatt-hours"),
    ],
)  # fmt: skip
def test_a_file_is_read_kept_and_quoted(claim: Claim, name: str, data: bytes, words: str) -> None:
    who = desk.person("Researcher")
    made = material_bring(claim=claim, actor=who, brought=Brought(data=data, name=name))
    assert (made.state, made.error_detail) == (MaterialState.READ, "")
    found = material_quote(material=made, actor=who, passage=words, stance="refutes")
    assert (found.passage, found.stance, found.state) == (words, "refutes", EvidenceState.KEPT)
    assert found.locator.startswith(("paragraph", "page"))
    assert found.snapshot is not None
    assert bytes(found.snapshot.content) == data


def test_the_same_file_and_the_same_quotation_are_there_once(claim: Claim) -> None:
    who = desk.person("Researcher")
    both = [material_bring(claim=claim, actor=who, brought=Brought(text=TEXT)) for _ in range(2)]
    quoted = [material_quote(material=one, actor=who, passage="it was 688", stance="supports") for one in both]
    assert both[0].pk == both[1].pk
    assert quoted[0].pk == quoted[1].pk
    assert (Material.objects.count(), Evidence.objects.count(), Snapshot.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("brought", "code"),
    [
        (Brought(), "material.nothing"),
        (Brought(text="   "), "material.nothing"),
        (Brought(name="empty.txt"), "article.empty"),
        (Brought(text="a text", data=b"a file", name="a.txt"), "material.several"),
        (Brought(url="ftp://tessel.example/1"), "http.bad_url"),
        (Brought(url="https://tessel.example/" + 1000 * "a"), "http.bad_url"),
        (Brought(data=b"MZ", name="tool.exe"), "material.format"),
        (Brought(data=b"<x/>", name="feed.xml"), "material.format"),
        (Brought(data=b"%PDF-1.4 nothing", name="broken.pdf"), "article.malformed"),
        (Brought(data=b"\n \n", name="blank.txt"), "article.empty"),
        (Brought(data=b"x" * (10 * 1024 * 1024 + 1), name="big.txt"), "article.too_large"),
    ],
)
def test_what_cannot_be_kept_says_why_and_leaves_nothing(claim: Claim, brought: Brought, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        material_bring(claim=claim, actor=desk.person("Researcher"), brought=brought)
    assert refused.value.code == code
    assert not Material.objects.exists()
    assert not Snapshot.objects.exists()


def test_words_that_are_not_in_the_kept_text_become_no_evidence(claim: Claim) -> None:
    who = desk.person("Researcher")
    made = material_bring(claim=claim, actor=who, brought=Brought(text=TEXT))
    with pytest.raises(Invalid) as refused:
        material_quote(material=made, actor=who, passage="Ostrel delivered 1,731 gigawatt-hours", stance="refutes")
    assert refused.value.code == "material.not_there"
    assert "1,371" in refused.value.detail
    with pytest.raises(Invalid) as stance:
        material_quote(material=made, actor=who, passage="it was 688", stance="perhaps")
    assert stance.value.code == "evidence.bad_stance"
    assert not Evidence.objects.exists()


def test_what_is_put_away_leaves_its_quotations(claim: Claim) -> None:
    who = desk.person("Researcher")
    made = material_bring(claim=claim, actor=who, brought=Brought(text=TEXT))
    found = material_quote(material=made, actor=who, passage="it was 688", stance="supports", locator="Table 2")
    material_remove(material=made, actor=who)
    found.refresh_from_db()
    assert found.snapshot is not None
    assert (found.locator, Material.objects.exists()) == ("Table 2", False)


# --- addresses --------------------------------------------------------------------------------------------
def test_an_address_is_fetched_once_and_quoted(claim: Claim, settings: Any) -> None:
    who = desk.person("Researcher")
    with serving(lambda _asked: typed("text/html; charset=utf-8", PAGE.encode())) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        brought = Brought(url=f"{server.url}/table")
        made = material_bring(claim=claim, actor=who, brought=brought)
        assert material_bring(claim=claim, actor=who, brought=brought).pk == made.pk
        with pytest.raises(WrongState) as early:
            material_quote(material=made, actor=who, passage="it was 688", stance="supports")
        assert early.value.code == "material.not_read"
        assert materials_due() == 1
        assert material_fetch(material_id=made.pk) == MaterialState.READ
        assert material_fetch(material_id=made.pk) is None  # a task may run twice
        assert len(server.asked) == 1
        again = material_bring(claim=claim, actor=who, brought=brought)
        assert material_fetch(material_id=again.pk) == MaterialState.READ
    made = Material.objects.get()  # the same bytes again are the ones that are there
    found = material_quote(material=made, actor=who, passage="the grid company said", stance="refutes")
    assert (found.title, found.url) == ("Generation by plant", made.url)
    assert found.snapshot is not None
    assert bytes(found.snapshot.content) == PAGE.encode()


def test_an_address_that_cannot_be_read_says_why(claim: Claim, settings: Any) -> None:
    replies = {"/gone": Reply(status=404), "/empty": typed("text/html", b"<html><body></body></html>"),
               "/picture": typed("image/png", b"x"),
               "/later": Reply(status=429, headers={"Retry-After": "600"})}  # fmt: skip
    who = desk.person("Researcher")
    with serving(lambda asked: replies[asked.path]) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        rows = {
            path: material_bring(claim=claim, actor=who, brought=Brought(url=server.url + path)) for path in replies
        }
        said = {path: material_fetch(material_id=row.pk) for path, row in rows.items()}
    assert said == {"/gone": "failed", "/empty": "failed", "/picture": "failed", "/later": "fetching"}
    client = Client()
    client.force_login(who)
    shown = client.get(f"/claims/{claim.pk}/").content.decode()
    assert "127.0.0.1 answered 404." in shown
    assert Material.objects.get(pk=rows["/later"].pk).not_before > timezone.now()
    material_bring(claim=claim, actor=who, brought=Brought(url=server.url + "/gone"))  # once more
    assert not Material.objects.filter(url__endswith="/gone", state="failed").exists()


def test_an_address_inside_is_not_fetched(claim: Claim) -> None:
    made = material_bring(claim=claim, actor=desk.person("Researcher"), brought=Brought(url="http://127.0.0.1:1/x"))
    assert material_fetch(material_id=made.pk) == MaterialState.FAILED
    assert not Snapshot.objects.exists()


# --- who --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["", *ROLES])
def test_who_may_bring_quote_and_put_away(claim: Claim, role: str) -> None:
    person, allowed = desk.person(role), "add_evidence" in ROLES.get(role, ())
    made = material_bring(claim=claim, actor=desk.person("Researcher"), brought=Brought(text=TEXT))
    acts: list[Any] = [
        lambda: material_bring(claim=claim, actor=person, brought=Brought(text="Another text of ours.")),
        lambda: material_quote(material=made, actor=person, passage="it was 688", stance="supports"),
        lambda: material_remove(material=made, actor=person),
    ]
    for act in acts:
        if allowed:
            act()
            continue
        with pytest.raises(NotAllowed):
            act()
    assert Evidence.objects.count() == allowed


def test_what_is_behind_a_wall_is_not_there(claim: Claim, client: Client) -> None:
    made = material_bring(claim=claim, actor=desk.person("Researcher"), brought=Brought(text=TEXT))
    claim.article.desk.walled = True
    claim.article.desk.save()
    client.force_login(desk.person("Checker"))
    for path in (f"/materials/{made.pk}/", f"/materials/{made.pk}/text/"):
        assert client.get(path).status_code == 404
    assert client.post(f"/materials/{made.pk}/quote/", {"passage": "it was 688"}).status_code == 404


# --- page and API -----------------------------------------------------------------------------------------
def test_from_the_card_without_script(claim: Claim, client: Client, settings: Any) -> None:
    who = desk.person("Researcher")
    client.force_login(who)
    Draft.objects.create(claim=claim, person=who, form="bring", field="text", text="half", version=1,
                         saved_at=timezone.now())  # fmt: skip
    upload = SimpleUploadedFile("table.txt", TEXT.encode(), content_type="text/plain")
    sent = client.post(f"/claims/{claim.pk}/materials/", {"file": upload}, follow=True)
    assert "Quote the words that count" in sent.content.decode()
    assert not Draft.objects.exists()
    made = Material.objects.get()
    assert (made.name, made.title) == ("table.txt", "table.txt")
    kept = client.get(f"/materials/{made.pk}/text/")
    assert (kept.content.decode(), kept["Content-Security-Policy"]) == (TEXT, "sandbox; default-src 'none'")
    wrong = client.post(f"/materials/{made.pk}/quote/", {"passage": "it was 699", "stance": "supports"})
    assert wrong.status_code == 422
    assert "the text goes on “688.”" in wrong.content.decode()
    right = client.post(f"/materials/{made.pk}/quote/", {"passage": "it was 688", "stance": "supports"}, follow=True)
    assert "Evidence added: paragraph 2" in right.content.decode()
    client.post(f"/materials/{made.pk}/remove/")
    assert "it was 688" in client.get(f"/claims/{claim.pk}/").content.decode()


def test_the_row_asks_for_itself_while_it_is_fetched(claim: Claim, client: Client) -> None:
    made = material_bring(
        claim=claim, actor=desk.person("Researcher"), brought=Brought(url="https://tessel.example/1")
    )
    client.force_login(desk.person("Checker"))
    row = client.get(f"/materials/{made.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "Being fetched" in row
    assert f'hx-get="/materials/{made.pk}/"' in row
    assert client.get(f"/materials/{made.pk}/").status_code == 302
    Material.objects.filter(pk=made.pk).update(state="failed", error_detail="tessel.example answered 404.")
    row = client.get(f"/materials/{made.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" not in row
    assert "answered 404" in row


def test_by_api(claim: Claim, client: Client) -> None:
    head = desk.bearer(desk.person("Researcher"), "read", "verdict:write")
    send: dict[str, Any] = {"content_type": "application/json", "headers": head}
    made = client.post(f"/api/v1/claims/{claim.pk}/materials/", {"text": TEXT}, **send)
    assert (made.status_code, made.json()["state"]) == (201, "read")
    address = made["Location"]
    assert client.get(address, headers=head).json()["text"] == TEXT
    listed = client.get(f"/api/v1/claims/{claim.pk}/materials/", headers=head).json()["results"]
    assert [row["id"] for row in listed] == [made.json()["id"]]
    upload = SimpleUploadedFile(
        "note.docx", word(("Title", "Generation"), ("Normal", "Ostrel delivered 1,371 gigawatt-hours."))
    )
    file = client.post(f"/api/v1/claims/{claim.pk}/materials/", {"file": upload}, headers=head)
    assert (file.status_code, file.json()["name"]) == (201, "note.docx")
    wrong = client.post(f"{address}quote/", {"passage": "it was 699", "stance": "refutes"}, **send)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "material.not_there")
    right = client.post(f"{address}quote/", {"passage": "it was 688", "stance": "refutes"}, **send)
    assert (right.status_code, right.json()["passage"], right.json()["state"]) == (201, "it was 688", "kept")
    assert client.post(f"{address}remove/", **send).status_code == 204
    assert client.get(address, headers=head).status_code == 404
    reader = {
        "content_type": "application/json",
        "headers": desk.bearer(desk.person("Viewer"), "read", "verdict:write"),
    }
    assert client.post(f"/api/v1/claims/{claim.pk}/materials/", {"text": TEXT}, **reader).status_code == 403


def test_a_broken_reader_of_files_is_an_answer_and_no_crash(claim: Claim, client: Client) -> None:
    client.force_login(desk.person("Researcher"))
    upload = SimpleUploadedFile("broken.docx", b"PK\x03\x04 nothing of the sort")
    refused = client.post(f"/claims/{claim.pk}/materials/", {"file": upload})
    assert refused.status_code == 422
    with pytest.raises(FactcheckError):
        material_bring(claim=claim, actor=desk.person("Researcher"),
                       brought=Brought(data=b"\x00\xff\x00\xfe\x01", name="noise.txt"))  # fmt: skip
