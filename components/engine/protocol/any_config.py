"""What a session is configured as: a conversation, or one that only writes down."""

from typing import TypeAlias

from .fields import Fields
from .session_config import SessionConfig
from .transcription_config import TranscriptionConfig

AnyConfig: TypeAlias = SessionConfig | TranscriptionConfig


def read_config(given: Fields) -> AnyConfig:
    """The configuration of a new session, of the type that the client asks for. Raises `RealtimeError`."""
    if given.choice('type', ('realtime', 'transcription')) == 'transcription':
        return TranscriptionConfig.created(given)
    return SessionConfig.created(given)
