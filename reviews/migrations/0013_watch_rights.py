"""Who may manage watched places and read their log."""

from django.db import migrations

from reviews.defaults import rights_give


def give(apps, editor):
    rights_give(apps, "articles.watch", "articles.watchlook", "articles.watchitem")


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0010_watched_places"),
        ("reviews", "0012_undo_steps"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
