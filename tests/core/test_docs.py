"""The documentation names only what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from reviews.management.commands.draw_workflow import workflow_page

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
MAKE_TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))


def names(pattern: str) -> list[tuple[str, str]]:
    return [(page.name, found) for page in PAGES for found in re.findall(pattern, page.read_text(encoding="utf-8"))]


def test_the_workflow_page_is_what_the_tables_say():
    assert (ROOT / "docs" / "workflow.md").read_text(encoding="utf-8") == workflow_page()


@pytest.mark.parametrize(("document", "target"), names(r"`make ([a-z-]+)"))
def test_make_targets_exist(document, target):
    assert target in MAKE_TARGETS, document


@pytest.mark.parametrize(("document", "command"), names(r"manage\.py ([a-z_]+)"))
def test_commands_exist(document, command):
    assert command in get_commands(), document


@pytest.mark.parametrize(
    ("document", "path"), names(r"`((?:factcheck|articles|reviews|templates|tests|docs|benchmarks)/[\w./-]*)`")
)
def test_paths_exist(document, path):
    assert (ROOT / path).exists(), document


@pytest.mark.parametrize("document", PAGES, ids=lambda each: each.name)
def test_links_between_pages_lead_somewhere(document):
    for target in re.findall(r"\]\(((?!https?:|#|mailto:)[^)#]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target
