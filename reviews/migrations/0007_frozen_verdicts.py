"""Verdicts keep all that readers are told beside them: who said it, where it was carried, where evidence stands."""

from importlib import import_module

from django.db import migrations, models

from factcheck.core.triggers import forbidding

MESSAGE = "a verdict is immutable"
BEFORE = ["review_id", "number", "label_id", "quote_check", "summary", "rationale", "gaps", "statement",
          "proposed_by_id", "proposed_at", "revision_id"]  # fmt: skip
CLAIM = {"speaker": "speaker", "speech": "speech", "quote": "quote"}
ARTICLE = {"language": "language", "carried_mode": "mode", "carried_by": "publisher",
           "carried_agency": "dateline_agency", "carried_url": "url", "carried_title": "title",
           "carried_on": "published_at"}  # fmt: skip
MODES = [("published", "Published text"), ("pre_publication", "Our own text, before publication")]
SPEECH = [("direct", "Direct quote"), ("indirect", "Indirect speech"), ("own", "Own voice")]
FIELDS = {
    "carried_agency": models.CharField(blank=True, max_length=200),
    "carried_by": models.CharField(blank=True, help_text="The publisher of the article.", max_length=200),
    "carried_mode": models.CharField(blank=True, choices=MODES, max_length=20),
    "carried_on": models.DateTimeField(blank=True, null=True),
    "carried_title": models.CharField(blank=True, max_length=500),
    "carried_url": models.URLField(blank=True, max_length=600),
    "language": models.CharField(blank=True, max_length=20),
    "quote": models.TextField(blank=True),
    "speaker": models.CharField(blank=True, max_length=200),
    "speech": models.CharField(blank=True, choices=SPEECH, max_length=10),
}
CITED = ["verdict_id", "evidence_id", "stance", "locator", "position"]

forbid_before, allow_before = forbidding("reviews_verdict", "UPDATE", MESSAGE, BEFORE)
forbid_now, allow_now = forbidding("reviews_verdict", "UPDATE", MESSAGE, [*BEFORE, *CLAIM, *ARTICLE])
forbid_cited, allow_cited = forbidding("reviews_verdictevidence", "UPDATE", MESSAGE, CITED)
# It names the verdict's table, which SQLite rebuilds to add a column, and would stop it.
approved = import_module("reviews.migrations.0003_published_is_approved")


def fill(apps, editor):
    """The nearest there is to what was judged: the claim, the article and the evidence as they are now."""
    claims = apps.get_model("reviews", "Review").objects.filter(pk=models.OuterRef("review"))
    sources = {name: f"claim__{field}" for name, field in CLAIM.items()}
    sources |= {name: f"claim__article__{field}" for name, field in ARTICLE.items()}
    copies = {name: models.Subquery(claims.values(source)[:1]) for name, source in sources.items()}
    apps.get_model("reviews", "Verdict").objects.update(**copies)
    evidence = apps.get_model("articles", "Evidence").objects.filter(pk=models.OuterRef("evidence"))
    cited = apps.get_model("reviews", "VerdictEvidence").objects
    cited.update(locator=models.Subquery(evidence.values("locator")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0006_claim_moves"),
        ("reviews", "0006_verdict_revision_guard"),
    ]
    operations = [
        migrations.RunPython(allow_before, forbid_before),
        migrations.RunPython(approved.allow, approved.forbid),
        *(migrations.AddField("verdict", name, field) for name, field in FIELDS.items()),
        migrations.AddField("verdictevidence", "locator", models.CharField(blank=True, max_length=200)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(approved.forbid, approved.allow),
        migrations.RunPython(forbid_now, allow_now),
        migrations.RunPython(forbid_cited, allow_cited),
    ]
