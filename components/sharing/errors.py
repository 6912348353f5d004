"""Why Parley can't be shared."""

from typing import Literal

Problem = Literal['no_network', 'port', 'clock', 'folder', 'certificate', 'other']


class SharingError(Exception):
    """Sharing is impossible as requested. The message says to the host what is wrong and what to do.

    Args:
        message: What to say where Parley was started, and the page's details.
        problem: A key of `sharing.problems` in assets/languages; the page says that.
    """

    def __init__(self, message: str, problem: Problem = 'other') -> None:
        super().__init__(message)
        self.problem = problem
