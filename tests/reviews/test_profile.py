"""Who the desk is: set in the admin, shown to readers, named in the markup."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from articles.models import Desk
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import Invalid
from reviews.models import Colleague, DeskPolicy, Profile, Scale
from reviews.services.desk import scale_next_version
from reviews.services.profile import logo_read, profile_save
from tests.publishing import person, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_static_folder")]


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 300)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "navy").save(made, kind)
    return made.getvalue()


def filled(**values: Any) -> Profile:
    profile = Profile.objects.get()
    texts = {
        "name": "The Northmoor Record", "legal_name": "Northmoor Record Ltd", "email": "checks@record.example",
        "address": "1 Quay Street\nNorthmoor", "funding": "Readers pay.", "ethics": "No gifts.",
        "council_name": "Press council of Kestria", "council_url": "https://council.example/",
    }  # fmt: skip
    for name, value in (texts | values).items():
        setattr(profile, name, value)
    profile_save(profile=profile, actor=person("Administrator"), people=[Colleague(name="Ana Moss", role="Head")])
    return profile


def method() -> str:
    return Client().get("/how-we-work/").content.decode()


def test_page_shows_what_is_filled_in_and_nothing_else() -> None:
    bare = method()
    assert "Fact desk" in bare
    assert "Who owns and pays" not in bare
    assert 'id="people"' not in bare
    filled(method="We read <b>everything</b>.")
    page = method()
    for words in ("The Northmoor Record", "Readers pay.", "No gifts.", "Ana Moss", "1 Quay Street<br>Northmoor",
                  "We read &lt;b&gt;everything&lt;/b&gt;.", "https://council.example/"):  # fmt: skip
        assert words in page
    assert "Who pays for this" in Client().get("/verdicts/").content.decode()


def test_markup_of_a_verdict_names_the_desk_and_its_policies() -> None:
    author = published().versions.get().claimreview["author"]
    assert author["name"] == "Fact desk"
    assert "ethicsPolicy" not in author
    filled(logo=picture())
    author = published().versions.get().claimreview["author"]
    assert author["name"] == "The Northmoor Record"
    assert author["legalName"] == "Northmoor Record Ltd"
    assert author["logo"]["url"].endswith("/logo.png")
    assert author["ethicsPolicy"].endswith("/how-we-work/#ethics")
    assert author["ownershipFundingInfo"].endswith("/how-we-work/#funding")
    assert author["masthead"].endswith("/how-we-work/#people")
    page = method()
    assert all(f'id="{part}"' in page for part in ("ethics", "funding", "people", "corrections", "method"))


def test_every_scale_that_readers_meet_is_explained() -> None:
    other = scale_next_version(scale=Scale.objects.get(), actor=person("Administrator"))
    other.labels.filter(key="false").update(name="Wrong through and through")
    assert "Wrong through and through" not in method()
    sport = Desk.objects.create(name="Sport", slug="sport", walled=False)
    DeskPolicy.objects.create(pk=sport.pk, desk=sport, scale=other)
    assert "Wrong through and through" in method()


# --- the admin -----------------------------------------------------------------------------------------
def form(**values: Any) -> dict[str, Any]:
    return {
        "name": "The Record", "complaint_days": "5", "question_days": "14", "people-TOTAL_FORMS": "1",
        "people-INITIAL_FORMS": "0", "people-0-name": "Ana Moss", "people-0-role": "Head", "people-0-position": "1",
    } | values  # fmt: skip


def test_administrator_fills_it_in_and_the_trail_says_what_changed() -> None:
    who = person("Administrator")
    who.is_staff = True
    who.save()
    client, url = Client(), reverse("admin:reviews_profile_change", args=[1])
    client.force_login(who)
    logo = SimpleUploadedFile("logo.png", picture(), "image/png")
    assert client.post(url, form(new_logo=logo)).status_code == 302
    profile = Profile.objects.get()
    assert (profile.name, profile.complaint_days, profile.version) == ("The Record", 5, 2)
    assert Image.open(io.BytesIO(profile.logo)).size == (600, 200)
    event = AuditEvent.objects.get(action="profile.saved")
    assert event.after["people"] == ["Ana Moss"]
    answer = Client().get("/logo.png")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert Client().get("/logo.png", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.post(url, form(no_logo="on", **{"people-TOTAL_FORMS": "0"})).status_code == 302
    assert Client().get("/logo.png").status_code == 404
    broken = SimpleUploadedFile("logo.png", b"<svg/>", "image/png")
    assert "cannot be used" in client.post(url, form(new_logo=broken)).content.decode()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_logo_of_every_kind_becomes_a_small_png(kind: str) -> None:
    assert Image.open(io.BytesIO(logo_read(picture(kind)))).format == "PNG"


@pytest.mark.parametrize(
    "data",
    [b"", b"not a picture", picture()[:-40], picture("BMP"), b"\x89PNG" + b"0" * 600_000, picture(size=(5000, 5000))],
)
def test_what_is_no_logo_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="logo"):
        logo_read(data)
