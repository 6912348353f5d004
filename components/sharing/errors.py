"""Why Parley can't be shared."""


class SharingError(Exception):
    """Sharing is impossible as asked. The message is for the host: what is wrong, and what to do."""
