"""Pages at Google's Fact Check Tools, where the desk pushes there."""

import django.db.models.deletion
from django.db import migrations, models

from reviews.defaults import rights_give


def give(apps, _editor):
    rights_give(apps, "reviews.toolspage")


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0035_pages_and_files_are_quoted'),
    ]

    operations = [
        migrations.CreateModel(
            name='ToolsPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, help_text='Its name there, such as pages/abc; empty where there is none.', max_length=200)),
                ('wanted', models.PositiveIntegerField()),
                ('done', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('done', 'As it is here'), ('failed', 'Given up')], default='queued', max_length=8)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('lease_until', models.DateTimeField(null=True)),
                ('token', models.UUIDField(null=True)),
                ('asked_at', models.DateTimeField(null=True, verbose_name='last asked')),
                ('status', models.PositiveSmallIntegerField(help_text='The status of HTTP; none where nothing was answered.', null=True, verbose_name='last answer')),
                ('said', models.CharField(blank=True, max_length=300, verbose_name='what was said')),
                ('publication', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='tools_page', to='reviews.publication')),
            ],
            options={
                'verbose_name': 'page at Fact Check Tools',
                'verbose_name_plural': 'pages at Fact Check Tools',
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['not_before'], name='tools_page_due_idx')],
            },
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
