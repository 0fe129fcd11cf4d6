"""Receivers of webhooks, the outbox of events, deliveries and their attempts; who may manage them."""

import django.db.models.deletion
from django.db import migrations, models

from factcheck.core.triggers import forbidding
from reviews.defaults import rights_give


def give(apps, editor):
    rights_give(apps, "reviews.webhookendpoint", "reviews.webhookevent", "reviews.webhookdelivery")


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0002_text_index_and_guards'),
        ('reviews', '0003_published_is_approved'),
    ]

    operations = [
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('sending', 'Sending'), ('delivered', 'Delivered'), ('failed', 'Given up'), ('cancelled', 'Cancelled: the receiver is off')], default='queued', max_length=10)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('nudged_at', models.DateTimeField(null=True)),
                ('token', models.UUIDField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name_plural': 'webhook deliveries',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True)),
                ('url', models.URLField(max_length=500, verbose_name='address')),
                ('events', models.JSONField(blank=True, default=list, help_text='None chosen means all.')),
                ('enabled', models.BooleanField(default=True)),
                ('disabled_reason', models.CharField(blank=True, editable=False, max_length=300)),
                ('seed', models.CharField(editable=False, max_length=64)),
                ('previous_seed', models.CharField(blank=True, editable=False, max_length=64)),
                ('rotated_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('paused_until', models.DateTimeField(editable=False, null=True)),
                ('last_success_at', models.DateTimeField(editable=False, null=True)),
                ('failing_since', models.DateTimeField(editable=False, null=True)),
                ('last_error', models.TextField(blank=True, editable=False)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='WebhookAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('milliseconds', models.PositiveIntegerField()),
                ('status', models.PositiveIntegerField(null=True)),
                ('said', models.CharField(blank=True, max_length=300)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='reviews.webhookdelivery')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='endpoint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='reviews.webhookendpoint'),
        ),
        migrations.CreateModel(
            name='WebhookEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(max_length=40, unique=True)),
                ('kind', models.CharField(choices=[('verdict.published', 'Verdict published'), ('verdict.corrected', 'Verdict corrected'), ('verdict.retracted', 'Verdict retracted'), ('ping', 'Ping')], max_length=30)),
                ('body', models.TextField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('claim', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.claim')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='reviews.webhookevent'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['not_before', 'id'], name='webhook_open_idx'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.UniqueConstraint(fields=('endpoint', 'event'), name='webhook_delivery_once'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'sending'), ('token__isnull', False)), models.Q(models.Q(('state', 'sending'), _negated=True), ('token__isnull', True)), _connector='OR'), name='webhook_token_while_sending'),
        ),
        migrations.RunPython(
            *forbidding("reviews_webhookevent", "UPDATE", "an event is immutable", ["uid", "kind", "body", "claim_id"])
        ),
        migrations.RunPython(*forbidding("reviews_webhookattempt", "UPDATE", "an attempt is immutable")),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
