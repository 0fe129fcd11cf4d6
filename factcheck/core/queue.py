"""The only way work is handed to a worker: by name, after commit, and never as the only copy of the truth."""

from __future__ import annotations

import logging
from functools import partial
from typing import Final

import celery
from django.db import transaction
from kombu.exceptions import OperationalError

from factcheck.core.errors import MESSAGES

logger: Final = logging.getLogger(__name__)


def enqueue(name: str, *args: int | str) -> None:
    """Send task `name` once the current transaction has committed (at once outside of one).

    A broker that is gone does not fail the act that led here: the row that says what is to be done is
    committed, and the sweeper sends it again when the broker is back.
    """
    transaction.on_commit(partial(_send, name, args))


def _send(name: str, args: tuple[int | str, ...]) -> None:
    try:
        celery.current_app.signature(name, args=args).apply_async(retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("%s (%s%s: %s)", MESSAGES["broker.down"], name, args, type(error).__name__)
