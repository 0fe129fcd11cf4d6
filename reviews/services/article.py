"""Articles handed in by people and programs: the rights in front of `article_ingest`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from articles.choices import Mode, Origin
from articles.models import Article
from articles.services.article import Ingested, article_ingest
from reviews.policies import visible
from reviews.services.transition import require

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def article_hand_in(
    *,
    data: bytes,
    actor: User,
    name: str = "",
    url: str = "",
    content_type: str = "",
    origin: Origin = Origin.FILE,
    mode: Mode = Mode.PUBLISHED,
) -> Ingested:
    """Take a story in for somebody; raises NotAllowed and Invalid (article.*).

    A new text for an address the desk knows is taken only from people who may see that article: others would
    replace, and learn of, what is not theirs.
    """
    require(actor, "ingest", "hand in articles")

    def may_revise(article: Article) -> bool:
        return Article.objects.filter(visible(actor), pk=article.pk).exists()

    return article_ingest(
        data, name=name, url=url, content_type=content_type, origin=origin, mode=mode, actor=actor,
        may_revise=may_revise,
    )  # fmt: skip
