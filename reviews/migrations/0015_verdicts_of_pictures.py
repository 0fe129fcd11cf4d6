"""Verdicts keep who else made the claim, where it appeared, and what was done to the picture it is about."""

from importlib import import_module

from django.db import migrations, models

from factcheck.core.triggers import forbidding

MEDIA_CHECKS = [
    ("original", "Original"), ("decontextualized", "Out of context"), ("cropped", "Edited or cropped"),
    ("staged", "Staged"), ("transformed", "Manipulated"), ("satire", "Satire or parody"),
]  # fmt: skip
FIELDS = {
    "appearances": models.JSONField(default=list),
    "claimants": models.JSONField(default=list),
    "media_check": models.CharField(
        blank=True, choices=MEDIA_CHECKS, help_text="What was done to the picture or recording.", max_length=16
    ),
    "media_context": models.CharField(blank=True, help_text="What it really shows.", max_length=500),
    "media_original": models.URLField(blank=True, help_text="Where the original is.", max_length=1000),
}
# SQLite rebuilds the table to add a column; the triggers on it, and the one that names it, step aside.
approved = import_module("reviews.migrations.0003_published_is_approved")
frozen = import_module("reviews.migrations.0007_frozen_verdicts")
forbid_now, allow_now = forbidding(
    "reviews_verdict", "UPDATE", frozen.MESSAGE, [*frozen.BEFORE, *frozen.CLAIM, *frozen.ARTICLE, *FIELDS]
)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0012_where_claims_appeared"),
        ("reviews", "0014_sign_off"),
    ]
    operations = [
        migrations.RunPython(frozen.allow_now, frozen.forbid_now),
        migrations.RunPython(approved.allow, approved.forbid),
        *(migrations.AddField("verdict", name, field) for name, field in FIELDS.items()),
        migrations.RunPython(approved.forbid, approved.allow),
        migrations.RunPython(forbid_now, allow_now),
    ]
