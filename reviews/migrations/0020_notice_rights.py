"""Who may keep chat rooms and read the log of what went out."""

from django.db import migrations

from reviews.defaults import rights_give


def give(apps, editor):
    rights_give(apps, "reviews.chatroom", "reviews.outgoing")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0019_notices")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
