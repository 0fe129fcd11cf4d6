"""The conversation with a model: forms of request, repairs, limits, and nothing secret in what is said of it."""

from __future__ import annotations

import json
import logging
import time

import pytest

from articles.llm.config import Config
from articles.llm.schema import ShapeError, first_object, read_claims
from articles.llm.talk import Question, Talk, question_key, request_body
from factcheck.core.errors import FactcheckError, Invalid, Permanent, Transient
from tests.articles.models_served import (
    KEY,
    NotedBooks,
    body,
    claims,
    client_for,
    completion,
    config_for,
    entry,
    form,
    in_turn,
    recorded,
)
from tests.servers import Reply, closed_port, endless, hanging, json_reply, redirect, serving

QUESTION = Question("selection", "Be an assistant. First stage.", "<article>The line cost 240.</article>")
GOOD = claims(entry("The line cost 240."))


def talk(server, books=None, *, seconds=20.0, **values) -> Talk:
    config = config_for(server, **values)
    return Talk(config, client_for(config), books or NotedBooks(), time.monotonic() + seconds)


def asked_of(answer, books=None, **values):
    with serving(answer) as server:
        one = talk(server, books, **values)
        with one.client:
            return one.ask(QUESTION), server.asked


def refusal(answer, books=None, **values) -> FactcheckError:
    with serving(answer) as server:
        one = talk(server, books, **values)
        with one.client, pytest.raises(FactcheckError) as error:
            one.ask(QUESTION)
    return error.value


# --- the request -------------------------------------------------------------------------------------
def test_the_request_is_one_that_every_server_knows():
    _, asked = asked_of(lambda _: json_reply(recorded("answer.json")))
    sent = body(asked[0])
    assert asked[0].path == "/v1/chat/completions"
    assert asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert (sent["model"], sent["temperature"], sent["seed"]) == ("local-model", 0, 7)
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]
    assert sent["response_format"]["json_schema"]["strict"] is True


def test_without_a_key_none_is_sent():
    _, asked = asked_of(lambda _: GOOD, key="")
    assert "authorization" not in asked[0].headers


def test_every_object_of_the_schema_is_closed_and_every_field_required():
    schema = request_body("m", "json_schema", [], 1)["response_format"]["json_schema"]["schema"]
    item = schema["properties"]["claims"]["items"]
    for each in (schema, item):
        assert each["additionalProperties"] is False
        assert set(each["required"]) == set(each["properties"])


# --- the ladder --------------------------------------------------------------------------------------
def taking(*forms: str):
    """A server that says 400 to every other form of request."""
    return lambda asked: GOOD if form(asked) in forms else json_reply(recorded("unsupported.json"), status=400)


LADDER = ["json_schema", "json_object", "text", "bare"]


@pytest.mark.parametrize("taken", LADDER)
def test_a_server_is_asked_in_the_strictest_form_it_takes_and_next_time_at_once(taken):
    books = NotedBooks()
    found, asked = asked_of(taking(taken), books)
    assert found[0].quote == "The line cost 240."
    assert [form(one) for one in asked] == LADDER[: LADDER.index(taken) + 1]
    books.answers.clear()
    _, again = asked_of(taking(taken), books)
    assert [form(one) for one in again] == [taken]


def test_below_the_strict_schema_the_shape_is_spelled_out_in_the_prompt():
    _, asked = asked_of(taking("text"))
    assert "additionalProperties" not in body(asked[0])["messages"][0]["content"]
    assert "additionalProperties" in body(asked[2])["messages"][0]["content"]


def test_a_server_that_takes_no_form_is_given_up_and_nothing_is_learned_of_it():
    books = NotedBooks()
    error = refusal(taking(), books)
    assert (error.code, error.values["status"], books.known) == ("http.status", 400, "json_schema")


def test_a_schema_that_is_taken_but_not_kept_to_is_found_out():
    loose = completion('{"claims": [{"quote": "The line cost 240."}]}')
    found, asked = asked_of(in_turn(loose, GOOD))
    assert len(found) == 1
    repair = body(asked[1])["messages"]
    assert [message["role"] for message in repair] == ["system", "user", "assistant", "user"]
    assert "claims[0] breaks the rule 'required'" in repair[-1]["content"]


# --- answers -----------------------------------------------------------------------------------------
AROUND = {
    "fence": "Here you are:\n```json\n{}\n```",
    "thoughts": '<think>A brace { and "quotes".</think>{}',
    "words": "Sure. {} Hope this helps {not json}.",
}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
def test_words_around_the_object_are_left_out(around):
    content = json.dumps({"claims": [entry('A } brace in {words} and a \\ " mark')]})
    found, asked = asked_of(lambda _: completion(around.replace("{}", content, 1)))
    assert (len(found), len(asked)) == (1, 1)


def test_an_answer_in_parts_is_joined_and_what_the_model_thought_is_left_out():
    content = json.dumps({"claims": [entry("The line cost 240.")]})
    parts = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "{no}"}]},
        {"type": "text", "text": content[:20]},
        {"type": "text", "text": content[20:]},
        {"type": "image_url"},
        "stray",
    ]
    choice = {"finish_reason": "stop", "message": {"role": "assistant", "content": parts}}
    found, asked = asked_of(lambda _: json_reply(json.dumps({"choices": [choice]}).encode()))
    assert ([one.quote for one in found], len(asked)) == (["The line cost 240."], 1)


BALANCED = {
    "": "", "{": "", "}{": "", "a {b} c": "{b}", '{"a": "}"}': '{"a": "}"}', r'{"\"}": {}} {}': r'{"\"}": {}}',
}  # fmt: skip


@pytest.mark.parametrize(("text", "found"), BALANCED.items())
def test_the_first_balanced_object(text, found):
    assert first_object(text) == found


WRONG = {
    "garbage": "%%% no json %%%",
    "a sorry": "I am sorry, I cannot do that.",
    "a list": "[]",
    "another object": '{"answer": 42}',
    "a field more": json.dumps({"claims": [entry("x") | {"verdict": "true"}]}),
    "a field less": '{"claims": [{"quote": "x"}]}',
    "a number for words": json.dumps({"claims": [entry("x") | {"quote": 7}]}),
    "an unknown kind": json.dumps({"claims": [entry("x") | {"kind": "verdict"}]}),
    "priority out of range": json.dumps({"claims": [entry("x") | {"priority": 6}]}),
    "deep": "[" * 100_000,
    "a number without end": '{"claims": [' + "9" * 9_000 + "]}",
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_an_answer_of_the_wrong_shape_is_asked_for_once_more_and_then_given_up(content):
    with pytest.raises(ShapeError):
        read_claims(content)
    books = NotedBooks()
    error = refusal(lambda _: completion(content), books)
    assert (type(error), error.code) == (Permanent, "llm.wrong_shape")
    assert (len(books.calls), books.answers) == (2, {})


def test_what_no_database_holds_is_taken_out():
    read = read_claims(json.dumps({"claims": [entry("a\x00b \ud800 c")]}))
    assert read[0].quote == "ab  c"


def test_of_a_flood_of_claims_only_so_many_are_looked_at():
    read = read_claims(json.dumps({"claims": [entry(f"quote {n}") for n in range(1_000)]}))
    assert len(read) == 150


GIVEN_UP = {
    "refusal": (lambda _: json_reply(recorded("refusal.json")), Permanent, "llm.refused", 1),
    "filtered": (lambda _: completion("", finish="content_filter"), Permanent, "llm.refused", 1),
    "empty": (lambda _: completion("  "), Permanent, "llm.refused", 1),
    "cut off twice": (lambda _: json_reply(recorded("truncated.json")), Permanent, "llm.truncated", 2),
    "no choices": (lambda _: json_reply(b'{"choices": []}'), Permanent, "source.bad_answer", 1),
    "not JSON": (lambda _: json_reply(b"<html>gateway</html>"), Permanent, "source.bad_answer", 1),
    "a list": (lambda _: json_reply(b"[1]"), Permanent, "source.bad_answer", 1),
    "giant": (lambda _: Reply(pieces=endless()), Permanent, "http.too_large", 1),
    "no such model": (lambda _: Reply(status=404), Permanent, "http.status", 1),
    "wrong key": (lambda _: Reply(status=401), Permanent, "http.status", 1),
    "sent elsewhere": (lambda _: redirect("http://127.0.0.1:9/v1"), Permanent, "http.status", 1),
    "throttled": (lambda _: Reply(status=429, headers={"Retry-After": "30"}), Transient, "http.throttled", 1),
    "broken": (lambda _: Reply(status=500), Transient, "http.status", 1),
}


@pytest.mark.parametrize(("answer", "kind", "code", "calls"), GIVEN_UP.values(), ids=GIVEN_UP)
def test_what_cannot_be_used_is_given_up_by_its_name(answer, kind, code, calls):
    books = NotedBooks()
    error = refusal(answer, books)
    assert (type(error), error.code, len(books.calls)) == (kind, code, calls)


def test_a_server_that_asks_to_wait_says_until_when():
    error = refusal(lambda _: Reply(status=429, headers={"Retry-After": "30"}))
    assert error.retry_at is not None


def test_an_answer_that_was_cut_off_is_given_more_room_once():
    found, asked = asked_of(in_turn(json_reply(recorded("truncated.json")), GOOD))
    assert len(found) == 1
    assert [body(one)["max_tokens"] for one in asked] == [3_000, 9_000]


def test_a_server_that_is_silent_is_left_when_the_time_of_a_call_is_over():
    began = time.monotonic()
    with hanging() as server:
        one = talk(server, seconds_per_call=0.5)
        with one.client, pytest.raises(Transient) as error:
            one.ask(QUESTION)
    assert error.value.code == "http.timeout"
    assert time.monotonic() - began < 5


def test_a_server_that_is_not_there_is_unreachable():
    config = Config(base_url=f"http://127.0.0.1:{closed_port()}/v1", model="m")
    with client_for(config) as client, pytest.raises(Transient) as error:
        Talk(config, client, NotedBooks(), time.monotonic() + 9).ask(QUESTION)
    assert error.value.code == "http.unreachable"


def test_when_the_time_of_the_story_is_over_nothing_more_is_asked():
    with serving(lambda _: GOOD) as server:
        one = talk(server, seconds=0.2)
        with one.client, pytest.raises(Transient) as error:
            one.ask(QUESTION)
        assert (error.value.code, server.asked) == ("llm.deadline", [])


# --- the same again ----------------------------------------------------------------------------------
def test_the_same_question_is_answered_from_memory():
    books = NotedBooks()
    first, _ = asked_of(lambda _: GOOD, books)
    with serving(lambda _: claims(entry("Another day, another answer."))) as server:
        config = config_for(server)
        books.answers = {question_key(config, QUESTION): next(iter(books.answers.values()))}
        with client_for(config) as client:
            one = Talk(config, client, books, time.monotonic() + 9)
            assert one.ask(QUESTION) == first
        assert (server.asked, one.asked, one.recalled) == ([], 0, 1)


def test_the_key_of_an_answer_depends_on_all_that_shapes_it():
    one = Config(base_url="http://a.example/v1", model="m")
    other = [
        (Config(base_url="http://b.example/v1", model="m"), QUESTION),
        (Config(base_url="http://a.example/v1", model="n"), QUESTION),
        (one, Question("decomposition", QUESTION.system, QUESTION.user)),
        (one, Question("selection", QUESTION.system + " ", QUESTION.user)),
        (one, Question("selection", QUESTION.system, QUESTION.user + " ")),
    ]
    keys = {question_key(*pair) for pair in [(one, QUESTION), *other]}
    assert len(keys) == 1 + len(other)
    assert question_key(Config(base_url="http://a.example/v1", model="m", key="k"), QUESTION) in keys


# --- tokens ------------------------------------------------------------------------------------------
def test_a_call_that_might_cost_too_much_is_not_made():
    with serving(lambda _: GOOD) as server:
        one = talk(server, NotedBooks(tokens=2_000))
        with one.client, pytest.raises(Permanent) as error:
            one.ask(QUESTION)
        assert (error.value.code, server.asked) == ("llm.article_budget", [])


@pytest.mark.parametrize(
    ("said", "counted"),
    [(400, 400), (None, 90), (0, 90), (-5, 90), (10**18, 30_240)],
    ids=["said", "not said", "nothing", "less than nothing", "a lie"],
)
def test_what_a_call_cost_is_what_the_server_says_within_reason(said, counted):
    books = NotedBooks()
    asked_of(lambda _: claims(entry("The line cost 240."), tokens=said), books)
    assert books.calls[0][2] == pytest.approx(counted, abs=20)


def test_a_call_that_was_turned_away_costs_nothing_and_one_nobody_heard_of_costs_all():
    books = NotedBooks()
    refusal(lambda _: Reply(status=500), books)
    assert books.calls[0][2] == 0
    with hanging() as server:
        one = talk(server, books, seconds_per_call=0.3)
        with one.client, pytest.raises(Transient):
            one.ask(QUESTION)
    assert books.calls[1][2] > 3_000


# --- settings and secrets ----------------------------------------------------------------------------
BAD = {
    "no address": {"base_url": "localhost:8080"},
    "another scheme": {"base_url": "ftp://models.example/v1"},
    "a user in it": {"base_url": f"http://user:{KEY}@models.example/v1"},
    "no model": {"model": ""},
    "a key over two lines": {"key": f"{KEY}\nX-Other: 1"},
    "a key with a space": {"key": f"{KEY} "},
    "a key that is no ASCII": {"key": f"{KEY}é"},
}


@pytest.mark.parametrize("wrong", BAD.values(), ids=BAD)
def test_settings_that_cannot_work_are_refused_without_showing_secrets(wrong):
    with pytest.raises(Invalid) as error:
        Config(**{"base_url": "http://models.example/v1", "model": "m"} | wrong)
    assert error.value.code == "llm.bad_settings"
    assert KEY not in error.value.detail


@pytest.mark.parametrize(
    ("base", "url", "host_port"),
    [
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1/chat/completions", "127.0.0.1:8080"),
        ("https://models.example", "https://models.example/chat/completions", "models.example:443"),
        ("http://[::1]:9/v1/", "http://[::1]:9/v1/chat/completions", "[::1]:9"),
        (
            "https://m.example/v1?api-version=2",
            "https://m.example/v1/chat/completions?api-version=2",
            "m.example:443",
        ),
    ],
)
def test_where_a_model_is_asked(base, url, host_port):
    config = Config(base_url=base, model="m")
    assert (config.url, config.host_port) == (url, host_port)


SAID = {
    "401 that repeats the key": lambda asked: json_reply(asked.headers["authorization"].encode(), status=401),
    "answer that repeats the key": lambda asked: completion(asked.headers["authorization"]),
    "garbage with the key": lambda asked: json_reply(asked.headers["authorization"].encode()),
    "redirect with the key": lambda asked: redirect(f"http://127.0.0.1:9/?x={asked.headers['authorization']}"),
    "500": lambda _: Reply(status=500),
}


@pytest.mark.parametrize("answer", SAID.values(), ids=SAID)
def test_the_key_is_in_no_error_log_or_record(answer, caplog):
    caplog.set_level(logging.DEBUG)
    books = NotedBooks()
    error = refusal(answer, books)
    told = [
        str(error),
        repr(error.values),
        repr(error.__cause__),
        caplog.text,
        repr(books.calls),
        repr(books.answers),
    ]
    assert not [each for each in told if KEY in each]


def test_the_key_is_not_in_what_a_configuration_looks_like():
    assert KEY not in repr(Config(base_url="http://models.example/v1", model="m", key=KEY))


def test_an_address_with_a_secret_in_its_query_is_shown_without_it():
    config = Config(base_url=f"http://models.example/v1?api_key={KEY}", model="m")
    assert KEY not in config.place
    assert KEY in config.url


def test_an_accepted_answer_holds_no_key_even_where_the_server_puts_it_there():
    books = NotedBooks()
    with serving(lambda asked: claims(entry(asked.headers["authorization"]))) as server:
        one = talk(server, books)
        with one.client:
            found = one.ask(QUESTION)
    assert found[0].quote == "Bearer [key]"
    assert KEY not in repr(books.answers)
