"""Who is signed in, read together with what every page needs of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db.models import OuterRef

from reviews.models import Notice
from reviews.policies import rights_beside, rights_keep
from reviews.selectors.queue import CountUpTo

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import QuerySet

BELL_MOST: Final = 99


class DeskBackend(ModelBackend):
    """Django's own; the person comes with settings, rights and the number of notices they have not read."""

    def get_user(self, user_id: Any) -> User | None:
        person = _with_what_pages_need().filter(pk=user_id).first()
        if person is None or not self.user_can_authenticate(person):
            return None
        rights_keep(person)
        return person


@cache
def _with_what_pages_need() -> QuerySet[User, User]:
    """Put together once a process: that takes longer than the answer."""
    unread = Notice.objects.filter(person=OuterRef("pk"), shown=True, read_at=None).order_by().values("pk")
    bell = CountUpTo(unread[: BELL_MOST + 1])
    return User.objects.select_related("desk_settings").annotate(unread_notices=bell, **rights_beside())
