"""What colleagues ask to have checked."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from reviews.defaults import rights_give


def give(apps, editor):
    rights_give(apps, "reviews.submission")


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0013_hosts_asked_politely'),
        ('reviews', '0017_subjects'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('fetching', 'Being fetched'), ('in', 'On the desk'), ('refused', 'Could not be taken')], default='in', max_length=10)),
                ('url', models.CharField(blank=True, max_length=600, verbose_name='address')),
                ('fetched', models.BooleanField(default=False, verbose_name='to be fetched from there')),
                ('headline', models.CharField(blank=True, max_length=300)),
                ('author', models.CharField(blank=True, max_length=200)),
                ('mode', models.CharField(choices=[('published', 'Published text'), ('pre_publication', 'Our own text, before publication')], default='published', max_length=20)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.TextField(blank=True)),
                ('created_by_name', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('not_before', models.DateTimeField(default=django.utils.timezone.now)),
                ('token', models.UUIDField(null=True)),
                ('error_code', models.CharField(blank=True, max_length=60)),
                ('error_detail', models.TextField(blank=True)),
                ('article', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='submissions', to='articles.article')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='submissions', to=settings.AUTH_USER_MODEL)),
                ('desk', models.ForeignKey(default=1, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='articles.desk')),
                ('revision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='submissions', to='articles.revision')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'fetching')), fields=['not_before'], name='submission_due_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('fetched', False)), fields=('created_by', 'revision'), name='submission_once_a_person'), models.UniqueConstraint(condition=models.Q(('state', 'fetching')), fields=('created_by', 'desk', 'url'), name='submission_address_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'in'), _negated=True), models.Q(('article__isnull', False), ('revision__isnull', False)), _connector='OR'), name='submission_in_has_text')],
            },
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
