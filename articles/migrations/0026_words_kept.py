"""On PostgreSQL the searched words are kept beside the rows; what a time is counted by has an index."""

from django.db import migrations, models

from factcheck.core.textindex import words_keep, words_let_go

INDEXED = (
    ("articles_claim", ("statement", "quote", "speaker")),
    ("articles_article", ("title", "publisher")),
    ("articles_revision", ("text",)),
    ("articles_evidence", ("title", "passage", "publisher", "source_name")),
)


def keep(apps, editor):
    for table, columns in INDEXED:
        words_keep(editor, table, columns)


def let_go(apps, editor):
    for table, columns in INDEXED:
        words_let_go(editor, table, columns)


class Migration(migrations.Migration):
    dependencies = [("articles", "0025_desk_scoring")]
    operations = [
        migrations.RunPython(keep, let_go),
        migrations.AddIndex(
            "claim",
            models.Index(fields=["created_at"], condition=models.Q(state="dismissed"), name="claim_dismissed_idx"),
        ),
        migrations.AddIndex(
            "prefillrun",
            models.Index(
                fields=["finished_at"], condition=models.Q(finished_at__isnull=False), name="run_finished_idx"
            ),
        ),
    ]
