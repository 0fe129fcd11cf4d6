"""The shape of the code, read from its syntax: one writer a state, no signals, imports at the top, no clever save().

Each rule is a function from source text to what breaks it, and is shown what it must and must not catch.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import signals

ROOT: Final = Path(settings.BASE_DIR)
FIRST_PARTY: Final = ("factcheck", "articles", "reviews")
FILES: Final = sorted(
    path.relative_to(ROOT).as_posix()
    for package in FIRST_PARTY
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)
# Each of these is the one writer of one column named `state`.
STATE_WRITERS: Final = {
    "articles/services/article.py": "Article",
    "articles/services/claim.py": "Claim",
    "articles/services/evidence.py": "Evidence",
    "articles/services/match.py": "ClaimMatch",
    "articles/services/prefill.py": "PrefillRun",
    "articles/services/scheduling.py": "PrefillRun",  # queued to running and back; prefill ends them
    "articles/services/watch.py": "WatchItem",
    "articles/services/page.py": "Page",
    "articles/services/wayback.py": "ArchiveCopy",
    "reviews/services/transition.py": "Review",
    "reviews/services/issue.py": "Publication",
    "reviews/services/asking.py": "Query",
    "reviews/services/delivery.py": "WebhookDelivery",
    "reviews/services/submission.py": "Submission",
    "reviews/services/material.py": "Material",
    "reviews/services/outgoing.py": "Outgoing",
    "reviews/services/toolspages.py": "ToolsPage",
}
Rule = Callable[[str], list[str]]


def nodes(source: str) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(source))


def state_writes(source: str) -> list[str]:
    """`x.state = …`, `.update(state=…)`, `setattr(x, "state", …)` and bulk updates of the column."""
    found = []
    for node in nodes(source):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            flat = [one for target in targets for one in ast.walk(target)]
            if any(isinstance(one, ast.Attribute) and one.attr == "state" for one in flat):
                found.append(f"line {node.lineno}: assigns .state")
        elif isinstance(node, ast.Call):
            found += [f"line {node.lineno}: {words}" for words in _state_call(node)]
    return found


def _state_call(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name == "update" and any(keyword.arg == "state" for keyword in call.keywords):
        yield "updates state"
    texts = {one.value for one in ast.walk(call) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    if name in ("setattr", "bulk_update") and "state" in texts:
        yield f"{name} of state"


def signal_receivers(source: str) -> list[str]:
    """Any use of Django's signals."""
    modules = ("django.dispatch", "django.db.models.signals", "django.core.signals", "django.contrib.auth.signals")
    return [f"line {line}: {name}" for line, name in _imported(source) if name.startswith(modules)]


def _imported(source: str) -> Iterator[tuple[int, str]]:
    for node in nodes(source):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)


def local_imports(source: str) -> list[str]:
    """Imports inside functions: what hides a cycle."""
    functions = [one for one in nodes(source) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [
        f"line {node.lineno}: import inside {function.name}()"
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def overridden_saves(source: str) -> list[str]:
    """A model, manager or queryset that does more than store when it is told to store."""
    hooks = {"save", "delete", "bulk_create", "full_clean"}
    return [
        f"line {method.lineno}: {owner.name}.{method.name}()"
        for owner in nodes(source)
        if isinstance(owner, ast.ClassDef)
        for method in owner.body
        if isinstance(method, ast.FunctionDef) and method.name in hooks
    ]


_WRITES: Final = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}


def direct_writes(source: str) -> list[str]:
    """Calls on `.objects` or on a row that write, where only services may; `formset.save(commit=False)` does not."""
    found = []
    for node in nodes(source):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _WRITES):
            continue
        harmless = any(keyword.arg == "commit" for keyword in node.keywords)
        of_super = isinstance(node.func.value, ast.Call) and getattr(node.func.value.func, "id", "") == "super"
        if not harmless and not of_super and not _is_plain_value(node.func.value):
            found.append(f"line {node.lineno}: {ast.unparse(node.func)}()")
    return found


def _is_plain_value(target: ast.expr) -> bool:
    """Dictionaries and sets have an update() too."""
    return isinstance(target, ast.Name) and target.id in {"context", "values", "data", "kwargs", "params", "initial"}


# rule, what it must catch, what it must let pass
EXAMPLES: Final[list[tuple[Rule, list[str], list[str]]]] = [
    (
        state_writes,
        ["claim.state = new", "a.state, a.version = new, 2", "Claim.objects.filter(pk=1).update(state=new)",
         "setattr(claim, 'state', new)", "Claim.objects.bulk_update(rows, ['state'])", "run.state += x"],
        ["if claim.state == new: pass", "state = claim.state", "Claim(state=new)", "x.filter(state=new)",
         "setattr(claim, name, new)"],
    ),
    (
        signal_receivers,
        ["from django.db.models.signals import post_save", "from django.dispatch import receiver"],
        ["import signal", "from django.db.models import Q"],
    ),
    (
        local_imports,
        ["def f():\n    from articles.models import Claim", "class A:\n    def f(self):\n        import os"],
        ["from articles.models import Claim", "if x:\n    import os"],
    ),
    (
        overridden_saves,
        ["class A(Model):\n    def save(self): pass", "class A(Model):\n    def delete(self): pass"],
        ["class A(Model):\n    def saved(self): pass", "def save(): pass"],
    ),
    (
        direct_writes,
        ["claim.save()", "Claim.objects.create(x=1)", "queryset.update(x=1)", "queryset.delete()"],
        ["formset.save(commit=False)", "context.update(x=1)", "super().delete()", "source_save(source=x)"],
    ),
]  # fmt: skip
CATCH: Final = [(rule, line) for rule, bad, _ in EXAMPLES for line in bad]
PASS: Final = [(rule, line) for rule, _, good in EXAMPLES for line in good]


@pytest.mark.parametrize(("rule", "line"), CATCH, ids=lambda value: getattr(value, "__name__", value))
def test_the_rule_catches(rule: Rule, line: str) -> None:
    assert rule(line)


@pytest.mark.parametrize(("rule", "line"), PASS, ids=lambda value: getattr(value, "__name__", value))
def test_the_rule_lets_pass(rule: Rule, line: str) -> None:
    assert not rule(line)


def broken(rule: Rule, files: list[str]) -> dict[str, list[str]]:
    found = {name: rule((ROOT / name).read_text(encoding="utf-8")) for name in files}
    return {name: lines for name, lines in found.items() if lines}


def test_there_is_something_to_look_at() -> None:
    assert len(FILES) > 100


def test_every_state_has_one_writer() -> None:
    assert broken(state_writes, [name for name in FILES if name not in STATE_WRITERS]) == {}


@pytest.mark.parametrize("name", STATE_WRITERS)
def test_a_writer_of_a_state_writes_no_other(name: str) -> None:
    """Each of them updates one model: no other model's name stands before an update that sets a state."""
    source = (ROOT / name).read_text(encoding="utf-8")
    others = set(STATE_WRITERS.values()) - {STATE_WRITERS[name]}
    for node in nodes(source):
        if isinstance(node, ast.Call) and list(_state_call(node)):
            named = {one.id for one in ast.walk(node.func) if isinstance(one, ast.Name)}
            assert not named & others, ast.unparse(node)


def test_nobody_listens_to_signals() -> None:
    assert broken(signal_receivers, FILES) == {}


def test_no_signal_of_a_model_of_ours_has_a_receiver() -> None:
    ours = [model for model in apps.get_models() if model._meta.app_label in ("articles", "reviews", "audit", "core")]
    for signal in (signals.pre_save, signals.post_save, signals.pre_delete, signals.post_delete, signals.m2m_changed):
        for model in ours:
            sync, asynchronous = signal._live_receivers(model)
            named = [f"{one.__module__}.{one.__qualname__}" for one in (*sync, *asynchronous)]
            assert not [one for one in named if one.startswith(FIRST_PARTY)], (model, named)


def test_imports_stand_at_the_top() -> None:
    assert broken(local_imports, FILES) == {}


def test_models_only_store() -> None:
    assert broken(overridden_saves, FILES) == {}


INTERFACES: Final = [
    name for name in FILES
    if any(f"/{layer}/" in name or name.endswith(f"/{layer}.py") for layer in ("admin", "views", "api", "tasks"))
    and name.startswith(("articles/", "reviews/"))
]  # fmt: skip


def test_pages_admin_api_and_tasks_write_only_through_services() -> None:
    assert broken(direct_writes, INTERFACES) == {}


def test_rows_that_others_refer_to_are_locked_so_that_others_may_still_refer_to_them() -> None:
    """Found on PostgreSQL: two stories alike, read at once, each waited for the article the other had locked whole.

    A lock without `no_key` also holds up whoever stores a row with a foreign key to it.
    """
    locked = re.compile(r"\b(?:Article|Claim|Review|Publication|Desk|Source)\.objects\.select_for_update\(([^)]*)")
    wrong = [
        f"{path.name}: {found.group(0)}"
        for folder in ("articles", "reviews")
        for path in (ROOT / folder).rglob("*.py")
        for found in locked.finditer(path.read_text(encoding="utf-8"))
        if "no_key=True" not in path.read_text(encoding="utf-8")[found.start() : found.start() + 140]
    ]
    assert wrong == []
