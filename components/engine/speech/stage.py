"""The interface between a speech worker and its stage."""

from collections.abc import Callable
from typing import Protocol

from .frames import Message, Reply

Send = Callable[[Reply], None]


class Stage(Protocol):
    """The work of one speech worker. A stage is made with a `Send` for its replies."""

    ability: str  # the packages that do the work, with their versions
    problem: str  # what does not work, in one sentence; '' if everything does

    def take(self, request: Message) -> None:
        """Do what is asked. Nothing else is read or done meanwhile."""
        ...

    def catch_up(self) -> None:
        """Do a little work that can wait. Called when all requests are done."""
        ...


class StageMissingError(Exception):
    """A stage cannot work on this machine; the message says why and what to do, in one sentence."""
