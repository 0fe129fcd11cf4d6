"""Articles in: parse and store. The only writer of articles and their revisions; claims: `services.extraction`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from articles.choices import HeldFor, Mode, Origin
from articles.ingest.model import Dateline, ParsedArticle
from articles.ingest.readers import read_bytes
from articles.models import DEFAULT_DESK, Article, Revision
from articles.services import scheduling, versions
from articles.services.alike import story_mark
from articles.workflow import ARTICLE, ArticleAction, ArticleState
from factcheck.audit.services import one_act, record
from factcheck.core.errors import NotAllowed, WrongState
from factcheck.core.queue import enqueue

if TYPE_CHECKING:
    from django.contrib.auth.models import User


# Whether the one who hands in a text may add a revision to an article the desk has.
MayRevise = Callable[[Article], bool]


@dataclass(frozen=True, slots=True)
class Ingested:
    """`created` is False where the desk already had exactly this text."""

    article: Article
    revision: Revision
    created: bool


def article_ingest(
    data: bytes,
    *,
    name: str = "",
    url: str = "",
    content_type: str = "",
    origin: Origin = Origin.FILE,
    mode: Mode = Mode.PUBLISHED,
    actor: User | None = None,
    may_revise: MayRevise | None = None,
    desk: int = DEFAULT_DESK,
) -> Ingested:
    """Take a story in.

    1. Reads the bytes; raises Invalid (article.*) and stores nothing if they are no story.
    2. The same text again, from the same address or with none, is the article the desk already has.
    3. Another text from a known address, or of a story that its wire names the same, is the next revision, unless
       the wire says that it is older than what the desk has; else a new article.
    4. A known article that `may_revise` does not allow is left alone: raises NotAllowed (article.not_yours).
    5. Each desk has its own articles: what another desk knows is not looked at.
    6. After commit the claims are extracted by a worker; the sweeper sees to it if the broker is gone.
    """
    parsed = read_bytes(data, name=name, url=url, content_type=content_type)
    return parsed_ingest(
        parsed, data, identity=parsed.url or url, name=name, origin=origin, mode=mode, actor=actor,
        may_revise=may_revise, desk=desk,
    )  # fmt: skip


def parsed_ingest(
    parsed: ParsedArticle, data: bytes, *, identity: str = "", name: str = "", origin: Origin = Origin.FILE,
    mode: Mode = Mode.PUBLISHED, actor: User | None = None, may_revise: MayRevise | None = None,
    desk: int = DEFAULT_DESK,
) -> Ingested:  # fmt: skip
    """`article_ingest` from its second step on, for a story that was read already; `data` are its bytes.

    `identity` says which article it is; without one its text does. What its sender has withdrawn is marked and put
    on hold, and is no revision of an article the desk has; what is under embargo is on hold until its time.
    """
    digest = hashlib.sha256(parsed.text.encode()).hexdigest()
    identity = identity or versions.wire_identity(parsed) or f"sha256:{digest}"
    arrival = _Arrival(parsed, data, digest, identity, name, origin, mode, actor, may_revise, desk)
    try:
        with transaction.atomic(), one_act():
            return _store(arrival)
    except IntegrityError:
        # Another process stored this article between our look and our write; now we see it.
        with transaction.atomic(), one_act():
            return _store(arrival)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What is to be stored, read and hashed."""

    parsed: ParsedArticle
    data: bytes
    digest: str
    identity: str
    name: str
    origin: Origin
    mode: Mode
    actor: User | None
    may_revise: MayRevise | None
    desk: int


def _store(arrival: _Arrival) -> Ingested:
    parsed, digest, actor = arrival.parsed, arrival.digest, arrival.actor
    article = _article_of(arrival)
    if article is not None:
        if arrival.may_revise is not None and not arrival.may_revise(article):
            raise NotAllowed("article.not_yours")
        if versions.is_late(article, parsed):
            after = {"sha256": digest, "version": parsed.version, "at": str(parsed.version_at or "")}
            record("article.late", article, actor=actor, after=after)
            assert article.current is not None
            return Ingested(article, article.current, created=False)
        known = article.revisions.filter(sha256=digest).first()
        if known is None and parsed.withdrawn:
            known = article.current  # a notice is not what the story says
        if known is not None:
            versions.version_note(article, parsed)
            _notice(article, parsed)
            return Ingested(article, known, created=False)
    code = "article.revised" if article else "article.ingested"
    if article is None:
        article = Article(
            desk_id=arrival.desk,
            identity=arrival.identity,
            origin=arrival.origin,
            mode=arrival.mode,
            created_by=actor,
            title=parsed.title,
        )
    _describe(article, parsed, arrival.name)
    article.save()
    revision = _revision_create(article, parsed, arrival.data, digest, arrival.name)
    Article.objects.filter(pk=article.pk).update(current=revision)
    article.current = revision
    story_mark(article, revision.text, first=revision.number == 1)
    record(code, article, actor=actor, after={"revision": revision.number, "sha256": digest})
    article_move(article, ArticleAction.PARSE, actor=None)
    _notice(article, parsed)
    if arrival.origin != Origin.BULK:  # those wait for the sweeper, behind what came by itself
        enqueue("articles.extract", revision.pk)
    return Ingested(article, revision, created=True)


def _article_of(arrival: _Arrival) -> Article | None:
    """The article this is a text of, held for us until the end of the transaction."""
    articles = Article.objects.select_for_update(no_key=True).filter(desk=arrival.desk)
    found = articles.filter(identity=arrival.identity).first()
    if found is None and versions.is_of_wire(arrival.identity):
        # Taken in by its words alone, before wires' names for their stories were kept.
        found = articles.filter(identity=f"sha256:{arrival.digest}").first()
    return found


def _describe(article: Article, parsed: ParsedArticle, name: str) -> None:
    article.url = parsed.url
    article.title = (parsed.title or _first_words(parsed.text) or name)[:500]
    article.publisher = parsed.publisher[:200]
    article.authors = list(parsed.authors)
    article.language = parsed.language[:20]
    article.dateline_place = parsed.dateline.place[:200]
    article.dateline_agency = parsed.dateline.agency[:200]
    article.published_at = parsed.published_at
    article.modified_at = parsed.modified_at
    article.sender_version, article.sender_version_at = parsed.version[:20], parsed.version_at


def _first_words(text: str) -> str:
    words = text.split(maxsplit=12)[:12]
    return " ".join(words)


def _revision_create(article: Article, parsed: ParsedArticle, data: bytes, digest: str, name: str) -> Revision:
    return Revision.objects.create(
        article=article,
        number=article.revisions.count() + 1,
        text=parsed.text,
        sha256=digest,
        raw=data,
        raw_sha256=hashlib.sha256(data).hexdigest(),
        raw_name=name.encode("utf-8", "replace").decode()[:300],  # file names may be any bytes
        blocks=[asdict(block) for block in parsed.blocks],
        dropped=[asdict(part) for part in parsed.dropped],
    )


def article_move(article: Article, action: ArticleAction, *, actor: User | None, note: str = "") -> bool:
    """Move the article on where that is possible from its state; True if it moved."""
    old = ArticleState(article.state)
    if action not in ARTICLE.allowed(old):
        return False
    article_transition(article=article, action=action, actor=actor, note=note)
    return True


def article_transition(
    *, article: Article, action: ArticleAction, actor: User | None, note: str = "", implied: bool = True
) -> None:
    """The one writer of `Article.state`: compare-and-set on state and version.

    Raises WrongState (workflow.wrong_state, workflow.changed).
    """
    old = ArticleState(article.state)
    new = ARTICLE.next_state(old, action)
    with transaction.atomic():
        changes = _clock(article, new)
        moved = Article.objects.filter(pk=article.pk, state=old, version=article.version).update(
            state=new, version=F("version") + 1, **changes
        )
        if moved != 1:
            raise WrongState("workflow.changed")
        article.state, article.version = new, article.version + 1
        for name, value in changes.items():
            setattr(article, name, value)
        _ask_or_wait(article, old, new)
        record(
            "article.moved", article, actor=actor, before={"state": old}, after={"state": new}, note=note,
            implied=implied,
        )  # fmt: skip


def _clock(article: Article, new: ArticleState) -> dict[str, Any]:
    """The time on hold does not count: what was due when the article was held is due that much later."""
    now = timezone.now()
    if new == ArticleState.HELD:
        return {"held_at": now}
    if article.held_at is None:
        return {}
    held = now - article.held_at
    due = article.due_at + held if article.due_at else None
    seconds = article.held_seconds + round(held.total_seconds())
    return {"held_at": None, "held_for": "", "due_at": due, "held_seconds": seconds}


def _ask_or_wait(article: Article, old: ArticleState, new: ArticleState) -> None:
    """Nobody outside is asked about a story on hold; when it goes on, they are, and its deadlines have moved."""
    if new == ArticleState.HELD:
        scheduling.hold_back(article_id=article.pk)
    elif old == ArticleState.HELD:
        scheduling.let_go(article_id=article.pk)
        enqueue("reviews.move_deadlines")


def article_resume(*, article: Article, actor: User | None, implied: bool = True) -> None:
    """Off hold: back to where its text is, and open again if its claims are found. Raises WrongState."""
    with transaction.atomic():
        article_transition(article=article, action=ArticleAction.RESUME, actor=actor, implied=implied)
        if article.current is not None and article.current.extracted_at is not None:
            article_transition(article=article, action=ArticleAction.OPEN, actor=actor)


def _notice(article: Article, parsed: ParsedArticle) -> None:
    """Mark what the sender says about the use of its story, and hold it or let it go on accordingly."""
    now = timezone.now()
    until = parsed.embargoed_until if parsed.embargoed_until and parsed.embargoed_until > now else None
    withdrawn_at = (article.withdrawn_at or now) if parsed.withdrawn else None
    if (withdrawn_at, until) != (article.withdrawn_at, article.embargoed_until):
        Article.objects.filter(pk=article.pk).update(withdrawn_at=withdrawn_at, embargoed_until=until)
        after = {"withdrawn": parsed.withdrawn, "embargoed_until": until.isoformat() if until else ""}
        record("article.noticed", article, actor=None, after=after)
        article.withdrawn_at, article.embargoed_until = withdrawn_at, until
    why = HeldFor.WITHDRAWN if withdrawn_at else HeldFor.EMBARGO if until else None
    if why:
        _hold(article, why)
    elif article.held_for:
        article_resume(article=article, actor=None)


def _hold(article: Article, why: HeldFor) -> None:
    """What a person holds already stays theirs; what is signed off or out is marked only."""
    if article.held_for or article_move(article, ArticleAction.HOLD, actor=None, note=f"{why.label}."):
        Article.objects.filter(pk=article.pk).update(held_for=why)
        article.held_for = why


def embargoes_lift(*, most: int = 200) -> int:
    """Let the articles go on whose embargo is over; returns how many. Called by the sweeper."""
    due = Article.objects.filter(held_for=HeldFor.EMBARGO, embargoed_until__lte=timezone.now())
    lifted = 0
    for pk in list(due.values_list("pk", flat=True)[:most]):
        with transaction.atomic(), one_act():
            article = due.select_for_update(no_key=True).filter(pk=pk).first()
            if article is not None:  # else somebody was first
                article_resume(article=article, actor=None)
                lifted += 1
    return lifted


def article_revise(
    *, article: Article, parsed: ParsedArticle, data: bytes, name: str, actor: User, may_revise: MayRevise
) -> Ingested:
    """Take a text in as the next revision of an article that is known, whatever address it came from."""
    return parsed_ingest(
        as_revision(article, parsed), data, identity=article.identity, name=name, origin=Origin.FILE, actor=actor,
        may_revise=may_revise, desk=article.desk_id or DEFAULT_DESK,
    )  # fmt: skip


def as_revision(article: Article, parsed: ParsedArticle) -> ParsedArticle:
    """The text as this article's: what it does not say of itself (authors, publisher, day ...) is the article's."""
    has_dateline = parsed.dateline.place or parsed.dateline.agency
    return replace(
        parsed,
        url=article.url,
        title=parsed.title or article.title,
        authors=parsed.authors or tuple(article.authors),
        publisher=parsed.publisher or article.publisher,
        language=parsed.language or article.language,
        published_at=parsed.published_at or article.published_at,
        modified_at=parsed.modified_at or article.modified_at,
        dateline=parsed.dateline if has_dateline else Dateline(article.dateline_place, article.dateline_agency),
    )
