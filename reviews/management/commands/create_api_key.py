"""`manage.py create_api_key NAME --person USERNAME --scope read`: a key for a program, shown this once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.utils import timezone

from factcheck.core.authentication import SCOPES
from factcheck.core.commands import FactcheckCommand
from factcheck.core.errors import NotFound
from reviews.services.desk import key_issue

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(FactcheckCommand):
    help = "Make an API key. The key may do what its person may do, within its scopes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what it is for, as the list of keys shows it")
        parser.add_argument("--person", required=True, metavar="USERNAME", help="whose rights it has")
        parser.add_argument("--scope", required=True, nargs="+", action="extend", choices=SCOPES, dest="scopes")
        parser.add_argument("--days", type=int, help="how many days it is valid; for ever without this")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["person"], is_active=True).first()
        if person is None:
            raise NotFound("not_found", what=f"active person named {options['person']}")
        expires = timezone.now() + timedelta(days=options["days"]) if options["days"] else None
        made = key_issue(
            name=options["name"], person=person, scopes=sorted(set(options["scopes"])), actor=None, expires_at=expires
        )
        self.stderr.write("The key is shown this once; only its fingerprint is kept.")
        self.stdout.write(made.token)
