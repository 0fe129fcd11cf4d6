"""Who is signed in, read together with what every page needs of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db.models import OuterRef

from reviews.models import Notice
from reviews.selectors.queue import CountUpTo

if TYPE_CHECKING:
    from typing import Any

BELL_MOST: Final = 99


class DeskBackend(ModelBackend):
    """Django's own; the person comes with their settings and the number of notices they have not read."""

    def get_user(self, user_id: Any) -> User | None:
        unread = Notice.objects.filter(person=OuterRef("pk"), shown=True, read_at=None).order_by().values("pk")
        bell = CountUpTo(unread[: BELL_MOST + 1])
        found = User.objects.select_related("desk_settings").annotate(unread_notices=bell)
        person = found.filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
