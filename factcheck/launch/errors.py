"""One error for everything that stops a start: its text says what to do, and is all the person sees."""


class LaunchError(Exception):
    """The start cannot go on. The message says what is wrong and what to do about it."""
