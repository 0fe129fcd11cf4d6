"""Credits, datelines, times and languages, each on its own."""

from __future__ import annotations

import pytest

from articles.ingest.credits import copies_of, split_credit, split_inner, split_trailing, starts_with_credit
from articles.ingest.dateline import read_dateline
from articles.ingest.language import detect_language
from articles.ingest.stamps import read_stamp


@pytest.mark.parametrize(
    ("line", "others", "credit", "caption"),
    [
        # the same credit stands alone elsewhere
        ("© AP Photo / Ana Verrel Ostrel Minister Ilva Torrent attends a fair", ["© AP Photo / Ana Verrel Ostrel"],
         "© AP Photo / Ana Verrel Ostrel", "Minister Ilva Torrent attends a fair"),
        ("© Sputnik / Jona BeskA woman votes", ["© Sputnik / Jona Besk/"], "© Sputnik / Jona Besk",
         "A woman votes"),
        # the same caption stands alone elsewhere
        ("© Tessel / Jo Dana Lin Ships in the bay", ["Ships in the bay"], "© Tessel / Jo Dana Lin",
         "Ships in the bay"),
        # no copy: rules of thumb
        ("© AP Photo / Jona Besk Energy Minister Ilva Torrent attends a fair", [], "© AP Photo / Jona Besk",
         "Energy Minister Ilva Torrent attends a fair"),
        ("© Tessel / J. P. van der Besk Ministers meet in Ostrel", [], "© Tessel / J. P. van der Besk",
         "Ministers meet in Ostrel"),
        ("© REUTERS / JONA BESK US President arrives in Ostrel", [], "© REUTERS / JONA BESK",
         "US President arrives in Ostrel"),
        ("© Tessel / Handout Energy Minister Ilva Torrent attends a fair", [], "© Tessel / Handout",
         "Energy Minister Ilva Torrent attends a fair"),
        ("© Tessel / Stringer A woman votes in Ostrel", [], "© Tessel / Stringer", "A woman votes in Ostrel"),
        ("© Tessel / Jona Besk / Pool Ministers meet in Ostrel", [], "© Tessel / Jona Besk / Pool",
         "Ministers meet in Ostrel"),
        ("© Tessel / Jona Besk / The barrage at dawn", [], "© Tessel / Jona Besk /", "The barrage at dawn"),
        ("© Photo : Ministry of Energy of Kestria", [], "© Photo : Ministry of Energy of Kestria", ""),
        ("© Tessel / Jona Besk / Go to the mediabankTwo workers inspect a blade", [],
         "© Tessel / Jona Besk / Go to the mediabank", "Two workers inspect a blade"),
        ("© РИА Новости / Иван Бесков / Перейти в медиабанкЛюди на площади", [],
         "© РИА Новости / Иван Бесков / Перейти в медиабанк", "Люди на площади"),
        ("(c) Tessel / Jona Besk", [], "(c) Tessel / Jona Besk", ""),
        ("Photo by Jona Besk", [], "Photo by Jona Besk", ""),
        ("Photo: The barrage at dawn", [], "Photo:", "The barrage at dawn"),
    ],
)  # fmt: skip
def test_a_credit_is_cut_from_its_caption(line: str, others: list[str], credit: str, caption: str) -> None:
    assert starts_with_credit(line)
    split = split_credit(line, copies_of([line, *others]))
    assert (split.credit, split.caption) == (credit, caption)


@pytest.mark.parametrize(
    "line", ["(c) The buyer pays the fee.", "(c) the buyer / seller", "Photos were taken.", "Imagery"]
)
def test_text_that_only_looks_like_a_credit_is_left(line: str) -> None:
    assert not starts_with_credit(line)


def test_a_credit_in_the_middle_of_a_line_is_cut_loose() -> None:
    line = "The vote is on Monday.© Tessel / Jona Besk A woman votes (a) twice and (c) thrice."
    assert split_inner(line) == [
        "The vote is on Monday.", "© Tessel / Jona Besk A woman votes (a) twice and (c) thrice.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("The barrage at dawn (AP Photo/Jona Besk)", "The barrage at dawn", "(AP Photo/Jona Besk)"),
        ("The barrage at dawn. REUTERS/Jona Besk", "The barrage at dawn.", "REUTERS/Jona Besk"),
        ("The barrage at dawn. Photo: Jona Besk", "The barrage at dawn.", "Photo: Jona Besk"),
        ("The barrage. (JONA BESK/AFP/Getty Images)", "The barrage.", "(JONA BESK/AFP/Getty Images)"),
    ],
)
def test_a_credit_at_the_end_is_cut_off(line: str, caption: str, credit: str) -> None:
    split = split_trailing(line)
    assert split is not None
    assert (split.caption, split.credit) == (caption, credit)
    assert split_trailing("He sent a photo: it showed the harbour in the evening") is None


@pytest.mark.parametrize(
    ("paragraph", "place", "agency"),
    [
        ("MOSCOW (Sputnik) - Text", "MOSCOW", "Sputnik"),
        ("PORT ALMAR, November 19 (Tessel) – Text", "PORT ALMAR", "Tessel"),
        ("BRUSSELS/PARIS, Oct 3 (Agency) -- Text", "BRUSSELS/PARIS", "Agency"),
        ("GROSSETO, Italy (AP) — Text", "GROSSETO, Italy", "AP"),
        ("LONDON, Oct. 3, 2026 (Reuters) - Text", "LONDON", "Reuters"),
        ("ST. PETERSBURG (Sputnik) – Text", "ST. PETERSBURG", "Sputnik"),
        ("Berlin (dpa/lni) - Text", "Berlin", "dpa/lni"),
        ("Rio de Janeiro (AFP) – Text", "Rio de Janeiro", "AFP"),
        ("MOSCOW, October 12. /TASS/. Text", "MOSCOW", "TASS"),
        ("NEW YORK, Oct. 3, 2026 /PRNewswire/ -- Text", "NEW YORK", "PRNewswire"),
        ("МОСКВА, 12 окт - РИА Новости. Текст", "МОСКВА", "РИА Новости"),
        ("القاهرة (رويترز) - نص", "القاهرة", "رويترز"),
        ("(Reuters) - Text", "", "Reuters"),
        ("OSTREL — Text", "OSTREL", ""),
    ],
)  # fmt: skip
def test_datelines_of_many_agencies_are_read(paragraph: str, place: str, agency: str) -> None:
    opening = read_dateline(paragraph, first=True)
    assert opening is not None
    assert (opening.dateline.place, opening.dateline.agency) == (place, agency)
    assert f"{opening.words} {opening.rest}" == paragraph


@pytest.mark.parametrize(
    "paragraph",
    [
        "Marek Tolvay (Harbour Party) - the leader - said no.",
        "NATO - the alliance - said no.",
        "BREAKING - The market is on fire.",
        "The plant (built in 2014) - the largest - is old.",
        "He said (twice) - and meant it.",
        "MOSCOW (Sputnik) -",
        "",
    ],
)
def test_an_aside_is_no_dateline(paragraph: str) -> None:
    assert read_dateline(paragraph, first=True) is None


def test_a_place_alone_counts_only_at_the_top() -> None:
    assert read_dateline("OSTREL — Text", first=False) is None


@pytest.mark.parametrize(
    ("line", "published", "modified"),
    [
        ("11:54 GMT 12.10.2022 (Updated: 11:56 GMT 12.10.2022)", "2022-10-12T11:54", "2022-10-12T11:56"),
        ("11:54 GMT 12.10.2022", "2022-10-12T11:54", None),
        ("Updated: 11:56 GMT 12.10.2022", None, "2022-10-12T11:56"),
        ("Published: 12 October 2022, 11:54 GMT", "2022-10-12T11:54", None),
        ("Oct. 12, 2022 at 7:54 a.m. EDT", "2022-10-12T11:54", None),
        ("12:05 am UTC 12.10.2022", "2022-10-12T00:05", None),
        ("2022-10-12T14:54:00+03:00", "2022-10-12T11:54", None),
        ("2022-10-12 14:54 MSK | Updated 2022-10-12 15:00 MSK", "2022-10-12T11:54", "2022-10-12T12:00"),
        ("12.10.2022", "2022-10-12T00:00", None),
        ("23:30 GMT-5 12.10.2022", "2022-10-13T04:30", None),
    ],
)
def test_times_are_read_into_utc(line: str, published: str | None, modified: str | None) -> None:
    stamp = read_stamp(line)
    assert stamp is not None
    found = [
        moment.strftime("%Y-%m-%dT%H:%M") if moment else None for moment in (stamp.published_at, stamp.modified_at)
    ]
    assert found == [published, modified]


@pytest.mark.parametrize(
    "line",
    [
        "11:54 GMT 45.10.2022",
        "On 12.10.2022 the plant closed.",
        "12.10.2022 13.10.2022 14.10.2022",
        "11:54",
        "2022",
        "",
    ],
)
def test_other_lines_hold_no_stamp(line: str) -> None:
    assert read_stamp(line) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The minister said that the plant had been closed for a year and would not open."),
        ("de", "Die Ministerin sagte, dass das Werk ein Jahr lang geschlossen war und nicht öffnen wird."),
        ("fr", "La ministre a dit que le port est fermé depuis un an et ne sera pas ouvert dans la ville."),
        ("es", "La ministra dijo que el puerto ha estado cerrado por un año y que no se abre en la ciudad."),
        ("pt", "A ministra disse que o porto foi fechado por um ano e não será aberto até o verão, segundo ela."),
        ("ru", "Министр заявил, что порт был закрыт и что его не откроют до лета, но это ещё не решено."),
        ("uk", "Міністр заявив, що порт був закритий і що його не відкриють до літа, але це ще не вирішено."),
        ("ar", "قال الوزير إن الميناء كان مغلقا منذ عام وأنه لا يفتح قبل الصيف من هذا العام."),
        ("", "Ostrel Port Almar Sallow Veldmark Halden"),
        ("", "1,371 688 24 2014"),
        ("", ""),
    ],
)
def test_the_language_is_named_or_left_open(language: str, text: str) -> None:
    assert detect_language(text) == language
