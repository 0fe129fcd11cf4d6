"""Verdicts this desk published long ago learn which claim they were given on; who may read matches in the admin."""

from django.db import migrations

from reviews.defaults import rights_give

BATCH = 500


def give(apps, _editor):
    rights_give(apps, "articles.claimmatch")


def tell(apps, _editor):
    """The address of a public page ends with its slug."""
    reviews = apps.get_model("articles", "CheckedClaim").objects.filter(origin="own", of_claim=None).order_by("pk")
    claims = dict(apps.get_model("reviews", "Publication").objects.values_list("slug", "claim"))
    found = []
    for review in reviews.only("pk", "url").iterator(BATCH):
        review.of_claim_id = claims.get(review.url.rstrip("/").rpartition("/")[2])
        if review.of_claim_id:
            found.append(review)
    reviews.model.objects.bulk_update(found, ["of_claim"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0031_saved_views"), ("articles", "0023_matches_of_claims")]
    operations = [
        migrations.RunPython(give, migrations.RunPython.noop),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
