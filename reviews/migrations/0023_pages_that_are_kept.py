"""Pages that are kept as drawn; the line of the lists; which sources had answered when a version went out."""

import json
from datetime import UTC

import django.db.models.deletion
from django.db import migrations, models


PART = 500
ANSWERED, SILENT = ("ok", "empty"), ("failed", "throttled")


def fill(apps, _editor):
    """Versions get what became of the questions so far, pages the line of their newest version."""
    publications = apps.get_model("reviews", "Publication").objects.filter(state__in=["live", "retracted"])
    versions = apps.get_model("reviews", "PublicationVersion").objects.select_related("verdict__label")
    runs = apps.get_model("articles", "PrefillRun").objects.select_related("source")
    for publication in publications.order_by("pk").iterator(chunk_size=PART):
        known = consulted(list(runs.filter(claim=publication.claim_id)))
        mine = versions.filter(publication=publication.pk)
        mine.update(consulted=known)
        newest = mine.order_by("-number").first()
        if newest is not None:
            publication.line = line(publication, newest)
            publication.save(update_fields=["line"])


def consulted(runs):
    ended = [run.finished_at for run in runs if run.finished_at]
    return {
        "asked": len(runs),
        "answered": len([run for run in runs if run.state in ANSWERED]),
        "at": max(ended).isoformat() if ended else None,
        "silent": sorted({run.source.name for run in runs if run.state in SILENT}),
    }


def line(publication, version):
    verdict, retracted = version.verdict, version.change == "retraction"
    said = {
        "slug": publication.slug, "statement": verdict.statement, "speaker": verdict.speaker,
        "language": verdict.language or "en", "retracted": retracted,
        "label": "" if retracted else verdict.label.name, "label_key": "" if retracted else verdict.label.key,
        "value": None if retracted else verdict.label.value, "summary": "" if retracted else verdict.summary,
        "note": version.note, "published_at": utc(publication.first_published_at),
        "changed_at": utc(version.published_at),
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False)


def utc(at):
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0012_where_claims_appeared'),
        ('reviews', '0022_ticks_through_revisions'),
    ]

    operations = [
        migrations.AddField(
            model_name='publication',
            name='line',
            field=models.TextField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='publicationversion',
            name='consulted',
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.CreateModel(
            name='KeptPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(max_length=10)),
                ('drawn_from', models.CharField(max_length=120)),
                ('status', models.PositiveSmallIntegerField()),
                ('etag', models.CharField(max_length=40)),
                ('headers', models.TextField()),
                ('body', models.TextField()),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_pages', to='reviews.publication')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('publication', 'form'), name='kept_page_once')],
            },
        ),
    ]
