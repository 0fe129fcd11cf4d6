"""Files of the pages: one address for each content, kept for good, gzipped, and never stale at the plain address."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.templatetags.static import static
from django.test import Client

from factcheck.core.static import Found, found, gzipped, version

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db  # the end of a request looks at the connection
PLAIN = "/static/reviews/keys.js"


def get(address: str, *, accept: str = "gzip") -> tuple[Any, bytes]:
    """The answer and its body as it went over the wire."""
    answer: Any = Client(headers={"accept-encoding": accept}).get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    answer.close()
    return answer, body


def test_an_address_says_the_content_and_is_kept_for_good():
    address = static("reviews/keys.js")
    assert address == f"/static/{version()}/reviews/keys.js"
    answer, _ = get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"


def test_a_plain_address_still_works_and_is_asked_for_again():
    answer, _ = get(PLAIN)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "max-age=60, public"


@pytest.mark.parametrize("name", ["reviews/keys.js", "reviews/desk.css", "django_htmx/htmx-2.min.js"])
def test_what_is_sent_gzipped_is_the_file(name: str):
    (one,) = [one for one in found() if one.name == name]
    answer, body = get(static(name))
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(body) == one.path.read_bytes()


def test_who_cannot_unpack_gets_the_file_as_it_is():
    answer, _ = get(static("reviews/keys.js"), accept="identity")
    assert "Content-Encoding" not in answer.headers


def test_modules_name_one_another_relatively_so_that_they_stay_in_the_version():
    for one in found():
        if one.name.startswith("reviews/") and one.name.endswith(".js"):
            for named in re.findall(r'from "([^"]+)"', one.path.read_text(encoding="utf-8")):
                assert named.startswith("./"), (one.name, named)
                assert (one.path.parent / named).exists()


def test_a_page_drawn_before_an_update_gets_the_files_of_today_and_no_cache_keeps_them_as_the_old_ones():
    answer, body = get("/static/0123456789/reviews/keys.js", accept="identity")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "max-age=60, public"
    assert body == get(static("reviews/keys.js"), accept="identity")[1]


@pytest.mark.parametrize(
    "address", ["/static/0123456789/reviews/none.js", "/static/0123/reviews/keys.js", "/static/0123456789/"]
)
def test_an_address_that_never_was_is_none(address: str):
    assert get(address)[0].status_code == 404


def test_the_compressed_twin_is_made_once_for_each_content(tmp_path: Path):
    path = tmp_path / "words.js"
    path.write_text("const word = 1;\n" * 100, encoding="utf-8")
    one = Found("words.js", path, "first")
    twin = gzipped(one, tmp_path / "kept")
    assert twin is not None
    assert gzip.decompress(twin.read_bytes()) == path.read_bytes()
    made = twin.stat().st_mtime_ns
    assert gzipped(one, tmp_path / "kept") == twin
    assert twin.stat().st_mtime_ns == made
    assert [file.name for file in (tmp_path / "kept").iterdir()] == ["first.gz"]


def test_pictures_and_very_small_files_stay_as_they_are(tmp_path: Path):
    for name, size in (("a.png", 4000), ("a.js", 20)):
        path = tmp_path / name
        path.write_bytes(b"x" * size)
        assert gzipped(Found(name, path, name), tmp_path / "kept") is None
