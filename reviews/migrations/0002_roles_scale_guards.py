"""Groups with their permissions, the default scale and policy, and verdicts that cannot be rewritten."""

from django.db import migrations

from factcheck.core.triggers import forbidding
from reviews.defaults import policy_create, roles_sync, scale_create


def create(apps, editor):
    roles_sync(apps)
    scale_create(apps)
    policy_create(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0001_initial"),
        ("articles", "0002_text_index_and_guards"),
        ("audit", "0002_append_only"),
        ("core", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(create, migrations.RunPython.noop),
        migrations.RunPython(
            *forbidding(
                "reviews_verdict",
                "UPDATE",
                "a verdict is immutable",
                ["review_id", "number", "label_id", "quote_check", "summary", "rationale", "gaps", "statement",
                 "proposed_by_id", "proposed_at"],
            )
        ),
        migrations.RunPython(
            *forbidding("reviews_publicationversion", "UPDATE", "a published version is immutable",
                        ["number", "verdict_id", "claimreview", "published_at", "note", "change"])
        ),
    ]
