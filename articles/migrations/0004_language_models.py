"""What language models were asked, and on a revision why its claims are not from them."""

import django.db.models.deletion
from django.db import migrations, models

from factcheck.core.triggers import forbidding

# SQLite makes the table anew for a column, and its triggers are gone with the old one.
guard, unguard = forbidding(
    "articles_revision",
    "UPDATE",
    "a revision is immutable",
    ["article_id", "number", "text", "sha256", "raw", "raw_sha256"],
)


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0003_claim_memory'),
    ]

    operations = [
        migrations.RunPython(unguard, guard),
        migrations.CreateModel(
            name='LlmAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('model', models.CharField(max_length=200)),
                ('stage', models.CharField(max_length=20)),
                ('text_sha256', models.CharField(db_index=True, max_length=64)),
                ('content', models.TextField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='LlmDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('tokens', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'language model day',
                'ordering': ['-day'],
            },
        ),
        migrations.AddField(
            model_name='revision',
            name='extraction_not_before',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='revision',
            name='extraction_note',
            field=models.TextField(blank=True),
        ),
        migrations.CreateModel(
            name='LlmReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=300)),
                ('model', models.CharField(max_length=200)),
                ('outcome', models.CharField(choices=[('running', 'Under way'), ('read', 'Read'), ('partly', 'Read in part'), ('fell_back', 'Fell back to the rules'), ('put_off', 'Put off')], default='running', max_length=10)),
                ('note', models.TextField(blank=True)),
                ('began_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('recalled', models.PositiveIntegerField(default=0, verbose_name='answers known already')),
                ('proposed', models.PositiveIntegerField(default=0, help_text='In all three stages.', verbose_name='claims proposed')),
                ('dropped', models.PositiveIntegerField(default=0, verbose_name='quotes not in the text')),
                ('unverifiable', models.PositiveIntegerField(default=0, verbose_name='not checkable')),
                ('repeated', models.PositiveIntegerField(default=0, verbose_name='said twice')),
                ('both', models.PositiveIntegerField(default=0, verbose_name='found by the rules too')),
                ('added', models.PositiveIntegerField(default=0, verbose_name='claims added')),
                ('reworded', models.PositiveIntegerField(default=0, verbose_name='claims reworded')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='llm_readings', to='articles.revision')),
            ],
            options={
                'verbose_name': 'language model reading',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='LlmCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(max_length=20)),
                ('rung', models.CharField(max_length=20)),
                ('tokens', models.PositiveBigIntegerField()),
                ('outcome', models.CharField(blank=True, max_length=60)),
                ('seconds', models.FloatField(default=0)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('reading', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='articles.llmreading')),
            ],
            options={
                'verbose_name': 'language model call',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='LlmServer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=300)),
                ('model', models.CharField(max_length=200)),
                ('rung', models.CharField(max_length=20)),
                ('learned_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['place', 'model'],
                'constraints': [models.UniqueConstraint(fields=('place', 'model'), name='llm_server_once')],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
