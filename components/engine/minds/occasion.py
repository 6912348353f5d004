"""The facts that an answer of the rules may depend on besides the newest words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random


@dataclass(frozen=True)
class Occasion:
    """The time, luck, and the conversation so far.

    `heard` is what the user said before, `said` what the assistant said. `sees_picture` says that the newest message
    holds an image.
    """

    now: datetime
    random: Random
    heard: Sequence[str] = ()
    said: Sequence[str] = ()
    has_instructions: bool = False
    sees_picture: bool = False


def vary(answers: Sequence[str], occasion: Occasion) -> str:
    """Return an answer that was not given yet, or else the one that was given longest ago."""

    def last_use(answer: str) -> int:
        """Return when it was said last. The end of an interrupted answer may be missing."""
        uses = [at for at, said in enumerate(occasion.said) if answer in said or (said and answer.startswith(said))]
        return max(uses, default=-1)

    return min(answers, key=last_use)
