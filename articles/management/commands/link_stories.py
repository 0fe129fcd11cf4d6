"""`manage.py link_stories`: find which articles tell one story, for all that are on the desks."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from articles.models import Article, StoryLink
from articles.services.alike import story_relink
from factcheck.core.commands import FactcheckCommand, to_json_line

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

TOLD_EVERY: Final = 5.0  # seconds


class Command(FactcheckCommand):
    help = (
        "Find which articles tell one story. New ones are looked at as they come in; this is for those from before. "
        "It may run beside the desk, twice, or be stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", type=int, default=1, metavar="ID", help="begin with this article")

    def handle(self, *_args: Any, **options: Any) -> None:
        wanted = Article.objects.filter(pk__gte=options["from"], current__isnull=False).order_by("pk")
        keys, told = list(wanted.values_list("pk", flat=True)), time.monotonic()
        for count, pk in enumerate(keys, start=1):
            story_relink(Article.objects.select_related("current").defer("current__raw").get(pk=pk))
            if time.monotonic() - told > TOLD_EVERY:
                told = time.monotonic()
                self.stderr.write(f"{count:,} of {len(keys):,} articles, the last one {pk}")
        self.stdout.write(to_json_line({"articles": len(keys), "pairs": StoryLink.objects.count() // 2}))
