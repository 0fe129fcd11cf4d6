"""Letters of readers, and the way of an answer to them."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from reviews.defaults import rights_give


def give(apps, editor):
    rights_give(apps, "reviews.letter")


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0015_same_story'),
        ('reviews', '0024_second_verdicts_and_conflicts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('question', 'Asks us to check'), ('complaint', 'Complaint')], max_length=10)),
                ('words', models.TextField()),
                ('url', models.CharField(blank=True, max_length=1000, verbose_name='seen at')),
                ('name', models.CharField(blank=True, max_length=120)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('received_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, choices=[('answered', 'Answered'), ('set_aside', 'Set aside')], max_length=10)),
                ('answer', models.TextField(blank=True, help_text='What the reader was told.')),
                ('ended_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                'verbose_name': "reader's letter",
                'verbose_name_plural': "readers' letters",
                'ordering': ['-pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='outgoing',
            name='outgoing_to_one',
        ),
        migrations.AddField(
            model_name='letter',
            name='desk',
            field=models.ForeignKey(default=1, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='articles.desk'),
        ),
        migrations.AddField(
            model_name='letter',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='letter',
            name='publication',
            field=models.ForeignKey(blank=True, help_text='The page a complaint is about.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='reviews.publication'),
        ),
        migrations.AddField(
            model_name='letter',
            name='taken_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='letters_taken', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='outgoing',
            name='letter',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='outgoing', to='reviews.letter'),
        ),
        migrations.AddConstraint(
            model_name='outgoing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('letter', None), ('person__isnull', False), ('room', None)), models.Q(('letter', None), ('person', None), ('room__isnull', False)), models.Q(('letter__isnull', False), ('person', None), ('room', None)), _connector='OR'), name='outgoing_to_one'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('outcome', '')), fields=['due_at', 'id'], name='letter_open_idx'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='letter_end_is_dated'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'answered'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='letter_answer_is_kept'),
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
