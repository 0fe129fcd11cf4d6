"""Verdicts keep the revision they judged: their claims follow their words into later ones."""

import django.db.models.deletion
from django.db import migrations, models


def fill(apps, editor):
    """No claim has moved before this, so each stands in the revision its verdicts judged."""
    claims = apps.get_model("reviews", "Review").objects.filter(pk=models.OuterRef("review"))
    verdicts = apps.get_model("reviews", "Verdict").objects
    verdicts.update(revision=models.Subquery(claims.values("claim__revision")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0006_claim_moves"),
        ("reviews", "0004_webhooks"),
    ]
    operations = [
        migrations.AddField(
            model_name="verdict",
            name="revision",
            field=models.ForeignKey(
                help_text="The text that was judged.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.revision",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
