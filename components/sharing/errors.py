"""Why Parley can't be shared."""


class SharingError(Exception):
    """Sharing is impossible as requested. The message says to the host what is wrong and what to do."""
