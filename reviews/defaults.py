"""What every desk starts with: roles as groups, the verdict scale, the policy. Safe to run again.

Each function takes an app registry, so that migrations hand in the historical one and everybody else
the live one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reviews.policies import ADMIN_MODELS, ADMIN_VIEWS, PERMISSIONS, ROLES

if TYPE_CHECKING:
    from collections.abc import Container

    from django.apps.registry import Apps

# key, name, value, position, adverse, needs gaps, meaning
LABELS: Final = (
    ("false", "False", 1, 1, True, False, "The evidence shows that it is not so."),
    (
        "misleading",
        "Misleading",
        2,
        2,
        True,
        False,
        "Parts are so, but the whole leads to a wrong conclusion.",
    ),
    (
        "mixed",
        "Mixed",
        3,
        3,
        False,
        True,
        "Some of it is so and some of it is not, or important context is missing.",
    ),
    (
        "mostly-true",
        "Mostly true",
        4,
        4,
        False,
        False,
        "It is so except for details that do not change its sense.",
    ),
    ("true", "True", 5, 5, False, False, "The evidence shows that it is so."),
    ("unproven", "Unproven", None, 6, False, True, "The evidence that can be had does not settle it."),
    ("not-checkable", "Not checkable", None, 7, False, False, "Nobody could find out, by its nature."),
)


def roles_sync(apps: Apps) -> None:
    """Make every role of the policy a group with exactly its permissions, made if they are missing."""
    group_model = apps.get_model("auth", "Group")
    desk = {code: _permission(apps, "reviews", "review", code, name) for code, name in PERMISSIONS}
    for role, codes in ROLES.items():
        wanted = [desk[code] for code in codes]
        wanted += _of_models(apps, role)
        group: Any = group_model.objects.get_or_create(name=role)[0]
        group.permissions.set(wanted)


def rights_give(apps: Apps, *labels: str) -> None:
    """Give the roles what the policy says of these models (`app.model`); for the migration that makes them.

    What an administrator has given or taken since the roles were made stays as it is.
    """
    for group in apps.get_model("auth", "Group").objects.filter(name__in=ROLES):
        group.permissions.add(*_of_models(apps, group.name, labels))


def _of_models(apps: Apps, role: str, labels: Container[str] | None = None) -> list[Any]:
    """The rights of a role on models of the admin; a historical registry does not know those that came later."""
    acts = [(label, act) for label in ADMIN_MODELS.get(role, ()) for act in ("view", "add", "change", "delete")]
    acts += [(label, "view") for label in ADMIN_VIEWS.get(role, ())]
    known = [(label, act) for label, act in acts if label.split(".")[1] in apps.all_models[label.split(".")[0]]]
    return [_model_permission(apps, label, act) for label, act in known if labels is None or label in labels]


def _model_permission(apps: Apps, label: str, act: str) -> Any:
    app, model = label.split(".")
    name = apps.get_model(app, model)._meta.verbose_name
    return _permission(apps, app, model, f"{act}_{model}", f"Can {act} {name}")


def _permission(apps: Apps, app: str, model: str, codename: str, name: str) -> Any:
    # Django makes permissions only after all migrations have run; the groups need them earlier.
    content_type = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model)[0]
    return apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": name}
    )[0]


def scale_create(apps: Apps) -> None:
    """The default scale, if the desk has none yet."""
    scale_model: Any = apps.get_model("reviews", "Scale")
    if scale_model.objects.exists():
        return
    scale = scale_model.objects.create(name="Standard", version=1, active=True, best=5, worst=1)
    label_model: Any = apps.get_model("reviews", "VerdictLabel")
    fields = ("key", "name", "value", "position", "adverse", "needs_gaps", "meaning")
    label_model.objects.bulk_create(
        [label_model(scale=scale, **dict(zip(fields, row, strict=True))) for row in LABELS]
    )


def policy_create(apps: Apps) -> None:
    policy_model: Any = apps.get_model("reviews", "DeskPolicy")
    policy_model.objects.get_or_create(pk=1)
