"""What must hold before a verdict may be proposed. Read by the page as a checklist and by the service as a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
        Gate("label", _("Verdict chosen"), draft.label is not None, link="#verdict"),
        Gate(
            "rationale",
            _("Rationale long enough (%(length)s of at least %(rationale_least)s characters)")
            % {"length": length, "rationale_least": policy.rationale_least},
            length >= policy.rationale_least,
            link="#rationale",
        ),
    ]
    if claim.speaker and claim.speech != Speech.OWN:
        gates.insert(
            1,
            Gate(
                "quote_check",
                _("Quote check: did %(speaker)s say it?") % {"speaker": claim.speaker},
                bool(draft.quote_check),
                link="#quote-check",
            ),
        )
    if draft.label is not None and draft.label.needs_gaps:
        gates.append(
            Gate(
                "gaps",
                _("“%(name)s” says what could not be established") % {"name": draft.label.name},
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
        Gate("media", _("The picture or recording is among the places where it appeared"), named, link="#origins"),
        Gate("media_context", _("What the picture or recording really shows"), told, link="#media-context"),
    ]


def _evidence_gates(evidence: Sequence[Evidence], runs: Sequence[PrefillRun]) -> list[Gate]:
    kept = [one for one in evidence if one.state == EvidenceState.KEPT]
    waiting = [one for one in evidence if one.state == EvidenceState.SUGGESTED]
    all_asked = bool(runs) and all(run.state in RUN_ENDED for run in runs)
    # "No evidence found" is an answer only when the sources were really asked.
    nothing = not evidence and all_asked and all(run.state == RunState.EMPTY for run in runs)
    text = _("No evidence found by any source") if nothing else _("Evidence kept, with a stance and a place")
    gates = [Gate("evidence", text, bool(kept) or nothing, link="#evidence")]
    if waiting:
        gates.append(
            Gate(
                "suggestions",
                ngettext("%(many)s suggestion to keep or drop", "%(many)s suggestions to keep or drop", len(waiting))
                % {"many": len(waiting)},
                False,
                blocking=False,
                link="#evidence",
            )
        )
    silent = [run.source.name for run in runs if run.state in (RunState.FAILED, RunState.THROTTLED)]
    if silent:
        gates.append(
            Gate(
                "sources",
                _("%(names)s: not consulted") % {"names": ", ".join(silent)},
                False,
                blocking=False,
                link="#evidence",
            )
        )
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
            _("Citations: %(numbers)s names no evidence that was kept and that readers may know of")
            if broken
            else _("Citations: %(numbers)s found")
        )
        gates.append(Gate("citations", words % {"numbers": names}, not broken, link="#rationale"))
    elif shown and draft.rationale.strip():
        gates.append(
            Gate("citations", _("The rationale cites its evidence, as [1]"), False, blocking=False, link="#rationale")
        )
    return gates


def _reply_gates(claim: Claim, draft: VerdictDraft, policy: DeskPolicy, queries: Sequence[Query]) -> list[Gate]:
    gates = []
    for one in still_open(queries):
        words = _("An answer from %(name)s, who has until %(moment)s") if one.due_at else _("An answer from %(name)s")
        words %= {"name": one.to_name, "moment": moment(one.due_at) if one.due_at else ""}
        holds = policy.replies_hold == RepliesHold.PROPOSE
        gates.append(Gate("replies", words, False, blocking=holds, link="#queries"))
    if policy.reply_needed and draft.label is not None and draft.label.adverse:
        words = _("“%(label)s” says that %(speaker)s was wrong: they were asked for a reply, or it says why not") % {
            "label": draft.label.name,
            "speaker": claim.speaker or _("the speaker"),
        }
        gates.append(Gate("reply", words, was_offered(queries), link="#queries"))
    return gates
