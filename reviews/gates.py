"""What must hold before a verdict may be proposed. Read by the page as a checklist and by the service as a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from articles.choices import RUN_ENDED, EvidenceState, RunState, Speech, Visibility
from articles.origins import appearances_of
from reviews.choices import MediaCheck, RepliesHold
from reviews.citations import cited, numbered
from reviews.selectors.replies import moment, still_open, was_offered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from articles.models import Claim, Evidence, PrefillRun
    from reviews.models import Check, DeskPolicy, Query, VerdictLabel


@dataclass(frozen=True, slots=True)
class VerdictDraft:
    """What a checker has filled in so far; the label may still be missing."""

    label: VerdictLabel | None
    rationale: str = ""
    summary: str = ""
    gaps: str = ""
    quote_check: str = ""
    media_check: str = ""
    media_context: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """One line of the checklist. `blocking` ones refuse the proposal, others only warn."""

    code: str
    text: str
    ok: bool
    blocking: bool = True
    link: str = ""


def propose_gates(
    claim: Claim, draft: VerdictDraft, policy: DeskPolicy, *, evidence: Sequence[Evidence] | None = None,
    runs: Sequence[PrefillRun] | None = None, queries: Sequence[Query] | None = None,
    checks: Sequence[Check] | None = None,
) -> list[Gate]:  # fmt: skip
    """The whole checklist, in the order an editor works; four queries, none for what was read already."""
    if evidence is None:
        evidence = list(claim.evidence.all())
    if runs is None:
        runs = list(claim.runs.select_related("source"))
    if queries is None:
        queries = list(claim.queries.all())
    if checks is None:
        checks = list(claim.checks.all())
    return [
        *_verdict_gates(claim, draft, policy),
        *_evidence_gates(evidence, runs),
        *_citation_gates(draft, evidence),
        *_reply_gates(claim, draft, policy, queries),
        *[Gate(f"check-{one.pk}", one.words, one.done_at is not None, link="#checklist") for one in checks],
    ]


def _verdict_gates(claim: Claim, draft: VerdictDraft, policy: DeskPolicy) -> list[Gate]:
    length = len(draft.rationale.strip())
    gates = [
        Gate("label", "Verdict chosen", draft.label is not None, link="#verdict"),
        Gate(
            "rationale",
            f"Rationale long enough ({length} of at least {policy.rationale_least} characters)",
            length >= policy.rationale_least,
            link="#rationale",
        ),
    ]
    if claim.speaker and claim.speech != Speech.OWN:
        gates.insert(
            1,
            Gate(
                "quote_check",
                f"Quote check: did {claim.speaker} say it?",
                bool(draft.quote_check),
                link="#quote-check",
            ),
        )
    if draft.label is not None and draft.label.needs_gaps:
        gates.append(
            Gate(
                "gaps",
                f"“{draft.label.name}” says what could not be established",
                bool(draft.gaps.strip()),
                link="#gaps",
            )
        )
    return gates + _media_gates(claim, draft)


def _media_gates(claim: Claim, draft: VerdictDraft) -> list[Gate]:
    """Only where a picture or recording is judged: which one it is, and what it really shows."""
    if not draft.media_check:
        return []
    named = any(one.is_media for one in appearances_of(claim.appearances))
    told = draft.media_check == MediaCheck.ORIGINAL or bool(draft.media_context.strip())
    return [
        Gate("media", "The picture or recording is among the places where it appeared", named, link="#origins"),
        Gate("media_context", "What the picture or recording really shows", told, link="#media-context"),
    ]


def _evidence_gates(evidence: Sequence[Evidence], runs: Sequence[PrefillRun]) -> list[Gate]:
    kept = [one for one in evidence if one.state == EvidenceState.KEPT]
    waiting = [one for one in evidence if one.state == EvidenceState.SUGGESTED]
    all_asked = bool(runs) and all(run.state in RUN_ENDED for run in runs)
    # "No evidence found" is an answer only when the sources were really asked.
    nothing = not evidence and all_asked and all(run.state == RunState.EMPTY for run in runs)
    text = "No evidence found by any source" if nothing else "Evidence kept, with a stance and a place"
    gates = [Gate("evidence", text, bool(kept) or nothing, link="#evidence")]
    if waiting:
        gates.append(
            Gate(
                "suggestions",
                f"{_many(len(waiting), 'suggestion')} to keep or drop",
                False,
                blocking=False,
                link="#evidence",
            )
        )
    silent = [run.source.name for run in runs if run.state in (RunState.FAILED, RunState.THROTTLED)]
    if silent:
        gates.append(Gate("sources", f"{', '.join(silent)}: not consulted", False, blocking=False, link="#evidence"))
    return gates


def _citation_gates(draft: VerdictDraft, evidence: Sequence[Evidence]) -> list[Gate]:
    numbers = numbered(one.pk for one in evidence)
    shown = {
        numbers[one.pk] for one in evidence
        if one.state == EvidenceState.KEPT and one.visibility != Visibility.CONFIDENTIAL
    }  # fmt: skip
    found = cited("\n".join((draft.summary, draft.rationale, draft.gaps)))
    broken = [number for number in found if number not in shown]
    gates = []
    if found:
        names = ", ".join(f"[{number}]" for number in broken or found)
        words = (
            f"{names} names no evidence that was kept and that readers may know of" if broken else f"{names} found"
        )
        gates.append(Gate("citations", f"Citations: {words}", not broken, link="#rationale"))
    elif shown and draft.rationale.strip():
        gates.append(
            Gate("citations", "The rationale cites its evidence, as [1]", False, blocking=False, link="#rationale")
        )
    return gates


def _reply_gates(claim: Claim, draft: VerdictDraft, policy: DeskPolicy, queries: Sequence[Query]) -> list[Gate]:
    gates = []
    for one in still_open(queries):
        until = f", who has until {moment(one.due_at)}" if one.due_at else ""
        holds = policy.replies_hold == RepliesHold.PROPOSE
        gates.append(Gate("replies", f"An answer from {one.to_name}{until}", False, blocking=holds, link="#queries"))
    if policy.reply_needed and draft.label is not None and draft.label.adverse:
        who = claim.speaker or "the speaker"
        words = f"“{draft.label.name}” says that {who} was wrong: they were asked for a reply, or it says why not"
        gates.append(Gate("reply", words, was_offered(queries), link="#queries"))
    return gates


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
