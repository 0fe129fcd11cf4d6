"""Sources in the admin: settings from the connector's own dataclass, secrets kept, connections really tested."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from django.utils import timezone

from articles.admin.forms import KEPT
from articles.ingest.decode import MAX_BYTES
from articles.models import Document, PrefillRun, Source
from articles.services.source import source_save
from articles.sources import registry
from articles.sources.base import ConnectorResult, EvidenceQuery, SourceContext
from factcheck.audit.models import AuditEvent
from tests.articles.desk import RSS
from tests.servers import Reply, serving, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_static_folder")]

LIST = "/admin/articles/source/"
ABOUT = {"name": "Tessel feed", "reliability": 3, "enabled": "on", "rate_per_minute": 60, "at_once": 3, "notes": ""}


@pytest.fixture
def client() -> Client:
    return signed_in("Source manager")


def signed_in(role: str) -> Client:
    who = User.objects.create_user(role.lower().replace(" ", "-"), is_staff=True)
    who.groups.add(Group.objects.get(name=role))
    made = Client()
    made.force_login(who)
    return made


def said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


@dataclass(frozen=True, slots=True)
class VaultSettings:
    """Every type a setting can have, and a secret."""

    address: str = field(metadata={"label": "Address of the vault"})
    token: str = field(metadata={"label": "Token", "secret": True})
    pages: int = field(default=3, metadata={"label": "Pages"})
    share: float = 0.5
    strict: bool = True

    def __post_init__(self) -> None:
        if self.pages > 9:
            raise ValueError("pages must be at most 9")


class VaultConnector:
    """A connector somebody else installed."""

    name: ClassVar[str] = "vault"
    label: ClassVar[str] = "Vault"
    homepage: ClassVar[str] = "https://vault.example"
    Settings: ClassVar[type] = VaultSettings

    def __init__(self, settings: object) -> None:
        self.settings = settings

    def search(self, query: EvidenceQuery, context: SourceContext) -> ConnectorResult:
        return ConnectorResult("empty")

    def probe(self, context: SourceContext) -> str:
        return "The vault is open."


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "BUILT_IN", (*registry.BUILT_IN, VaultConnector))
    registry._connectors.cache_clear()
    yield
    registry._connectors.cache_clear()


VAULT = ABOUT | {
    "name": "Vault", "setting_address": "vault.example", "setting_token": "s3cret-token", "setting_pages": 4,
    "setting_share": "0.25",
}  # fmt: skip


# --- adding and changing --------------------------------------------------------------------------------
def test_adding_begins_with_the_kind(client: Client) -> None:
    page = client.get(f"{LIST}add/").content.decode()
    for kind, label in registry.kinds():
        assert f'<a href="?kind={kind}">{label}</a>' in page
    assert client.get(f"{LIST}add/?kind=nonsense").status_code == 404


@pytest.mark.parametrize("kind", [name for name, _ in registry.kinds()])
def test_the_form_has_the_fields_of_the_connector(client: Client, kind: str) -> None:
    page = client.get(f"{LIST}add/?kind={kind}").content.decode()
    for setting in registry.setting_fields(kind):
        assert f'name="setting_{setting.name}"' in page
        assert setting.label in page


def test_a_feed_is_added_with_its_settings_and_traced(client: Client) -> None:
    form = ABOUT | {"setting_url": "https://wire.example/feed", "setting_publisher": "Tessel", "setting_licence": ""}
    assert client.post(f"{LIST}add/?kind=feed", form).status_code == 302
    source = Source.objects.get()
    assert (source.kind, source.settings["url"]) == ("feed", "https://wire.example/feed")
    assert AuditEvent.objects.get().action == "source.saved"


def test_what_the_connector_refuses_is_said_beside_its_field(client: Client) -> None:
    answer = client.post(f"{LIST}add/?kind=feed", ABOUT | {"setting_url": "wire.example"})
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert list(errors) == ["setting_url"]
    assert "must begin with http:// or https://" in str(errors)
    assert not Source.objects.exists()
    assert not AuditEvent.objects.exists()


def test_settings_of_every_type_come_back_as_they_were_given(client: Client, vault: None) -> None:
    assert client.post(f"{LIST}add/?kind=vault", VAULT).status_code == 302
    source = Source.objects.get()
    wanted = {"address": "vault.example", "token": "s3cret-token", "pages": 4, "share": 0.25, "strict": False}
    assert source.settings == wanted
    page = client.get(f"{LIST}{source.pk}/change/").content.decode()
    assert 'value="vault.example"' in page
    assert 'value="0.25"' in page


def test_a_secret_is_never_shown_and_kept_when_left_empty(client: Client, vault: None) -> None:
    client.post(f"{LIST}add/?kind=vault", VAULT)
    source = Source.objects.get()
    change = f"{LIST}{source.pk}/change/"
    page = client.get(change).content.decode()
    assert "s3cret-token" not in page
    assert str(KEPT) in page
    assert client.post(change, VAULT | {"setting_token": "", "setting_pages": 5}).status_code == 302
    source.refresh_from_db()
    assert (source.settings["token"], source.settings["pages"]) == ("s3cret-token", 5)
    refused = client.post(change, VAULT | {"setting_token": "n3w-token", "setting_pages": 10})
    assert "n3w-token" not in refused.content.decode()
    assert list(refused.context["adminform"].form.errors) == ["setting_pages"]
    assert client.post(change, VAULT | {"setting_token": "n3w-token"}).status_code == 302
    source.refresh_from_db()
    assert source.settings["token"] == "n3w-token"
    assert "token" not in str(list(AuditEvent.objects.values("before", "after", "note")))
    assert "s3cret-token" not in client.get(f"{LIST}{source.pk}/history/").content.decode()


def test_a_first_secret_is_asked_for(client: Client, vault: None) -> None:
    answer = client.post(f"{LIST}add/?kind=vault", VAULT | {"setting_token": ""})
    assert list(answer.context["adminform"].form.errors) == ["setting_token"]


def test_saving_leaves_the_health_the_workers_wrote(client: Client) -> None:
    source = Source.objects.create(name="Papers", kind="documents")
    held = Source.objects.get()
    Source.objects.update(failures_in_row=4, last_error="503")
    held.notes = "rated again"
    source_save(source=held, actor=None)
    source.refresh_from_db()
    assert (source.failures_in_row, source.last_error, source.notes) == (4, "503", "rated again")


def test_a_source_is_switched_off_not_deleted(client: Client) -> None:
    source = Source.objects.create(name="Papers", kind="documents")
    assert client.post(f"{LIST}{source.pk}/delete/", {"post": "yes"}).status_code == 403
    answer = client.post(LIST, {"action": "disable", "_selected_action": [source.pk]})
    assert said(answer) == "1 switched off."
    source.refresh_from_db()
    assert not source.enabled
    client.post(LIST, {"action": "enable", "_selected_action": [source.pk]})
    source.refresh_from_db()
    assert source.enabled
    assert AuditEvent.objects.filter(action="source.saved").count() == 2


@pytest.mark.parametrize("role", ["Checker", "Desk editor", "Publisher", "Auditor"])
def test_others_do_not_reach_sources(role: str) -> None:
    source = Source.objects.create(name="Papers", kind="documents")
    client = signed_in(role)
    for path in (LIST, f"{LIST}add/", f"{LIST}{source.pk}/change/", f"{LIST}{source.pk}/upload/"):
        assert client.get(path).status_code == 403
    for path in (f"{LIST}{source.pk}/test/", f"{LIST}{source.pk}/upload/", f"{LIST}add/?kind=feed"):
        assert client.post(path, ABOUT).status_code == 403
    assert not AuditEvent.objects.exists()


# --- health ----------------------------------------------------------------------------------------------
def test_the_list_says_how_each_source_is_answering(client: Client) -> None:
    now = timezone.now()
    Source.objects.create(name="Silent", kind="archive")
    Source.objects.create(name="Good", kind="archive", last_answer_at=now)
    Source.objects.create(name="Bad", kind="archive", failures_in_row=3, last_error="503", last_error_at=now)
    Source.objects.create(name="Resting", kind="archive", paused_until=now + timedelta(hours=1))
    Source.objects.create(name="Gone", kind="archive", enabled=False)
    page = client.get(LIST).content.decode()
    for words in ("Not asked yet", "Answering", "Failing, 3 in a row", "Paused until", "Off", "503"):
        assert words in page


# --- Test connection ---------------------------------------------------------------------------------------
def test_connection_test_says_what_came_back(client: Client, settings: Any) -> None:
    with serving(lambda asked: typed("application/rss+xml", RSS)) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        source = Source.objects.create(name="Tessel feed", kind="feed", settings={"url": f"{server.url}/feed"})
        answer = client.post(f"{LIST}{source.pk}/test/")
    assert said(answer).startswith("Tessel feed: ")
    assert "Tessel Wire" in said(answer)
    assert "1 item" in said(answer)
    source.refresh_from_db()
    assert source.last_answer_at
    assert AuditEvent.objects.get().action == "source.tested"


def test_connection_test_says_what_is_wrong(client: Client, settings: Any) -> None:
    with serving(lambda asked: Reply(b"down", status=404)) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        bad = Source.objects.create(name="Tessel feed", kind="feed", settings={"url": f"{server.url}/feed"})
        good = Source.objects.create(name="Papers", kind="documents")
        answer = client.post(LIST, {"action": "test_chosen", "_selected_action": [bad.pk, good.pk]})
    levels = {str(message).split(":")[0]: message.level_tag for message in get_messages(answer.wsgi_request)}
    assert levels == {"Tessel feed": "error", "Papers": "success"}
    assert "404" in said(answer)
    bad.refresh_from_db()
    assert "404" in bad.last_error


def test_connection_test_never_reaches_inward(client: Client) -> None:
    source = Source.objects.create(name="Inside", kind="feed", settings={"url": "http://127.0.0.1:9/feed"})
    assert "not a public address" in said(client.post(f"{LIST}{source.pk}/test/"))


def test_what_a_source_sends_is_never_markup(client: Client, settings: Any) -> None:
    evil = RSS.replace(b"Tessel Wire", b"&lt;script&gt;alert(1)&lt;/script&gt;")
    with serving(lambda asked: typed("application/rss+xml", evil)) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        source = Source.objects.create(name="<b>Feed</b>", kind="feed", settings={"url": f"{server.url}/feed"})
        page = client.post(f"{LIST}{source.pk}/test/", follow=True).content.decode()
    assert "<script>alert" not in page
    assert "<b>Feed" not in page


# --- documents ---------------------------------------------------------------------------------------------
STORY = b"The Ostrel plant supplied 1,371 gigawatt-hours in 2026.\n\nThe grid operator published the figure.\n"


def upload(client: Client, source: Source, *files: tuple[str, bytes]) -> Any:
    given = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(f"{LIST}{source.pk}/upload/", {"documents": given})


def test_documents_come_in_and_go(client: Client) -> None:
    source = Source.objects.create(name="Papers", kind="documents")
    assert upload(client, source, ("a.txt", STORY), ("b.txt", STORY + b"More was said.\n")).status_code == 302
    assert "Known already" in said(upload(client, source, ("again.txt", STORY)))
    assert source.documents.count() == 2
    page = client.get(f"{LIST}{source.pk}/change/").content.decode()
    assert "a.txt" in page
    document = Document.objects.get(name="a.txt")
    assert client.post(f"/admin/articles/document/{document.pk}/delete/", {"post": "yes"}).status_code == 302
    chosen = {"action": "delete_selected", "_selected_action": [Document.objects.get().pk], "post": "yes"}
    assert client.post("/admin/articles/document/", chosen).status_code == 302
    assert not Document.objects.exists()
    assert AuditEvent.objects.filter(action="document.removed").count() == 2


@pytest.mark.parametrize(
    ("data", "words"), [(b"\x00\x01\x02" * 100, "not text"), (b" \n ", "empty")], ids=["binary", "blank"]
)
def test_a_document_without_text_is_a_form_error(client: Client, data: bytes, words: str) -> None:
    source = Source.objects.create(name="Papers", kind="documents")
    answer = upload(client, source, ("bad.txt", data), ("good.txt", STORY))
    assert answer.status_code == 422
    assert "bad.txt" in str(answer.context["form"].errors)
    assert list(source.documents.values_list("name", flat=True)) == ["good.txt"]


def test_a_document_that_is_too_large_is_refused_unread(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TemporaryUploadedFile, "read", lambda _file: pytest.fail("it was read"))
    source = Source.objects.create(name="Papers", kind="documents")
    answer = upload(client, source, ("large.txt", b"a" * (MAX_BYTES + 1)))
    assert answer.status_code == 422
    assert "large.txt: The text has 10485761 bytes" in str(answer.context["form"].errors)


def test_only_collections_take_documents(client: Client) -> None:
    source = Source.objects.create(name="Archive", kind="archive")
    assert upload(client, source, ("a.txt", STORY)).status_code == 404
    assert not PrefillRun.objects.exists()
