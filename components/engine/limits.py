"""The limits of an engine."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How many calls an engine takes at once, how long each of them may take, and how long it waits for the next.

    Attributes:
        calls: Calls at once. By default as many as two cores carry with a margin (engine measurements).
        connect_seconds: Time for a browser to connect. By default as long as Chromium tries.
        session_seconds: Longest duration of a call. By default as in OpenAI's API, 60 minutes.
        idle_seconds: How long an engine that nobody uses keeps its thread and its speech workers.
    """

    calls: int = 8
    connect_seconds: float = 15.0
    session_seconds: float = 3600.0
    idle_seconds: float = 600.0
