"""What keeps Parley from being shared."""


class SharingError(Exception):
    """The message is for whoever started the program: a sentence, and what to do."""
