"""How the desk is set up: policy, verdict scales, API keys. Each change is in the audit trail."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from factcheck.audit.services import record
from factcheck.core.authentication import NewKey, key_create
from factcheck.core.errors import Invalid, NotAllowed, WrongState
from factcheck.core.models import ApiKey
from reviews.models import DeskPolicy, Scale, Verdict, VerdictLabel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.contrib.auth.models import Group, User

_LABEL_FIELDS = ("key", "name", "value", "position", "adverse", "needs_gaps", "meaning")
_SCALE_FIELDS = ("name", "version", "active", "best", "worst", "method")
_DECIDING = frozenset({"publish", "verdict:write"})  # scopes whose acts count as a person's own decision
_POLICY_FIELDS = ("scale_id", "second_review", "rationale_least", "open_articles", "return_after_hours",
                  "replies_hold", "reply_needed", "remind_before_hours", "due_hours", "due_hours_own")  # fmt: skip


def policy_save(*, policy: DeskPolicy, actor: User) -> None:
    """Store the desk's rules; the trail says what they were."""
    with transaction.atomic():
        before = DeskPolicy.objects.select_for_update().get(pk=policy.pk)
        policy.save()
        changed = [name for name in _POLICY_FIELDS if getattr(before, name) != getattr(policy, name)]
        record(
            "policy.saved", policy, actor=actor,
            before={name: getattr(before, name) for name in changed},
            after={name: getattr(policy, name) for name in changed},
        )  # fmt: skip


def scale_is_used(scale: Scale) -> bool:
    """Whether a verdict was given with it; then its words stay as they are."""
    return Verdict.objects.filter(label__scale=scale).exists()


def scale_save(
    *, scale: Scale, actor: User, labels: Sequence[VerdictLabel] = (), removed: Sequence[VerdictLabel] = ()
) -> None:
    """Store a scale with its changed and removed labels; raises WrongState (scale.used) once it was used.

    A new one is not judged with before `scale_activate`, unless the desk has no other.
    """
    with transaction.atomic():
        if scale_is_used(scale):
            raise WrongState("scale.used")
        if scale.pk is None:
            scale.active = not Scale.objects.exists()
        scale.save()
        for label in removed:
            label.delete()
        for label in labels:
            label.scale = scale
            label.save()
        _on_axis(scale)
        record("scale.saved", scale, actor=actor, after=_scale_values(scale))


def _on_axis(scale: Scale) -> None:
    off = [
        label.name
        for label in scale.labels.all()
        if label.value is not None and not scale.worst <= label.value <= scale.best
    ]
    if off:
        raise Invalid("scale.off_axis", names=", ".join(off), worst=scale.worst, best=scale.best)


def _scale_values(scale: Scale) -> dict[str, Any]:
    labels = [{name: getattr(label, name) for name in _LABEL_FIELDS} for label in scale.labels.all()]
    return {name: getattr(scale, name) for name in _SCALE_FIELDS} | {"labels": labels}


def scale_next_version(*, scale: Scale, actor: User) -> Scale:
    """A copy of the scale under the next number, not active yet, to be edited."""
    with transaction.atomic():
        last = Scale.objects.filter(name=scale.name).aggregate(last=Max("version"))["last"]
        made = Scale.objects.create(
            name=scale.name, version=last + 1, active=False, best=scale.best, worst=scale.worst, method=scale.method
        )
        VerdictLabel.objects.bulk_create(
            VerdictLabel(scale=made, **{name: getattr(label, name) for name in _LABEL_FIELDS})
            for label in scale.labels.all()
        )
        record("scale.saved", made, actor=actor, after=_scale_values(made))
    return made


def scale_activate(*, scale: Scale, actor: User) -> None:
    """Judge with this scale from now on; raises WrongState where it is the active one already."""
    with transaction.atomic():
        held = Scale.objects.select_for_update(no_key=True).get(pk=scale.pk)
        if held.active:
            raise WrongState("workflow.wrong_state", action="activate", state="active")
        before = list(Scale.objects.filter(active=True).values_list("pk", flat=True))
        Scale.objects.filter(active=True).update(active=False)
        Scale.objects.filter(pk=scale.pk).update(active=True)
        scale.active = True
        record("scale.saved", scale, actor=actor, before={"active": before}, after={"active": [scale.pk]})


def key_issue(
    *, name: str, person: User, scopes: Sequence[str], actor: User | None, expires_at: datetime | None = None
) -> NewKey:
    """Make an API key; its text is in the answer and nowhere else.

    Raises NotAllowed (key.other_person) for a key that judges or publishes in somebody else's name: two
    people decide, so nobody may hold the other one's pen. Without an actor, on the server, every key can be
    made.
    """
    deciding = sorted(_DECIDING & set(scopes))
    if actor is not None and actor != person and deciding:
        raise NotAllowed("key.other_person", scopes=" and ".join(deciding))
    with transaction.atomic():
        made = key_create(name=name, person=person, scopes=scopes, expires_at=expires_at)
        after = {"person": person.get_username(), "scopes": made.key.scopes}
        record("key.created", made.key, actor=actor, after=after)
    return made


KEY_OVERLAP = timedelta(hours=24)


def key_rotate(*, key: ApiKey, actor: User) -> NewKey:
    """A new key in place of this one, which stays good for `KEY_OVERLAP` so that its program can change over.

    Name, person, scopes and the time it was to be valid for are the old one's. Raises WrongState for a key that
    was revoked, or that was rotated a moment ago by somebody else.
    """
    now = timezone.now()
    with transaction.atomic():
        held = ApiKey.objects.select_for_update().get(pk=key.pk)
        if held.revoked_at is not None or held.expires_at != key.expires_at:
            raise WrongState("workflow.changed")
        expires = now + (held.expires_at - held.created_at) if held.expires_at else None
        made = key_create(name=held.name, person=held.person, scopes=held.scopes, expires_at=expires)
        until = min(held.expires_at or now + KEY_OVERLAP, now + KEY_OVERLAP)
        ApiKey.objects.filter(pk=held.pk).update(expires_at=until)
        after = {"person": held.person.get_username(), "scopes": held.scopes, "in_place_of": held.prefix}
        record("key.created", made.key, actor=actor, after=after)
    return made


def key_revoke(*, key: ApiKey, actor: User) -> None:
    """End a key at once and for ever; raises WrongState where it was revoked before."""
    with transaction.atomic():
        now = timezone.now()
        if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now) != 1:
            raise WrongState("workflow.wrong_state", action="revoke", state="revoked")
        key.revoked_at = now
        record("key.revoked", key, actor=actor)


def person_changed(*, person: User, actor: User, fields: Sequence[str]) -> None:
    """Put into the trail that an account was changed: which fields, and the roles held now; never a password."""
    with transaction.atomic():
        roles = sorted(person.groups.values_list("name", flat=True))
        after = {
            "fields": sorted(fields), "roles": roles, "active": person.is_active, "staff": person.is_staff,
            "superuser": person.is_superuser,
        }  # fmt: skip
        record("person.saved", person, actor=actor, after=after)


def person_password_set(*, person: User, actor: User) -> None:
    """Put into the trail that an account got another password or none; nothing of either."""
    with transaction.atomic():
        record("person.password", person, actor=actor, after={"usable": person.has_usable_password()})


def group_rights(group: Group) -> list[str]:
    """What a group allows, as `app.codename`, in order."""
    held = group.permissions.values_list("content_type__app_label", "codename")
    return sorted(f"{app}.{codename}" for app, codename in held)


def group_changed(*, group: Group, actor: User, before: Sequence[str]) -> None:
    """Put into the trail what a group allowed (`before`, see `group_rights`) and what it allows now."""
    with transaction.atomic():
        after = {"permissions": group_rights(group)}
        record("group.saved", group, actor=actor, before={"permissions": list(before)}, after=after)
