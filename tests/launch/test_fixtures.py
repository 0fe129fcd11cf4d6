"""The real servers the other tests stand on do what their names say."""

from __future__ import annotations

import http.client
import socket
from typing import Any

import psutil
import psycopg
import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from kombu.exceptions import OperationalError

from factcheck.celery import app
from factcheck.launch import postgres
from tests.conftest import NetworkInTestError
from tests.services import BrokerServer, Site, StartWorker, celery_uses, database_url, wait_until


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80)])
def test_a_test_cannot_reach_the_outside(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as probe, pytest.raises(NetworkInTestError, match="loopback instead"):
        probe.connect(address)


@pytest.mark.worker
def test_a_worker_runs_what_this_process_sends_on_the_database_of_the_test(worker_process: StartWorker) -> None:
    worker = worker_process()
    app.signature("celery.accumulate", args=(1, 2)).apply_async()
    wait_until(lambda: "celery.accumulate" in worker.text(), seconds=15, what="the task")
    wait_until(lambda: "succeeded" in worker.text(), seconds=15, what="its success")
    assert worker.environment["DATABASE_URL"] == database_url()


@pytest.mark.worker
def test_a_killed_worker_is_gone_and_another_takes_over(worker_process: StartWorker) -> None:
    first = worker_process()
    first.kill()
    assert not psutil.pid_exists(first.pid)
    app.signature("celery.accumulate", args=(1, 2)).apply_async()
    second = worker_process()
    wait_until(lambda: "succeeded" in second.text(), seconds=15, what="the task in the second worker")


@pytest.mark.worker
def test_the_broker_of_a_test_can_go_and_come_back(redis_server: BrokerServer) -> None:
    with celery_uses(app, redis_server.url):
        app.signature("celery.accumulate", args=(1,)).apply_async()
        redis_server.settle()
        redis_server.kill()
        with pytest.raises(OperationalError):
            app.signature("celery.accumulate", args=(2,)).apply_async(retry=False)
        redis_server.start()
        app.signature("celery.accumulate", args=(3,)).apply_async()
    client = redis_server.client()
    assert client.llen("default") == 2
    client.close()


@pytest.mark.worker
def test_other_processes_can_open_the_database_of_a_test(transactional_db: None) -> None:
    User.objects.create_user("somebody")
    if connection.vendor == "sqlite":
        assert "memory" not in str(connection.settings_dict["NAME"])
        return
    with psycopg.connect(database_url()) as other:
        row = other.execute("select count(*) from auth_user where username = 'somebody'").fetchone()
    assert row == (1,)


@pytest.mark.parametrize("turn", ["before", "after"])
def test_what_migrations_made_outlives_a_test_with_real_commits(turn: str, transactional_db: None) -> None:
    assert Group.objects.filter(permissions__isnull=False).exists(), turn


@pytest.mark.worker
def test_a_real_postgres_is_there(postgres_server: str) -> None:
    with psycopg.connect(postgres_server) as database:
        row = database.execute("select lower('É'), current_setting('server_version_num')::int").fetchone()
    assert row is not None
    assert row[0] == "é"
    assert row[1] >= 140000


@pytest.mark.worker
def test_a_postgres_that_broke_down_comes_back_with_what_it_had() -> None:
    with postgres.cluster() as made:
        with psycopg.connect(made.url, autocommit=True) as database:
            database.execute("set synchronous_commit to on")  # else the last moment may be lost, as it may here
            database.execute("create table kept (words text)")
            database.execute("insert into kept values ('as they were')")
        made.break_down()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(made.url, connect_timeout=2)
        made.start()
        with psycopg.connect(made.url) as database:
            assert database.execute("select words from kept").fetchall() == [("as they were",)]


@pytest.mark.worker
@pytest.mark.skipif(postgres.system_binaries() is None, reason="no PostgreSQL is installed on this machine")
def test_an_installed_postgres_serves_where_the_wheel_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "wheel_folder", lambda: None)
    with postgres.server() as url, psycopg.connect(url) as database:
        assert database.execute("select 1").fetchone() == (1,)


@pytest.mark.worker
def test_the_live_site_answers_on_a_real_port(live_site: Site) -> None:
    connection_to = http.client.HTTPConnection(live_site.url.removeprefix("http://"), timeout=10)
    connection_to.request("GET", "/healthz")
    assert connection_to.getresponse().status == 200
    connection_to.close()


@pytest.mark.browser
def test_a_browser_sees_the_live_site_and_nothing_else(live_site: Site, page: Any) -> None:
    assert page.goto(f"{live_site.url}/healthz").status == 200
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")
