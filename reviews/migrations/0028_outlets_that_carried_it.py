"""Outlets that carried a checked claim, and what came of asking them to correct."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from reviews.defaults import rights_give


def give(apps, _editor):
    rights_give(apps, "reviews.followup")


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0027_deadlines_move_with_holds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outlet', models.CharField(max_length=200)),
                ('url', models.URLField(blank=True, max_length=1000, verbose_name='where it stands')),
                ('found_as', models.CharField(choices=[('carried', 'The text that was checked'), ('appearance', 'Where the claim was seen'), ('article', 'Another text of this desk'), ('hand', 'Added by hand')], max_length=12)),
                ('found_at', models.DateTimeField()),
                ('contact', models.CharField(blank=True, help_text='An e-mail address, or the address of a form.', max_length=300)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('asked_by_name', models.CharField(blank=True, max_length=200)),
                ('asked_at', models.DateTimeField(null=True)),
                ('words', models.TextField(blank=True, help_text='What they were asked.')),
                ('due_at', models.DateTimeField(help_text='When an answer is expected.', null=True)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('corrected', 'Corrected it'), ('noted', 'Added a note'), ('taken_down', 'Took it down'), ('refused', 'Refused'), ('no_answer', 'Did not answer'), ('put_aside', 'Put aside: nothing to ask')], max_length=12)),
                ('answer', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='reviews.publication')),
            ],
            options={
                'ordering': ['publication', 'found_at', 'pk'],
                'indexes': [models.Index(condition=models.Q(('asked_at__isnull', False), ('outcome', ''), ('reminded_at', None)), fields=['due_at'], name='follow_up_due_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('url', ''), _negated=True), fields=('publication', 'url'), name='follow_up_place_once'), models.CheckConstraint(condition=models.Q(models.Q(('asked_at__isnull', True), ('due_at__isnull', True)), models.Q(('asked_at__isnull', False), ('due_at__gt', models.F('asked_at'))), _connector='OR'), name='follow_up_asked_has_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='follow_up_end_is_dated')],
            },
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
