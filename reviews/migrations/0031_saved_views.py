"""Views of the queue under a name, and who sees those of desks in the admin."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from reviews.defaults import rights_give


def give(apps, editor):
    rights_give(apps, "reviews.savedview")


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0021_words_searched'),
        ('reviews', '0030_lost_sources'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('query', models.CharField(blank=True, max_length=900)),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Place in the rail.')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('desk', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to='articles.desk')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('desk', None), ('person__isnull', False)), models.Q(('desk__isnull', False), ('person', None)), _connector='OR'), name='saved_view_of_one'), models.UniqueConstraint(fields=('person', 'name'), name='saved_view_of_person_once'), models.UniqueConstraint(fields=('desk', 'name'), name='saved_view_of_desk_once')],
            },
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
