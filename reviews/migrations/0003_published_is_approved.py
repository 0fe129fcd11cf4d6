"""Who scheduled a publication; and a version of a verdict nobody approved is refused by the database."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "reviews_publicationversion"
NAME = f"{TABLE}_approved"
MESSAGE = "only an approved verdict can be published"
UNAPPROVED = (
    "EXISTS (SELECT 1 FROM reviews_verdict WHERE reviews_verdict.id = NEW.verdict_id"
    " AND reviews_verdict.approved_at IS NULL)"
)


def forbid(_apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(
            f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {UNAPPROVED} THEN "
            f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; "
            f"END IF; RETURN NEW; END $$",
            params=None,
        )
        editor.execute(
            f"CREATE TRIGGER {NAME} BEFORE INSERT ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {NAME}()", params=None
        )
    else:
        editor.execute(
            f"CREATE TRIGGER {NAME} BEFORE INSERT ON {TABLE} WHEN {UNAPPROVED} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
            params=None,
        )


def allow(_apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP TRIGGER IF EXISTS {NAME} ON {TABLE}", params=None)
        editor.execute(f"DROP FUNCTION IF EXISTS {NAME}()", params=None)
    else:
        editor.execute(f"DROP TRIGGER IF EXISTS {NAME}", params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0002_roles_scale_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="publication",
            name="scheduled_by",
            field=models.ForeignKey(
                blank=True, editable=False, help_text="Publishes when the time comes, if they still may.", null=True,
                on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(forbid, allow),
    ]
