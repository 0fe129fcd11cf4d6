"""Rules, scale and roles of each desk; the rules there were are those of the first one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from reviews.defaults import rights_give


def desk_rights(apps, _editor):
    rights_give(apps, "articles.desk", "reviews.membership")


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0007_desks'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('reviews', '0008_change_feed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'role on the desk',
                'verbose_name_plural': 'people with a role on this desk only',
                'ordering': ['desk', 'person'],
            },
        ),
        migrations.AlterModelOptions(
            name='deskpolicy',
            options={'verbose_name': 'desk policy', 'verbose_name_plural': 'desk policies'},
        ),
        migrations.RemoveConstraint(
            model_name='deskpolicy',
            name='policy_one_row',
        ),
        migrations.AddField(
            model_name='deskpolicy',
            name='desk',
            field=models.OneToOneField(default=1, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='policy', to='articles.desk'),
        ),
        migrations.AddField(
            model_name='deskpolicy',
            name='scale',
            field=models.ForeignKey(blank=True, help_text='Empty: the scale that is active for everybody.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reviews.scale'),
        ),
        migrations.AddConstraint(
            model_name='deskpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('pk', models.F('desk'))), name='policy_has_the_key_of_its_desk'),
        ),
        migrations.AddField(
            model_name='membership',
            name='desk',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='articles.desk'),
        ),
        migrations.AddField(
            model_name='membership',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='membership',
            name='role',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='auth.group'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('person', 'desk', 'role'), name='membership_once'),
        ),
        migrations.RunPython(desk_rights, migrations.RunPython.noop),
    ]
