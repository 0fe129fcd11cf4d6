"""Small lists read in the same query as the row they stand beside, so that a page asks once and not once a list.

    claims.annotate(labels=Beside(VerdictLabel.objects.filter(scale=OuterRef("scale"))))
    for label in beside(VerdictLabel, claim.labels): ...

Meant for lists of a few dozen rows: the database writes them as JSON, and they are rows of the model again here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import JSONField, Model, Subquery

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Field, QuerySet
    from django.db.models.sql.compiler import SQLCompiler


M = TypeVar("M", bound=Model)


class Beside(Subquery):
    """The rows of a query as a JSON list of objects. Without `fields`, every column of the model.

    The order is the reader's business: sort what comes out.
    """

    output_field = JSONField()

    def __init__(self, rows: QuerySet[Any], fields: Sequence[str] = ()) -> None:
        self.names = list(fields) or [field.attname for field in rows.model._meta.concrete_fields]
        self.json = {field.attname for field in rows.model._meta.concrete_fields if isinstance(field, JSONField)}
        super().__init__((rows if rows.query.is_sliced else rows.order_by()).values(*self.names))

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        columns = {name: f"listed.{connection.ops.quote_name(name)}" for name in self.names}
        columns |= {name: f"json({columns[name]})" for name in self.json & set(self.names)}
        pairs = ", ".join(f"'{name}', {column}" for name, column in columns.items())
        return self.as_sql(
            compiler,
            connection,
            # Only names of the model's own columns are put in here.
            template=f"(SELECT json_group_array(json_object({pairs})) FROM (%(subquery)s) listed)",  # noqa: S608
        )

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        return self.as_sql(
            compiler,
            connection,
            template="(SELECT COALESCE(jsonb_agg(listed), '[]'::jsonb) FROM (%(subquery)s) listed)",
        )


def beside(model: type[M], rows: Iterable[dict[str, Any]]) -> list[M]:
    """Rows that `Beside` brought along, as rows of the model; columns that were not named stay deferred."""
    made = []
    for row in rows:
        fields = [field for field in model._meta.concrete_fields if field.attname in row]
        values = [_value(field, row[field.attname]) for field in fields]
        made.append(model.from_db(None, [field.attname for field in fields], values))
    return made


def _value(field: Field[Any, Any], value: Any) -> Any:
    """JSON knows no dates, and SQLite no booleans."""
    known = field.to_python(value)
    return known.replace(tzinfo=UTC) if isinstance(known, datetime) and known.tzinfo is None else known
