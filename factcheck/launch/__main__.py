"""What the Makefile calls: `python -m factcheck.launch run --port 8000` and `… test`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

from factcheck.launch import ports, suite
from factcheck.launch import run as desk
from factcheck.launch.errors import LaunchError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Run one of the two commands; what stops it is one sentence on standard error and exit status 1."""
    parser = argparse.ArgumentParser(prog="factcheck.launch", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run").add_argument("--port", default="8000")
    commands.add_parser("test").add_argument("--only", action="append", default=[], metavar="PART")
    options = parser.parse_args(arguments)
    try:
        if options.command == "run":
            return desk.run(ports.parse(options.port))
        return suite.run(options.only)
    except (LaunchError, ImproperlyConfigured) as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
