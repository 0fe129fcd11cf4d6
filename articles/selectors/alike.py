"""Articles of one desk that tell the same story, and their claims that are one claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection
from django.db.models import F, OuterRef

from articles.alike.sketch import SKETCH, same_story, sketch, told
from articles.choices import Relation
from articles.models import Article, ClaimRelation, StoryLink, StoryMark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

FEWEST_MARKS: Final = 2
MOST_HOLDERS: Final = 200
"""Articles looked at for one mark, the newest: what stands in more of them is a stock phrase."""

MOST_COMPARED: Final = 25


def stories_near(article: Article, text: str) -> list[tuple[int, float]]:
    """Articles of the same desk whose current text shares enough with `text`, the likest first; two queries.

    The cost does not grow with the archive: each mark is looked up in an index and read up to `MOST_HOLDERS` times.
    """
    ours = told(text)
    marks = sketch(ours.runs)
    holders = _holders(marks, article) if marks else []
    texts = Article.objects.filter(pk__in=holders).values_list("pk", "current__text")
    shares = ((pk, same_story(ours, told(other))) for pk, other in texts)
    return sorted(((pk, part) for pk, part in shares if part), key=lambda pair: (-pair[1], pair[0]))


def _holders(marks: Sequence[int], article: Article) -> list[int]:
    """Articles of the desk with at least two of the marks, those with most first."""
    table = StoryMark._meta.db_table
    one = f"SELECT * FROM (SELECT article_id FROM {table} WHERE value = %s ORDER BY article_id DESC LIMIT %s) AS m"  # noqa: S608  (names are ours)
    sql = (
        f"SELECT h.article_id FROM ({' UNION ALL '.join([one] * len(marks))}) AS h "  # noqa: S608
        f"JOIN {Article._meta.db_table} a ON a.id = h.article_id WHERE a.desk_id = %s AND a.id <> %s "
        "GROUP BY h.article_id HAVING COUNT(*) >= %s ORDER BY COUNT(*) DESC, h.article_id DESC LIMIT %s"
    )
    values = [value for mark in marks[:SKETCH] for value in (mark, MOST_HOLDERS)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, article.desk_id, article.pk, FEWEST_MARKS, MOST_COMPARED])
        return [pk for (pk,) in cursor.fetchall()]


def same_stories(article: int | OuterRef) -> QuerySet[StoryLink]:
    """The links to the other articles with the story of this one, or of that of an outer query; the likest first.

    What went to another desk since is left out.
    """
    found = StoryLink.objects.filter(article=article, article__desk=F("other__desk"))
    return found.order_by("-share", "other_id")


def _twins() -> QuerySet[ClaimRelation]:
    """Pairs of twins whose articles are on one desk still."""
    return ClaimRelation.objects.filter(kind=Relation.TWIN, claim__article__desk=F("other__article__desk"))


def twins_in(claims: Sequence[int]) -> QuerySet[ClaimRelation]:
    return _twins().filter(claim__in=claims)


def twins_of(claim: OuterRef) -> QuerySet[ClaimRelation]:
    """The same of the claim of an outer query, to be told whether there are any."""
    return _twins().filter(claim=claim)
