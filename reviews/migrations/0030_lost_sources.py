from django.db import migrations, models

from reviews.defaults import rights_give


def give(apps, editor):
    rights_give(apps, "articles.page")


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0022_pages_evidence_rests_on'),
        ('reviews', '0029_verdicts_searched'),
    ]

    operations = [
        migrations.RunPython(give, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='notice',
            name='event',
            field=models.CharField(choices=[('assigned', 'A claim is given to me'), ('returned', 'A claim comes back to me, or is taken from me'), ('mentioned', 'Somebody mentions me in a note'), ('answer', 'An answer arrives'), ('second_review', 'A verdict wants a second pair of eyes'), ('due', 'A claim of mine is due soon'), ('overdue', 'A claim of mine is late'), ('stale', 'The words of a claim of mine have changed'), ('corrected', 'A verdict I worked on is corrected or retracted'), ('source', 'A source that a claim of mine rests on is gone or has changed')], max_length=20),
        ),
        migrations.AlterField(
            model_name='noticechoice',
            name='event',
            field=models.CharField(choices=[('assigned', 'A claim is given to me'), ('returned', 'A claim comes back to me, or is taken from me'), ('mentioned', 'Somebody mentions me in a note'), ('answer', 'An answer arrives'), ('second_review', 'A verdict wants a second pair of eyes'), ('due', 'A claim of mine is due soon'), ('overdue', 'A claim of mine is late'), ('stale', 'The words of a claim of mine have changed'), ('corrected', 'A verdict I worked on is corrected or retracted'), ('source', 'A source that a claim of mine rests on is gone or has changed')], max_length=20),
        ),
    ]
