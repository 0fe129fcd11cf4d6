"""Work for workers: call the service, nothing else. May run twice."""

from __future__ import annotations

from celery import shared_task

from reviews.services.asking import queries_tick
from reviews.services.delivery import deliveries_sweep, delivery_run
from reviews.services.digest import digests_send
from reviews.services.followup import followups_tick
from reviews.services.holds import deadlines_move
from reviews.services.lease import reviews_return
from reviews.services.lost import lost_sources_tell
from reviews.services.material import material_fetch, materials_due
from reviews.services.notecarry import notes_carry, notes_sweep
from reviews.services.notice import notices_tidy
from reviews.services.outgoing import outgoing_send, outgoing_sweep
from reviews.services.recheck import rechecks_begin_due
from reviews.services.schedule import publications_publish_due
from reviews.services.submission import submission_fetch, submissions_due
from reviews.services.ticks import ticks_carry, ticks_sweep
from reviews.services.told import notices_of_time
from reviews.services.toolspages import tools_page_push, tools_pages_sweep
from reviews.services.triage import claims_rank


@shared_task(name="reviews.publish_due")
def publish_due() -> None:
    publications_publish_due()


@shared_task(name="reviews.recheck_due")
def recheck_due() -> None:
    rechecks_begin_due()


@shared_task(name="reviews.deliver_webhook")
def deliver_webhook(delivery_id: int) -> None:
    delivery_run(delivery_id=delivery_id)


@shared_task(name="reviews.sweep_webhooks")
def sweep_webhooks() -> None:
    deliveries_sweep()


@shared_task(name="reviews.push_tools_page")
def push_tools_page(page_id: int) -> None:
    tools_page_push(page_id=page_id)


@shared_task(name="reviews.sweep_tools_pages")
def sweep_tools_pages() -> None:
    tools_pages_sweep()


@shared_task(name="reviews.return_abandoned")
def return_abandoned() -> None:
    reviews_return()


@shared_task(name="reviews.followups_tick")
def tick_followups() -> None:
    followups_tick()


@shared_task(name="reviews.queries_tick")
def tick_queries() -> None:
    queries_tick()


@shared_task(name="reviews.fetch_submission")
def fetch_submission(submission_id: int) -> None:
    submission_fetch(submission_id=submission_id)


@shared_task(name="reviews.sweep_submissions")
def sweep_submissions() -> None:
    submissions_due()


@shared_task(name="reviews.fetch_material")
def fetch_material(material_id: int) -> None:
    material_fetch(material_id=material_id)


@shared_task(name="reviews.sweep_materials")
def sweep_materials() -> None:
    materials_due()


@shared_task(name="reviews.send_outgoing")
def send_outgoing(outgoing_id: int) -> None:
    outgoing_send(outgoing_id=outgoing_id)


@shared_task(name="reviews.sweep_outgoing")
def sweep_outgoing() -> None:
    outgoing_sweep()


@shared_task(name="reviews.tell_of_time")
def tell_of_time() -> None:
    notices_of_time()


@shared_task(name="reviews.carry_ticks")
def carry_ticks(article_id: int) -> None:
    ticks_carry(article_id=article_id)
    notes_carry(article_id=article_id)


@shared_task(name="reviews.sweep_ticks")
def sweep_ticks() -> None:
    ticks_sweep()
    notes_sweep()


@shared_task(name="reviews.rank_claims")
def rank_claims() -> None:
    claims_rank()


@shared_task(name="reviews.move_deadlines")
def move_deadlines() -> None:
    deadlines_move()


@shared_task(name="reviews.send_digests")
def send_digests() -> None:
    digests_send()


@shared_task(name="reviews.tidy_notices")
def tidy_notices() -> None:
    notices_tidy()


@shared_task(name="reviews.tell_of_lost_sources")
def tell_of_lost_sources() -> None:
    lost_sources_tell()
