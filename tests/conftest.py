"""What every test stands on: no network, a database and a broker of its own, real servers on demand.

Fixtures for tests that need the real thing (see tests/services.py for how to use them):

- `redis_server`      a Valkey of this test alone, on a unix socket, with `kill()` and `start()`
- `broker_url`        the broker of this session; Celery in this process publishes to it for the test
- `worker_process`    starts Celery workers on this test's database and broker, `kill()`s and reaps them
- `postgres_server`   the URL of a real PostgreSQL (the one the suite runs on, or one started for the session)
- `live_site`         the desk on a real port, for browsers and API clients
"""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseOperations
from django.test import TransactionTestCase

from factcheck.celery import app as celery_app
from factcheck.core import limits
from factcheck.launch import browser, postgres
from factcheck.launch.errors import LaunchError
from tests.services import BrokerServer, Site, StartWorker, Workers, celery_uses, flush

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

# Playwright's synchronous API keeps an event loop running in this thread from its first test to the end of
# the session, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


# --- which tests need a server ------------------------------------------------------------------------
_STANDS_ON_A_SERVER = {"db", "transactional_db", "live_server", "redis_server", "broker_url", "postgres_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches a database or a broker: pure tests say the same on every server and run once."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & _STANDS_ON_A_SERVER:
            item.add_marker(pytest.mark.server)


# --- no network ---------------------------------------------------------------------------------------
class NetworkInTestError(AssertionError):
    """A test reached for the outside world. Not an OSError, so that no retry or fallback hides it."""


def _refuse_outside(address: Any) -> None:
    if not isinstance(address, tuple):  # a unix socket
        return
    host = str(address[0])
    if host not in {"localhost", ""} and not ipaddress.ip_address(host.partition("%")[0]).is_loopback:
        raise NetworkInTestError(f"A test tried to connect to {address!r}. Serve it on loopback instead.")


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    real_connect, real_connect_ex = socket.socket.connect, socket.socket.connect_ex

    def connect(self: socket.socket, address: Any) -> None:
        _refuse_outside(address)
        real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_outside(address)
        return real_connect_ex(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    patch.setattr(socket.socket, "connect_ex", connect_ex)
    yield
    patch.undo()


# --- database -----------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """SQLite in a file, as the desk has it: worker processes and server threads must see the same rows."""
    default = django_settings.DATABASES["default"]
    if default["ENGINE"].endswith("sqlite3"):
        default.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_guards() -> Iterator[None]:
    """After a test with real commits Django empties every table, also those whose rows must not be deleted.

    PostgreSQL truncates, which fires no row trigger. On SQLite the triggers step aside for that moment.
    """
    real = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self: DatabaseOperations, sql_list: Any) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_delete'")
            guards = cursor.fetchall()
            for name, _sql in guards:
                cursor.execute(f"DROP TRIGGER {name}")
            try:
                real(self, sql_list)
            finally:
                for _name, sql in guards:
                    cursor.execute(sql)

    patch = pytest.MonkeyPatch()
    patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
    yield
    patch.undo()


# By database; kept here because a test in the browser's event loop sees other connection objects.
_MADE_BY_MIGRATIONS: dict[str, str] = {}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database, and a note of every row its migrations made."""
    with django_db_blocker.unblock():
        for each in connections.all():
            _MADE_BY_MIGRATIONS[each.alias] = each.creation.serialize_db_to_string()


@pytest.fixture(autouse=True, scope="session")
def _put_back_what_migrations_made() -> Iterator[None]:
    """After a test with real commits: groups, scale and policy are there again for whichever test comes next.

    Django empties every table then and makes only content types and permissions anew, with other numbers.
    """
    real = TransactionTestCase._fixture_teardown

    def _fixture_teardown(self: TransactionTestCase) -> None:
        names = self._databases_names(include_mirrors=False)
        self.serialized_rollback = True  # leaves content types and permissions to us as well
        for name in names:
            connections[name]._test_serialized_contents = _MADE_BY_MIGRATIONS[name]
        real(self)
        for name in names:
            connections[name].creation.deserialize_db_from_string(_MADE_BY_MIGRATIONS[name])

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", _fixture_teardown)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a real PostgreSQL; skips where none can be started (`make test` then says so loudly)."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    try:
        with postgres.server() as url:
            yield url
    except LaunchError as error:
        pytest.skip(str(error))


# --- broker and workers -------------------------------------------------------------------------------
@pytest.fixture(autouse=True, scope="session")
def _publish_nowhere() -> Iterator[None]:
    """Ordinary tests publish into memory, never to the broker of a desk that happens to run here."""
    with celery_uses(celery_app, "memory://"):
        yield


@pytest.fixture(autouse=True)
def _begin_counting_anew() -> None:
    """No test is refused for what another one asked in the same minute."""
    limits.forget()


@pytest.fixture(autouse=True)
def _hosts_at_once(settings: Any) -> None:
    """Every server of a test is on one host; the tests that are about politeness say how often it is asked."""
    settings.HOST_INTERVAL_SECONDS = 0


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[BrokerServer]:
    server = BrokerServer(tmp_path / "broker")
    server.folder.mkdir()
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def _session_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    given = os.environ.get("REDIS_URL", "")
    if given:
        # Test processes share that server: each takes a numbered database of its own.
        number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
        yield f"{given.rpartition('/')[0]}/{number}"
        return
    server = BrokerServer(tmp_path_factory.mktemp("broker"))
    server.start()
    yield server.url
    server.close()


@pytest.fixture
def broker_url(_session_broker: str) -> Iterator[str]:
    """An empty real broker that this process publishes to during the test."""
    flush(_session_broker)
    with celery_uses(celery_app, _session_broker):
        yield _session_broker


@pytest.fixture
def worker_process(transactional_db: None, broker_url: str, tmp_path: Path) -> Iterator[StartWorker]:
    """A function that starts a worker; all are gone when the test ends (and before its rows are deleted)."""
    workers = Workers(broker_url, tmp_path)
    yield workers
    workers.close()


# --- browser ------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def base_url() -> str:
    """Ours, since pytest-playwright's own is written in a way pytest warns of; tests use `live_site.url`."""
    return ""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium of this machine; it resolves no name but our own host."""
    arguments = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]
    if os.getuid() == 0:
        arguments.append("--no-sandbox")
    found = browser.find()
    if found is None:
        pytest.skip("no Chromium on this machine: set CHROMIUM, or run `make test PARTS=browser`")
    return browser_type_launch_args | {"executable_path": str(found), "args": arguments}


@pytest.fixture(autouse=True, scope="session")
def _static_folder() -> Iterator[None]:
    # WhiteNoise warns when it is not there, and warnings are errors here; files come from the finders.
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    # Django's test server would hand out static files itself; with this the desk does, as in production.
    patch = pytest.MonkeyPatch()
    patch.setattr("django.contrib.staticfiles.handlers.StaticFilesHandler", lambda handler: handler)
    yield
    patch.undo()


@pytest.fixture
def live_site(
    live_server: Any,
    broker_url: str,
    worker_process: StartWorker,
    settings: Any,
) -> Site:
    """The desk on a real port with the test's database; pages, API and static files as in production."""
    settings.BASE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return Site(live_server.url, worker_process)
