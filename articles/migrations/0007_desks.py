"""Several desks in one instance: whatever was here before is on the first one."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def first_desk(apps: Any, _editor: Any) -> None:
    apps.get_model("articles", "Desk").objects.create(name="Desk", slug="desk", walled=False)


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_claim_moves")]

    operations = [
        migrations.CreateModel(
            name="Desk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True)),
                (
                    "slug",
                    models.SlugField(max_length=40, unique=True, help_text="Its name in addresses and in the API."),
                ),
                (
                    "walled",
                    models.BooleanField(
                        default=True,
                        verbose_name="behind a wall",
                        help_text="Only people with a role on this desk see what is on it.",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Its place in lists.")),
                (
                    "sources",
                    models.ManyToManyField(
                        blank=True,
                        related_name="desks",
                        to="articles.source",
                        help_text="Sources asked for this desk only. A source that no desk has named is asked for all.",
                    ),
                ),
            ],
            options={"ordering": ["position", "name"]},
        ),
        migrations.RunPython(first_desk, migrations.RunPython.noop),
        migrations.AddField(
            model_name="article",
            name="desk",
            field=models.ForeignKey(
                default=1,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="articles",
                to="articles.desk",
            ),
        ),
        migrations.AlterField(
            model_name="article",
            name="identity",
            field=models.CharField(editable=False, max_length=700),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.UniqueConstraint(fields=("desk", "identity"), name="article_once_a_desk"),
        ),
        migrations.AddIndex(
            model_name="article", index=models.Index(fields=["identity"], name="article_identity_idx")
        ),
    ]
