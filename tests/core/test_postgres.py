"""The shorter roads to PostgreSQL lead to the same rows, and a server that was away is found again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from factcheck.core import reading
from factcheck.core.postgres import base
from factcheck.launch import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

FEW = "SELECT n, NULL FROM (SELECT 1 AS n UNION ALL SELECT 2) few WHERE n > %s ORDER BY n"
on_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="the backend of PostgreSQL")


@pytest.mark.django_db(transaction=True)
def test_rows_are_the_same_outside_and_inside_of_a_transaction() -> None:
    expected: list[tuple[str | None, ...]] = [("1", None), ("2", None)]
    assert reading.rows(FEW, [0]) == expected
    assert reading.rows(FEW, [1]) == expected[1:]
    with transaction.atomic():
        assert reading.rows(FEW, [0]) == expected
    with CaptureQueriesContext(connection) as queries:
        assert reading.rows(FEW, [0]) == expected
    assert len(queries) == 1


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_statement_the_server_has_forgotten_is_asked_all_the_same() -> None:
    """A pooler gives each statement another connection."""
    assert len(reading.rows(FEW, [0])) == 2
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert len(reading.rows(FEW, [0])) == 2
    assert len(reading.rows(FEW, [0])) == 2


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_statement_of_another_client_of_the_pooler_is_never_taken_for_ours() -> None:
    """A name says its statement: what another client left on this connection under it is the same one."""
    names = [base._named(sql).decode() for sql in (FEW, "SELECT 1")]
    assert len(set(names)) == 2
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("PREPARE factcheck_0 (int) AS SELECT 'of another client', NULL")
        cursor.execute(f"PREPARE {names[0]} (int) AS {FEW.replace('%s', '$1')}")
    assert reading.rows(FEW, [0]) == [("1", None), ("2", None)]


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_statement_that_is_wrong_is_an_error_of_django() -> None:
    with pytest.raises(ProgrammingError, match="nothing_of_the_kind"):
        reading.rows("SELECT 1 FROM nothing_of_the_kind")
    assert len(reading.rows(FEW, [0])) == 2


@pytest.fixture
def elsewhere(db: None) -> Iterator[tuple[postgres.Cluster, Any]]:
    """A server of the test's own, and one connection to it as a worker keeps it between requests."""
    with postgres.cluster() as cluster:
        options = dict(connection.settings_dict) | {"CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": None, "TEST": {}}
        place, _, port = cluster.url.rpartition("@")[2].partition("/")[0].partition(":")
        user, _, password = cluster.url.removeprefix("postgres://").partition("@")[0].partition(":")
        options |= {"HOST": place, "PORT": port, "USER": user, "PASSWORD": password, "NAME": "postgres"}
        options |= {"ENGINE": "factcheck.core.postgres", "OPTIONS": {}}
        kept = base.DatabaseWrapper(options, "elsewhere")
        kept.ensure_connection()
        try:
            yield cluster, kept
        finally:
            kept.close()


def _next_request(kept: Any) -> Any:
    kept.close_if_unusable_or_obsolete()  # what Django does between two requests
    return kept.fetch_prepared("SELECT pg_backend_pid()", ())


@on_postgres
@pytest.mark.django_db
def test_connection_is_asked_nothing_while_it_answers(elsewhere: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _, kept = elsewhere
    asked: list[object] = []
    monkeypatch.setattr(base.base.DatabaseWrapper, "is_usable", lambda self: asked.append(self) or True)
    first = _next_request(kept)
    assert (_next_request(kept), asked) == (first, [])
    monkeypatch.setattr(base, "TRUSTED_SECONDS", 0.0)
    assert (_next_request(kept), len(asked)) == (first, 1)


@on_postgres
@pytest.mark.django_db
def test_server_that_was_restarted_is_found_again(elsewhere: Any) -> None:
    """Also one that died without a word between two requests, and prepared statements that went with it."""
    cluster, kept = elsewhere
    first = _next_request(kept)
    cluster.break_down()
    cluster.start()
    assert _next_request(kept) != first
    cluster.break_down()
    with pytest.raises(OperationalError):
        _next_request(kept)
    cluster.start()
    assert _next_request(kept)
