"""Whatever a stranger sends to what is open to everybody, the answer is never a 5xx.

A second here; FUZZ_SECONDS=600 for ten minutes.
"""

from __future__ import annotations

import os
import random
import time
from typing import Any, Final
from urllib.parse import quote

import pytest
from django.test import Client

from tests.publishing import published

SECONDS = float(os.environ.get("FUZZ_SECONDS", "1"))
PATHS: Final = (
    "/verdicts/", "/verdicts/{slug}/", "/verdicts/{slug}/claimreview.json", "/how-we-work/", "/feeds/verdicts.atom",
    "/feeds/verdicts.rss", "/feeds/verdicts.json", "/feeds/claimreview.json", "/v1alpha1/claims:search", "/oembed",
    "/embed/{slug}/", "/sitemap.xml", "/sitemap-{number}.xml", "/news-sitemap.xml", "/robots.txt",
    "/corrections/", "/feeds/corrections.atom", "/verdicts/{slug}/timegate/", "/verdicts/{slug}/timemap/",
    "/verdicts/{slug}/versions/{number}/", "/verdicts/{slug}/versions/{number}/changes/", "/api/v1/verdicts/",
    "/api/v1/verdicts/{slug}/", "/api/v1/verdicts/{slug}/claimreview/", "/api/v1/changes/", "/api/v1/scales/",
    "/api/v1/scales/{number}/", "/feeds/archive.zip", "/api/v1/problems/", "/api/v1/problems/{text}",
    "/api/v1/openapi.json", "/api/v1/docs/", "/api/v1/{text}", "/api/v1/claims/",
    "/api/v1/articles/", "/api/v1/webhooks/", "/login/", "/healthz",
)  # fmt: skip
NAMES: Final = (
    "query", "languageCode", "reviewPublisherSiteFilter", "maxAgeDays", "pageSize", "pageToken", "offset", "url",
    "maxwidth", "maxheight", "format", "page", "cursor", "limit", "since", "label", "speaker", "state", "language",
    "changed_after", "q", "verdict", "tag", "desk", "from", "to", "next",
)  # fmt: skip
VALUES: Final = (
    "", "0", "1", "-1", "10", "200", "9" * 40, "1e9", "NaN", "\0", "%", "'", '"', "<script>", "\ud7ff", "\U0001f600",
    "a" * 5000, "tram OR NOT (", "* NEAR/2 *", "2026-11-20", "2026-13-45T99:00:00Z", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59+00:00", "json", "xml", "en-US", "../../etc/passwd", "http://[::1", "https://a@b:99999/",
    "live", "retracted", "bGl2ZQ==", "cD0xMDA=", "cj0xJnA9MQ==", "١٢", "true", "null", "[]", "{}",
)  # fmt: skip
HEADERS: Final = {
    "If-None-Match": ('"a"', "*", 'W/"x"', "\x80", ",,,", '"' * 50),
    "If-Modified-Since": ("yesterday", "Wed, 25 Nov 2026 10:00:00 GMT", "Wed, 99 Nov 99999 10:00:00 GMT"),
    "If-Match": ('"1"', "*", "x"),
    "Accept": ("application/xml", "text/html", "*/*;q=2", "a/b/c", ";;;", "application/ld+json"),
    "Accept-Language": ("zz", "de-DE,en;q=x", "*" * 300),
    "Authorization": ("Bearer", "Bearer fck_a_b", "Basic !!!", "Bearer \xff", "Bearer " + "x" * 5000),
    "Accept-Datetime": ("x", "Thu, 31 May 2007 20:35:00 GMT", "Wed, 99 Nov 99999 10:00:00 GMT"),
    "Range": ("bytes=0-1", "bytes=9-1"),
    "X-Request-ID": ("a", "\n", "x" * 500),
    "Idempotency-Key": ("", '"a', "x" * 300),
    "Content-Type": ("application/json", "text/plain; charset=nonsense", "multipart/form-data", "a"),
}


def made_up(chance: random.Random, slug: str) -> dict[str, Any]:
    """One request: mostly near to what is right, since nonsense is turned away at the door."""
    text = chance.choice(VALUES)
    if chance.random() < 0.3:
        text += "".join(chr(chance.choice((chance.randrange(128), chance.randrange(0xD800)))) for _ in range(6))
    path = chance.choice(PATHS).format(
        slug=slug if chance.random() < 0.7 else quote(text, safe=""),
        number=chance.choice(("0", "1", "2", "9" * 30)),
        text=quote(text, safe="/"),
    )
    pairs = [(chance.choice(NAMES), chance.choice(VALUES)) for _ in range(chance.randrange(4))]
    query = "&".join(f"{name}={quote(value, safe='%')}" for name, value in pairs)
    headers = {name: chance.choice(HEADERS[name]) for name in chance.sample(sorted(HEADERS), chance.randrange(3))}
    method = chance.choice(("GET",) * 6 + ("HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"))
    body = chance.choice((b"", b"{", b"[" * 2000, b'{"a": NaN}', b"\xff", b'{"text": "a"}'))
    return {"method": method, "path": path, "QUERY_STRING": query, "headers": headers, "data": body}


@pytest.mark.django_db
def test_no_request_of_a_stranger_breaks_it(settings: Any) -> None:
    settings.API_RATE_ADDRESS = 10_000_000
    seed = int(os.environ.get("FUZZ_SEED", "1"))
    chance, slug, broken, sent = random.Random(seed), published().slug, [], 0
    client = Client(raise_request_exception=False)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until or sent < 150:
        asked = made_up(chance, slug)
        again = dict(asked)
        status = client.generic(again.pop("method"), again.pop("path"), **again).status_code
        sent += 1
        if status >= 500 and status != 501:  # 501: oEmbed in a format that is not offered, as the standard has it
            broken.append((status, asked["method"], asked["path"], asked["QUERY_STRING"], asked["headers"]))
    places = sorted({one[2][:60] for one in broken})
    assert not broken, f"{len(broken)} of {sent} at {places[:20]}: {broken[:3]}"
