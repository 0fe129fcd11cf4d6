"""The revision a verdict judged cannot be rewritten either."""

from django.db import migrations

from factcheck.core.triggers import forbidding

MESSAGE = "a verdict is immutable"
BEFORE = ["review_id", "number", "label_id", "quote_check", "summary", "rationale", "gaps", "statement",
          "proposed_by_id", "proposed_at"]  # fmt: skip
forbid_before, allow_before = forbidding("reviews_verdict", "UPDATE", MESSAGE, BEFORE)
forbid_now, allow_now = forbidding("reviews_verdict", "UPDATE", MESSAGE, [*BEFORE, "revision_id"])


class Migration(migrations.Migration):
    dependencies = [("reviews", "0005_verdict_revision")]
    operations = [
        migrations.RunPython(allow_before, forbid_before),
        migrations.RunPython(forbid_now, allow_now),
    ]
