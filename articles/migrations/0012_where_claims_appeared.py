"""Claims keep who else made them and where they stood."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0011_bulk")]
    operations = [
        migrations.AddField("claim", "appearances", models.JSONField(blank=True, default=list)),
        migrations.AddField("claim", "claimants", models.JSONField(blank=True, default=list)),
    ]
