"""On PostgreSQL the words of verdicts are kept beside them; what a time is counted by has an index."""

from django.db import migrations, models

from factcheck.core.textindex import words_keep, words_let_go

TABLE, COLUMNS = "reviews_verdict", ("summary", "rationale", "gaps")


def keep(apps, editor):
    words_keep(editor, TABLE, COLUMNS)


def let_go(apps, editor):
    words_let_go(editor, TABLE, COLUMNS)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0036_pages_at_fact_check_tools")]
    operations = [
        migrations.RunPython(keep, let_go),
        migrations.AddIndex(
            "verdict",
            models.Index(
                fields=["approved_at"], condition=models.Q(approved_at__isnull=False), name="verdict_approved_idx"
            ),
        ),
        migrations.AddIndex(
            "verdict",
            models.Index(fields=["proposed_at"], condition=models.Q(number=1), name="verdict_first_idx"),
        ),
        migrations.AddIndex("publicationversion", models.Index(fields=["published_at"], name="version_time_idx")),
    ]
