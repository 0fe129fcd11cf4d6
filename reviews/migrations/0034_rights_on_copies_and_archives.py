"""Who may keep the archives that are read again, and see what a public archive was asked for."""

from django.db import migrations

from reviews.defaults import rights_give


def give(apps, editor):
    rights_give(apps, "articles.archivefeed", "articles.archivecopy")


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0024_desks_in_turn_and_more_sources"),
        ("reviews", "0033_letters_are_told_of"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
