"""How this desk's scoring changes: versions are learned or weighed, compared, and switched by a person only.

A switch counts for what is read from then on; claims that are there keep the score they were given.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Max

from articles.choices import ScoringOrigin
from articles.extraction.checkworthy import Model, scored_with, shipped_model
from articles.extraction.training import adapt
from articles.models import Desk, DeskScoring, ScoringModel
from articles.selectors.scoring import desk_examples, scoring_reasons
from factcheck.audit.services import record
from factcheck.core.errors import Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime

    from django.contrib.auth.models import User

FEWEST: Final = 20
MOST_FACTOR: Final = 5.0


def scoring(desk: int | None = None) -> AbstractContextManager[None]:
    """Scores inside come from the version that counts on this desk, for None on desks without one of their own.

    Asked of the database each time, so that every process follows.
    """
    return scored_with(model_of(scoring_of(desk)))


def scoring_of(desk: int | None) -> ScoringModel | None:
    """The version that scores for a desk, None for the shipped weights; its parameters are not read."""
    own = DeskScoring.objects.filter(desk=desk).select_related("version").defer("version__parameters").first()
    return scoring_active() if own is None else own.version


def scoring_active() -> ScoringModel | None:
    """The version that scores now, None for the shipped weights; its parameters are not read."""
    return ScoringModel.objects.filter(active=True).defer("parameters").first()


def model_of(version: ScoringModel | None) -> Model:
    """The weights of a version, those shipped for None."""
    return shipped_model() if version is None else _model_of(version.pk, version.created_at)


@lru_cache(maxsize=4)
def _model_of(pk: int, _created_at: datetime) -> Model:
    """A version never changes, so a process reads it once."""
    row = ScoringModel.objects.get(pk=pk)
    weights = {name: (pair[0], pair[1]) for name, pair in row.parameters["weights"].items()}
    bias = row.parameters["bias"]
    return Model((bias[0], bias[1]), weights, str(row))


def scoring_learn(*, actor: User | None, note: str = "") -> ScoringModel:
    """A new version that starts from the shipped weights and learns from all decisions; not yet active.

    Raises Invalid (scoring.few_decisions, scoring.one_sided).
    """
    examples = [decision.example for decision in desk_examples()]
    if len(examples) < FEWEST:
        raise Invalid("scoring.few_decisions", found=len(examples), wanted=FEWEST)
    if len({example.check_worthy for example in examples}) == 1:
        raise Invalid("scoring.one_sided")
    learned = adapt(examples, shipped_model(), "")
    return _keep(learned, actor=actor, origin=ScoringOrigin.DESK, examples=len(examples), note=note)


def scoring_reweigh(
    *, based_on: ScoringModel | None, factors: Mapping[str, Any], actor: User, note: str = ""
) -> ScoringModel:
    """A new version in which the named reasons count `factors` times as much; not yet active.

    Raises Invalid (scoring.bad_factor) for a reason that does not exist or a number out of 0 to 5.
    """
    model = model_of(based_on)
    known = set(scoring_reasons(model))
    for name, factor in factors.items():
        number = isinstance(factor, int | float) and not isinstance(factor, bool)
        if name not in known or not number or not 0 <= factor <= MOST_FACTOR:
            raise Invalid("scoring.bad_factor", name=name)
    weights = dict(model.weights)
    for name, factor in factors.items():
        weights[name] = (round(weights[name][0] * factor, 4), weights[name][1])
    changed = Model(model.bias, weights)
    return _keep(
        changed, actor=actor, origin=ScoringOrigin.REWEIGHED, factors=dict(factors), note=note, based_on=based_on
    )


def scoring_activate(*, version: ScoringModel | None, actor: User | None) -> None:
    """Score with `version` from now on, with the shipped weights for None. Any earlier version may come back."""
    with transaction.atomic():
        rows = ScoringModel.objects.select_for_update().order_by("pk")
        before = next((str(row) for row in rows if row.active), "shipped")
        target = version or rows.first()
        after = str(version) if version else "shipped"
        if target is None or before == after:
            return
        ScoringModel.objects.filter(active=True).update(active=False)
        if version is not None:
            ScoringModel.objects.filter(pk=version.pk).update(active=True)
        record("scoring.activated", target, actor=actor, before={"version": before}, after={"version": after})


def scoring_choose(*, desk: Desk, version: ScoringModel | None, actor: User | None) -> None:
    """Score on one desk with `version` from now on, with the shipped weights for None, whatever counts elsewhere."""
    with transaction.atomic():
        before = _choice(desk)
        DeskScoring.objects.update_or_create(desk=desk, defaults={"version": version})
        _chosen(desk, before, str(version) if version else "shipped", actor)


def scoring_follow(*, desk: Desk, actor: User | None) -> None:
    """The desk scores as the instance does again."""
    with transaction.atomic():
        before = _choice(desk)
        DeskScoring.objects.filter(desk=desk).delete()
        _chosen(desk, before, "as everywhere", actor)


def _choice(desk: Desk) -> str:
    Desk.objects.select_for_update(no_key=True).get(
        pk=desk.pk
    )  # two people who choose at once do so one after the other
    own = DeskScoring.objects.filter(desk=desk).select_related("version").defer("version__parameters").first()
    if own is None:
        return "as everywhere"
    return str(own.version) if own.version else "shipped"


def _chosen(desk: Desk, before: str, after: str, actor: User | None) -> None:
    if before != after:
        record("scoring.chosen", desk, actor=actor, before={"version": before}, after={"version": after})


def scoring_version(number: int) -> ScoringModel:
    """Raises NotFound (scoring.unknown)."""
    found = ScoringModel.objects.filter(number=number).first()
    if found is None:
        raise NotFound("scoring.unknown", number=number)
    return found


def _keep(model: Model, *, actor: User | None, **values: Any) -> ScoringModel:
    with transaction.atomic():
        ScoringModel.objects.select_for_update().order_by("pk").first()
        last = ScoringModel.objects.aggregate(last=Max("number"))["last"] or 0
        parameters = {"bias": list(model.bias), "weights": {name: list(w) for name, w in model.weights.items()}}
        version = ScoringModel.objects.create(number=last + 1, parameters=parameters, created_by=actor, **values)
        after: dict[str, Any] = {name: values[name] for name in ("origin", "examples", "factors") if name in values}
        record("scoring.made", version, actor=actor, after=after, note=values.get("note", ""))
    return version
