"""Who the desk is, for readers: the one profile and its people."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from reviews.defaults import rights_give


def make(apps, editor):
    apps.get_model("reviews", "Profile").objects.get_or_create(pk=1)
    rights_give(apps, "reviews.profile", "reviews.colleague")


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0020_notice_rights'),
    ]

    operations = [
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, help_text='As readers know it. Empty: DESK_NAME.', max_length=120)),
                ('legal_name', models.CharField(blank=True, max_length=200)),
                ('email', models.EmailField(blank=True, help_text='Where readers may write. Empty: CONTACT.', max_length=254)),
                ('address', models.TextField(blank=True, help_text='Of the office, as on a letter.')),
                ('about', models.TextField(blank=True, help_text='Who the desk is, in a few sentences.')),
                ('funding', models.TextField(blank=True, help_text='Owners and sources of money.', verbose_name='who owns and pays')),
                ('method', models.TextField(blank=True, help_text='Empty: the text that is shipped.', verbose_name='how we check')),
                ('corrections', models.TextField(blank=True, help_text='Empty: the text that is shipped.', verbose_name='how we correct')),
                ('ethics', models.TextField(blank=True, help_text='What staff may and may not do.')),
                ('complaints', models.TextField(blank=True, help_text='How complaints are handled, and who decides.')),
                ('council_name', models.CharField(blank=True, help_text='Whom readers can turn to who are not content with us.', max_length=200, verbose_name='press council')),
                ('council_url', models.URLField(blank=True, max_length=600, verbose_name='its address')),
                ('complaint_days', models.PositiveSmallIntegerField(default=7, help_text='Days within which a complaint is answered.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)])),
                ('question_days', models.PositiveSmallIntegerField(default=14, help_text='Days within which a reader who asked us to check is answered.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)])),
                ('logo', models.BinaryField(blank=True, default=b'', help_text='A PNG.')),
                ('logo_sha256', models.CharField(blank=True, editable=False, max_length=64)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                'verbose_name': 'profile for readers',
                'verbose_name_plural': 'profile for readers',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='profile_only_one')],
            },
        ),
        migrations.CreateModel(
            name='Colleague',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('role', models.CharField(help_text='For example: head of the desk.', max_length=120)),
                ('about', models.TextField(blank=True)),
                ('url', models.URLField(blank=True, max_length=600, verbose_name='their page')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Place in the list.')),
                ('profile', models.ForeignKey(default=1, on_delete=django.db.models.deletion.CASCADE, related_name='people', to='reviews.profile')),
            ],
            options={
                'verbose_name': 'person readers are told of',
                'verbose_name_plural': 'people readers are told of',
                'ordering': ['position', 'name'],
            },
        ),
        migrations.RunPython(make, migrations.RunPython.noop),
    ]
