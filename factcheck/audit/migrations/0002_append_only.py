"""The database refuses to change or delete what the trail says."""

from django.db import migrations

from factcheck.core.triggers import forbidding

TABLE = "audit_auditevent"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunPython(*forbidding(TABLE, "UPDATE", "the audit trail is append-only")),
        migrations.RunPython(*forbidding(TABLE, "DELETE", "the audit trail is append-only")),
    ]
