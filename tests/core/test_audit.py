"""The trail: whole, in order, refused by the database to whoever would change it, and checked link by link."""

from __future__ import annotations

import io
import json
import uuid
from typing import TYPE_CHECKING, Any, Final

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from factcheck.audit.actions import ACTIONS
from factcheck.audit.chain import canonical, event_values, link
from factcheck.audit.models import AuditEvent, AuditHead
from factcheck.audit.selectors import chain_check, timeline
from factcheck.audit.services import one_act, record
from factcheck.core.triggers import allow
from tests import publishing as desk

if TYPE_CHECKING:
    from factcheck.core.triggers import Act

pytestmark = pytest.mark.django_db
TABLE = "audit_auditevent"
GUARDS: Final[tuple[Act, ...]] = ("UPDATE", "DELETE")


class Editor:
    """As much of a schema editor as the trigger functions need, inside the test's own transaction."""

    def __init__(self) -> None:
        self.connection = connection

    def execute(self, sql: str, params: Any = None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)


def raw(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.fixture
def unguarded() -> None:
    """Somebody who owns the database takes the guards away; the rollback of the test puts them back."""
    for act in GUARDS:
        allow(Editor(), TABLE, act)


@pytest.fixture
def trail() -> list[AuditEvent]:
    who = User.objects.create_user("ana", first_name="Ana", last_name="Mott")
    claim = desk.claim()
    with transaction.atomic():
        for number in range(5):
            record("claim.reworded", claim, actor=who, before={"n": number}, after={"n": number + 1}, note="né")
    return list(AuditEvent.objects.all())


# --- writing ---------------------------------------------------------------------------------------------
def test_a_chain_of_real_acts_holds() -> None:
    desk.published()
    report = chain_check()
    assert report.walked == AuditEvent.objects.count() > 5
    assert report.broken_at is None
    assert list(AuditEvent.objects.values_list("sequence", flat=True)) == list(range(1, report.walked + 1))


def test_an_act_without_a_registered_sentence_is_refused() -> None:
    with pytest.raises(KeyError, match=r"claim\.eaten"):
        record("claim.eaten", desk.claim(), actor=None)
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused(django_db_serialized_rollback: None) -> None:
    who = User(pk=1, username="ana")
    with pytest.raises(RuntimeError, match="in the transaction of the act itself"):
        record("person.saved", who, actor=None)
    assert not AuditEvent.objects.exists()


def test_act_and_trace_are_one_or_none(trail: list[AuditEvent]) -> None:
    with transaction.atomic():
        record("claim.reworded", desk.claim(), actor=None)
        transaction.set_rollback(True)
    assert chain_check().walked == len(trail)


def test_names_outlive_people_and_things(trail: list[AuditEvent]) -> None:
    event = trail[0]
    assert (event.actor_name, event.target_name) == ("Ana Mott", desk.STATEMENT)
    User.objects.get().delete()
    assert AuditEvent.objects.get(pk=event.pk).actor_name == "Ana Mott"
    assert chain_check().broken_at is None


def test_what_follows_from_one_act_is_one_act() -> None:
    claim = desk.claim()
    with transaction.atomic(), one_act() as outer:
        record("claim.confirmed", claim, actor=None)
        with one_act() as inner:
            record("review.queued", claim, actor=None, implied=True)
    assert outer == inner
    assert set(AuditEvent.objects.values_list("action_id", flat=True)) == {outer}


def test_a_timeline_has_its_own_events_in_order() -> None:
    publication = desk.published()
    desk.published()
    review = publication.verdict.review
    events = list(timeline(publication.claim, review, publication))
    assert [event.sequence for event in events] == sorted(event.sequence for event in events)
    assert {event.target_type for event in events} == {"articles.claim", "reviews.review", "reviews.publication"} - (
        set() if any(event.target_type == "articles.claim" for event in events) else {"articles.claim"}
    )
    others = AuditEvent.objects.exclude(pk__in=[event.pk for event in events])
    assert others.filter(target_type="reviews.review").exists()


def test_every_act_has_a_sentence_of_its_own() -> None:
    assert len(set(ACTIONS.values())) == len(ACTIONS)
    assert all(words and not words.endswith(".") for words in ACTIONS.values())


# --- the hash --------------------------------------------------------------------------------------------
def test_the_form_that_is_hashed_never_changes() -> None:
    values = {"b": [1, None, True], "a": "é “x”", "c": {"z": 1, "y": 2}}
    assert canonical(values) == '{"a":"é “x”","b":[1,null,true],"c":{"y":2,"z":1}}'.encode()
    assert link("", values) == "4dd597909ba377fc3c7d773d0eb22c8f8a323fb65e7f11ef64c91b4a899fb48a"


# --- tampering ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "sql", [f"UPDATE {TABLE} SET note = 'x'", f"DELETE FROM {TABLE}", f"UPDATE {TABLE} SET hash = prev_hash"]
)
def test_the_database_refuses_to_change_the_trail(trail: list[AuditEvent], sql: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        raw(sql)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.filter(pk=trail[2].pk).update(actor_name="Nobody")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        trail[2].delete()
    assert chain_check().broken_at is None


COLUMNS = {
    "note": "x", "actor_name": "Nobody", "action": "claim.confirmed", "target_name": "x", "target_id": "77",
    "target_type": "articles.article", "actor_id": None, "implied": True, "before": '{"n": 9}', "after": "{}",
    "at": "2020-01-01 00:00:00", "action_id": uuid.UUID(int=7).hex, "hash": "0" * 64, "prev_hash": "1" * 64,
}  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_row_is_found_by_its_sequence(trail: list[AuditEvent], unguarded: None, column: str) -> None:
    raw(f"UPDATE {TABLE} SET {column} = %s WHERE sequence = 3", COLUMNS[column])
    report = chain_check()
    assert report.broken_at == 3
    status, answer = verify()
    assert status == 1
    assert answer["broken_at"] == 3


@pytest.mark.parametrize(("gone", "broken_at"), [(1, 1), (3, 3), (5, 5)])
def test_a_missing_row_is_found(trail: list[AuditEvent], unguarded: None, gone: int, broken_at: int) -> None:
    raw(f"DELETE FROM {TABLE} WHERE sequence = %s", gone)
    assert chain_check().broken_at == broken_at


def test_a_row_rewritten_with_its_own_new_hash_breaks_the_next(trail: list[AuditEvent], unguarded: None) -> None:
    event = trail[2]
    event.note = "something else"
    raw(
        f"UPDATE {TABLE} SET note = %s, hash = %s WHERE sequence = 3",
        event.note,
        link(event.prev_hash, event_values(event)),
    )
    assert chain_check().broken_at == 4


def test_a_whole_tail_rewritten_is_found_by_the_head(trail: list[AuditEvent], unguarded: None) -> None:
    raw(f"DELETE FROM {TABLE} WHERE sequence > 3")
    report = chain_check()
    assert (report.walked, report.broken_at) == (3, 4)
    assert AuditHead.objects.get().sequence == 5


@pytest.mark.parametrize("sql", ["DELETE FROM {}", "UPDATE {} SET hash = prev", "UPDATE {} SET sequence = 4"])
def test_a_head_that_was_changed_or_taken_away_is_found(trail: list[AuditEvent], sql: str) -> None:
    raw(sql.format("audit_audithead").replace("prev", f"'{trail[3].hash}'"))
    report = chain_check()
    assert (report.broken_at, report.problem) == (5, "the end of the chain was changed")


def test_a_trail_without_events_and_without_head_holds() -> None:
    assert (chain_check().walked, chain_check().broken_at) == (0, None)


# --- verify_audit -------------------------------------------------------------------------------------------
def verify() -> tuple[int, dict[str, Any]]:
    out, status = io.StringIO(), 0
    try:
        call_command("verify_audit", stdout=out)
    except SystemExit as ended:
        status = int(ended.code or 0)
    return status, json.loads(out.getvalue().splitlines()[-1])


def test_verify_audit_says_that_all_links_hold(trail: list[AuditEvent]) -> None:
    status, answer = verify()
    assert status == 0
    assert answer["broken_at"] is None


@pytest.mark.usefixtures("_static_folder")
def test_nobody_writes_the_trail_in_the_admin(trail: list[AuditEvent], client: Any) -> None:
    root = User.objects.create_superuser("root", password="a long enough password")
    client.force_login(root)
    page = f"/admin/audit/auditevent/{trail[0].pk}"
    assert client.get(f"{page}/change/").status_code == 200
    assert client.post(f"{page}/change/", {"note": "x"}).status_code == 403
    assert client.post(f"{page}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/audit/auditevent/add/").status_code == 403
