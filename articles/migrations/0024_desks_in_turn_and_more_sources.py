"""Desks take turns at a source; copies in public archives, archives that are read again, files of folders."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def name_desks(apps, editor):
    """What waits to be asked is of the desk of its article."""
    runs = apps.get_model("articles", "PrefillRun").objects.filter(state="queued")
    for desk in apps.get_model("articles", "Desk").objects.exclude(pk=1):
        runs.filter(claim__article__desk=desk.pk).update(desk=desk)


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0023_matches_of_claims'),
    ]

    operations = [
        migrations.CreateModel(
            name='ArchiveCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occasion', models.CharField(max_length=200, unique=True)),
                ('url', models.TextField(verbose_name='address')),
                ('state', models.CharField(choices=[('waiting', 'To be handed over'), ('sent', 'Being kept'), ('kept', 'Kept'), ('refused', 'Not kept')], default='waiting', max_length=8)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('not_before', models.DateTimeField(default=django.utils.timezone.now)),
                ('token', models.UUIDField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('job', models.CharField(blank=True, max_length=100)),
                ('copy_url', models.TextField(blank=True, verbose_name='address of the copy')),
                ('copied_at', models.DateTimeField(null=True)),
                ('error_code', models.CharField(blank=True, max_length=60)),
                ('error_detail', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'copy in a public archive',
                'verbose_name_plural': 'copies in a public archive',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ArchiveFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True)),
                ('url', models.URLField(help_text='Of a file that import_claimreviews reads.', max_length=1000, unique=True, verbose_name='address')),
                ('enabled', models.BooleanField(default=True)),
                ('interval_hours', models.PositiveIntegerField(default=24, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(2160)], verbose_name='hours between readings')),
                ('notes', models.TextField(blank=True)),
                ('etag', models.CharField(blank=True, editable=False, max_length=300)),
                ('modified', models.CharField(blank=True, editable=False, max_length=100)),
                ('next_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('token', models.UUIDField(editable=False, null=True)),
                ('failures_in_row', models.PositiveIntegerField(default=0, editable=False)),
                ('last_read_at', models.DateTimeField(editable=False, null=True)),
                ('last_result', models.JSONField(default=dict, editable=False)),
                ('last_error_at', models.DateTimeField(editable=False, null=True)),
                ('last_error', models.TextField(blank=True, editable=False)),
            ],
            options={
                'verbose_name': 'archive that is read again',
                'verbose_name_plural': 'archives that are read again',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='CollectionFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=300)),
                ('size', models.PositiveBigIntegerField()),
                ('modified_ns', models.BigIntegerField()),
                ('error', models.TextField(blank=True)),
                ('read_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ['source', 'name'],
            },
        ),
        migrations.CreateModel(
            name='SourceTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name='prefillrun',
            name='run_next_idx',
        ),
        migrations.AddField(
            model_name='prefillrun',
            name='desk',
            field=models.ForeignKey(default=1, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.desk'),
        ),
        migrations.AddIndex(
            model_name='prefillrun',
            index=models.Index(condition=models.Q(('state', 'queued')), fields=['source', 'desk', 'urgency', 'turn', 'id'], name='run_turn_idx'),
        ),
        migrations.AddField(
            model_name='archivecopy',
            name='page',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='copies', to='articles.page'),
        ),
        migrations.AddIndex(
            model_name='archivefeed',
            index=models.Index(condition=models.Q(('enabled', True)), fields=['next_at'], name='archive_feed_due_idx'),
        ),
        migrations.AddField(
            model_name='collectionfile',
            name='document',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='files', to='articles.document'),
        ),
        migrations.AddField(
            model_name='collectionfile',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='articles.source'),
        ),
        migrations.AddField(
            model_name='sourceturn',
            name='desk',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.desk'),
        ),
        migrations.AddField(
            model_name='sourceturn',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='desk_turns', to='articles.source'),
        ),
        migrations.AddIndex(
            model_name='archivecopy',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'sent'])), fields=['not_before'], name='copy_due_idx'),
        ),
        migrations.AddConstraint(
            model_name='collectionfile',
            constraint=models.UniqueConstraint(fields=('source', 'name'), name='collection_file_once'),
        ),
        migrations.AddConstraint(
            model_name='sourceturn',
            constraint=models.UniqueConstraint(fields=('source', 'desk'), name='source_turn_once'),
        ),
        migrations.RunPython(name_desks, migrations.RunPython.noop),
    ]
