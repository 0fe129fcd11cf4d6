"""Claims, articles, their texts and evidence are searched by words; the database keeps the indexes."""

from django.db import migrations

from factcheck.core.textindex import index_create, index_drop

INDEXED = (
    ("articles_claim", ("statement", "quote", "speaker")),
    ("articles_article", ("title", "publisher")),
    ("articles_revision", ("text",)),
    ("articles_evidence", ("title", "passage", "publisher", "source_name")),
)


def create(apps, editor):
    for table, columns in INDEXED:
        index_create(editor, table, columns)


def drop(apps, editor):
    for table, _ in INDEXED:
        index_drop(editor, table)


class Migration(migrations.Migration):
    dependencies = [("articles", "0020_time_on_hold")]
    operations = [migrations.RunPython(create, drop)]
