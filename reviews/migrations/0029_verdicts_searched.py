"""Verdicts are searched by words; the database keeps the index."""

from django.db import migrations

from factcheck.core.textindex import index_create, index_drop

TABLE, COLUMNS = "reviews_verdict", ("summary", "rationale", "gaps")


def create(apps, editor):
    index_create(editor, TABLE, COLUMNS)


def drop(apps, editor):
    index_drop(editor, TABLE)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0028_outlets_that_carried_it"), ("articles", "0021_words_searched")]
    operations = [migrations.RunPython(create, drop)]
