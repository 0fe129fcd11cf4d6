"""The only way work is handed to a worker: by name, after commit, and never as the only copy of the truth."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import partial
from typing import Final

import celery
from django.db import transaction
from kombu.exceptions import OperationalError

from factcheck.core.errors import MESSAGES

logger: Final = logging.getLogger(__name__)
_LEAVE_ALONE_SECONDS: Final = 5.0


@dataclass
class _Broker:
    """Until when (monotonic seconds) this process does not ask a broker that was just found gone."""

    gone_until: float = 0.0


_broker: Final = _Broker()


def enqueue(name: str, *args: int | str, delay: float = 0.0) -> None:
    """Send task `name` once the current transaction has committed (at once outside of one), due in `delay` seconds.

    A broker that is gone does not fail the act that led here: the row that says what is to be done is
    committed, and the sweeper sends it again when the broker is back. So that a hundred messages do not wait
    for it a hundred times, the ones of the next few seconds are left to the sweeper without asking.
    """
    transaction.on_commit(partial(_send, name, args, delay))


def _send(name: str, args: tuple[int | str, ...], delay: float) -> None:
    if time.monotonic() < _broker.gone_until:
        return
    try:
        celery.current_app.signature(name, args=args).apply_async(retry=False, countdown=delay)
    except (OperationalError, OSError) as error:
        _broker.gone_until = time.monotonic() + _LEAVE_ALONE_SECONDS
        logger.warning("%s (%s%s: %s)", MESSAGES["broker.down"], name, args, type(error).__name__)
    else:
        _broker.gone_until = 0.0
