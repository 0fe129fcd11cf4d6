"""Articles in: parse, store, extract. The only writer of articles, revisions and extracted claims."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from articles.choices import ClaimOrigin, HeldFor, Mode, Origin
from articles.extraction.base import Story
from articles.extraction.checkworthy import model_name
from articles.extraction.pipeline import CLAIM_THRESHOLD, EXTRACTOR, extract
from articles.ingest.model import Block, Dateline, ParsedArticle
from articles.ingest.readers import read_bytes
from articles.models import DEFAULT_DESK, Article, Claim, ClaimRelation, Revision
from articles.selectors.alike import stories_near
from articles.services import prefill, reading, scheduling, versions
from articles.services.alike import stories_link, story_mark
from articles.services.kin import claims_relate
from articles.services.revision import AROUND, Carried, claims_carry, is_overtaken, known_claims
from articles.services.scoring import scoring
from articles.workflow import ARTICLE, ArticleAction, ArticleState
from factcheck.audit.services import one_act, record
from factcheck.core.errors import NotAllowed, WrongState
from factcheck.core.queue import enqueue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User

    from articles.extraction.base import Extraction

# Whether the one who hands in a text may add a revision to an article the desk has.
MayRevise = Callable[[Article], bool]
logger: Final = logging.getLogger(__name__)
MAX_EXTRACTION_TRIES: Final = 3


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
    _move(article, ArticleAction.PARSE, actor=None)
    _notice(article, parsed)
    if arrival.origin != Origin.BULK:  # those wait for the sweeper, behind what came by itself
        enqueue("articles.extract", revision.pk)
    return Ingested(article, revision, created=True)


def _article_of(arrival: _Arrival) -> Article | None:
    """The article this is a text of, held for us until the end of the transaction."""
    articles = Article.objects.select_for_update().filter(desk=arrival.desk)
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


def _move(article: Article, action: ArticleAction, *, actor: User | None, note: str = "") -> bool:
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
    if article.held_for or _move(article, ArticleAction.HOLD, actor=None, note=f"{why.label}."):
        Article.objects.filter(pk=article.pk).update(held_for=why)
        article.held_for = why


def embargoes_lift(*, most: int = 200) -> int:
    """Let the articles go on whose embargo is over; returns how many. Called by the sweeper."""
    due = Article.objects.filter(held_for=HeldFor.EMBARGO, embargoed_until__lte=timezone.now())
    lifted = 0
    for pk in list(due.values_list("pk", flat=True)[:most]):
        with transaction.atomic(), one_act():
            article = due.select_for_update().filter(pk=pk).first()
            if article is not None:  # else somebody was first
                article_resume(article=article, actor=None)
                lifted += 1
    return lifted


def revision_extract(*, revision_id: int) -> int:
    """Find the claims of a revision and store them; returns how many were stored now.

    Runs at least once and may run twice at the same time: the claims are computed outside of any
    transaction, and only the first to set `extracted_at` stores them. Who finds them: `articles.services.reading`.
    """
    revision = reading.revision_take(revision_id=revision_id)
    if revision is None:
        return 0
    try:
        story = story_of(revision)
        with scoring():
            found = reading.revision_read(revision=revision, story=story, extraction=extract(story))
            found = found and reading.with_scoring(found, model_name())
    except Exception as error:
        # Kept on the row for the editor, and raised for the log: a bug in a rule must be seen by both.
        Revision.objects.filter(pk=revision_id).update(
            extraction_error=f"{type(error).__name__}: {error}", extraction_not_before=None
        )
        raise
    return _extraction_store(revision, found, stories_near(revision.article, revision.text)) if found else 0


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


def story_of(revision: Revision) -> Story:
    """What the extractor may know of a revision."""
    article = revision.article
    return Story(
        text=revision.text,
        blocks=tuple(Block(**block) for block in revision.blocks),
        title=article.title,
        written_on=article.published_at.date() if article.published_at else None,
        place=article.dateline_place,
        agency=article.dateline_agency,
        language=article.language or "en",
    )


def _extraction_store(revision: Revision, found: reading.Reading, near: Sequence[tuple[int, float]]) -> int:
    extraction = found.extraction
    with transaction.atomic(), one_act():
        # Two revisions of an article are stored one after the other, whoever reads them.
        revision.article = Article.objects.select_for_update().get(pk=revision.article_id)
        first = Revision.objects.filter(pk=revision.pk, extracted_at=None).update(
            extracted_at=timezone.now(),
            extractor=found.extractor,
            extraction_error="",
            extraction_note=found.note,
            extraction_not_before=None,
            sentences=[list(span) for span in extraction.sentences],
            attributions=[asdict(found) for found in extraction.attributions],
        )
        if first != 1:
            return 0
        if is_overtaken(revision):
            _extraction_record(revision, found, {"claims": 0}, note="A later revision was read before this one.")
            return 0
        carried = claims_carry(revision=revision) if revision.number > 1 else None
        claims = _claims_create(revision, extraction, found.extractor, carried)
        _extraction_record(revision, found, {"claims": len(claims), **_counted(carried)}, note=found.note)
        if near or revision.number > 1:
            stories_link(revision.article, near)
        _move(revision.article, ArticleAction.OPEN, actor=None)
        # A signature is for the words that were signed, not for others.
        signed = revision.article.state == ArticleState.SIGNED_OFF
        if signed or claims or (carried and carried.changed + carried.orphaned):
            _move(revision.article, ArticleAction.RESUME_CHECK, actor=None)
        prefill.prefill_plan([claim for claim in claims if claim.score >= CLAIM_THRESHOLD])
        if revision.number > 1:
            enqueue("reviews.carry_ticks", revision.article_id)
    return len(claims)


def _extraction_record(revision: Revision, found: reading.Reading, counts: dict[str, int], *, note: str) -> None:
    after = {"revision": revision.number, "extractor": found.extractor, **counts}
    record("article.extracted", revision.article, actor=None, after=after, note=note)


def _counted(carried: Carried | None) -> dict[str, int]:
    if carried is None:
        return {}
    return {"kept": carried.kept, "changed": carried.changed, "orphaned": carried.orphaned}


def _claims_create(
    revision: Revision, extraction: Extraction, extractor: str, carried: Carried | None
) -> list[Claim]:
    """The claims that the desk does not have yet, and the relations of all."""
    known = known_claims([(one.start, one.end) for one in extraction.claims], carried.places if carried else {})
    fresh = [one for one in extraction.claims if (one.start, one.end) not in known]
    claims = [claim_row(revision, asdict(one), extractor) for one in fresh]
    # People may have marked words before the extractor was through; its claims are numbered on from theirs.
    last = Claim.objects.filter(article=revision.article_id).aggregate(last=Max("number"))["last"] or 0
    for number, claim in enumerate(claims, last + 1):
        claim.number = number
    Claim.objects.bulk_create(claims, batch_size=500)
    by_number = {one.number: known[one.start, one.end] for one in extraction.claims if (one.start, one.end) in known}
    by_number |= {one.number: claim.pk for one, claim in zip(fresh, claims, strict=True)}
    ClaimRelation.objects.bulk_create(
        [
            ClaimRelation(claim_id=by_number[found.number], other_id=by_number[other], kind=kind)
            for found in extraction.claims
            for kind, other in found.related
            if other in by_number and by_number[other] != by_number[found.number]
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    claims_relate(claims)
    return claims


def claim_row(revision: Revision, found: dict[str, Any], extractor: str = EXTRACTOR) -> Claim:
    """A machine claim as a row; `found` is an `ExtractedClaim` as a dictionary."""
    start, end = found["start"], found["end"]
    return Claim(
        article=revision.article,
        revision=revision,
        number=found["number"],
        quote=found["quote"],
        start=start,
        end=end,
        prefix=revision.text[max(0, start - AROUND) : start],
        suffix=revision.text[end : end + AROUND],
        statement=found["statement"],
        needs_context=found["needs_context"],
        speaker=found["speaker"][:200],
        speech=found["speech"],
        stance_of_speaker=found["stance_of_speaker"],
        kind=found["kind"],
        dates=found["dates"],
        entities=found["entities"],
        score=found["score"],
        reasons=found["reasons"],
        priority=round(found["score"] * 100),
        origin=ClaimOrigin.MACHINE,
        extractor=extractor,
    )


def extraction_sweep(*, older_than_seconds: int = 20, most: int = 200) -> int:
    """Send what was not extracted: taken in with many others, or the broker was gone, or the worker died.

    Returns how many were sent. What came by itself goes before what came with many, however long that waits.
    """
    before = timezone.now() - timedelta(seconds=older_than_seconds)
    waiting = Revision.objects.filter(reading.free_revisions(), extraction_tries__lt=MAX_EXTRACTION_TRIES).order_by(
        "received_at"
    )
    alone = waiting.filter(received_at__lt=before).exclude(article__origin=Origin.BULK)
    found = list(alone.values_list("pk", flat=True)[:most])
    found += waiting.filter(article__origin=Origin.BULK).values_list("pk", flat=True)[: most - len(found)]
    for pk in found:
        enqueue("articles.extract", pk)
    return len(found)
