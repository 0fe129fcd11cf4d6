"""Full-text indexes kept in step by the database itself, and revisions that cannot be rewritten."""

from django.db import migrations

from factcheck.core.triggers import forbidding

# table, the column that is searched
INDEXED = (("articles_passage", "text"), ("articles_checkedclaim", "claim"))


def create(apps, editor):
    for table, column in INDEXED:
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f"CREATE INDEX {table}_fts ON {table} USING gin (to_tsvector('english', {column}))", params=None
            )
        else:
            for statement in sqlite_index(table, column):
                editor.execute(statement, params=None)


def sqlite_index(table, column):
    fts, values = f"{table}_fts", f"(new.id, new.{column})"
    forget = f"INSERT INTO {fts}({fts}, rowid, {column}) VALUES ('delete', old.id, old.{column});"
    learn = f"INSERT INTO {fts}(rowid, {column}) VALUES {values};"
    yield (
        f"CREATE VIRTUAL TABLE {fts} USING fts5({column}, content='{table}', content_rowid='id', "
        "tokenize='porter unicode61 remove_diacritics 2')"
    )
    yield f"CREATE TRIGGER {fts}_add AFTER INSERT ON {table} BEGIN {learn} END"
    yield f"CREATE TRIGGER {fts}_gone AFTER DELETE ON {table} BEGIN {forget} END"
    yield f"CREATE TRIGGER {fts}_new AFTER UPDATE OF {column} ON {table} BEGIN {forget} {learn} END"
    yield f"INSERT INTO {fts}({fts}) VALUES ('rebuild')"


def drop(apps, editor):
    for table, _ in INDEXED:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP INDEX IF EXISTS {table}_fts", params=None)
        else:
            for suffix in ("add", "gone", "new"):
                editor.execute(f"DROP TRIGGER IF EXISTS {table}_fts_{suffix}", params=None)
            editor.execute(f"DROP TABLE IF EXISTS {table}_fts", params=None)


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]
    operations = [
        migrations.RunPython(create, drop),
        migrations.RunPython(
            *forbidding(
                "articles_revision",
                "UPDATE",
                "a revision is immutable",
                ["article_id", "number", "text", "sha256", "raw", "raw_sha256"],
            )
        ),
    ]
