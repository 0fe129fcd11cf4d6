"""When a page is to be looked at again, and before when nothing of it may go out."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0009_several_desks'),
    ]

    operations = [
        migrations.AddField(
            model_name='publication',
            name='embargo_until',
            field=models.DateTimeField(blank=True, help_text='Nothing goes out before.', null=True),
        ),
        migrations.AddField(
            model_name='publication',
            name='recheck_at',
            field=models.DateTimeField(blank=True, help_text='When to look at it again.', null=True),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('state', 'scheduled')), fields=['scheduled_for'], name='publication_due_idx'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('state', 'live')), fields=['recheck_at'], name='publication_recheck_idx'),
        ),
        migrations.AddIndex(
            model_name='publicationversion',
            index=models.Index(condition=models.Q(('change__in', ('update', 'clarification', 'correction', 'retraction'))), fields=['-published_at', '-id'], name='version_corrections_idx'),
        ),
    ]
