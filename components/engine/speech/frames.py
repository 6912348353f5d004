"""The messages between the engine and its speech workers, and their form in a pipe.

A frame is a u32 header length, a u32 payload length (little endian), a JSON header and a payload of samples. The
header holds the message's name and its fields; samples (`pcm`) are the payload.
"""

import json
import struct
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Listen:
    """To the recogniser: an utterance begins, in this language if it is known (such as 'en' or 'pt-BR')."""

    id: int
    language: str | None = None


@dataclass(frozen=True)
class Sound:
    """To the recogniser: more of an utterance."""

    id: int
    pcm: bytes


@dataclass(frozen=True)
class Guess:
    """To the recogniser: there is a pause, tell what was said so far.

    What follows is taken for silence, unless `Resume` comes.
    """

    id: int


@dataclass(frozen=True)
class Resume:
    """To the recogniser: the utterance goes on after all, with the sound since the guess."""

    id: int


@dataclass(frozen=True)
class Understand:
    """To the recogniser: the utterance is over, tell what was said."""

    id: int


@dataclass(frozen=True)
class Speak:
    """To the synthesiser: say this. A `speed` of 1.0 is the voice's own.

    `language` is the one to expect (such as 'en' or 'pt-BR'), if known.
    """

    id: int
    text: str
    voice: str
    speed: float
    language: str | None = None


@dataclass(frozen=True)
class Cancel:
    """To the recogniser: nobody waits for the words of this utterance any more."""

    id: int


@dataclass(frozen=True)
class Loading:
    """From the recogniser, before `Ready`: what is going to work, and what it still waits for, in one sentence."""

    ability: str
    sentence: str


@dataclass(frozen=True)
class Ready:
    """From both, before any reply: what works here (as 'espeak-ng 1.52'), and what does not, in one sentence."""

    ability: str | None
    problem: str


@dataclass(frozen=True)
class Understood:
    """From the recogniser: the words of an utterance, '' when there were none."""

    id: int
    text: str


@dataclass(frozen=True)
class Guessed:
    """From the recogniser: the words so far."""

    id: int
    text: str


@dataclass(frozen=True)
class Speech:
    """From the synthesiser: more of the speech, at `rate` samples per second."""

    id: int
    pcm: bytes
    rate: int


@dataclass(frozen=True)
class Partial:
    """From the recogniser, while an utterance goes on: the words so far that will hardly change any more."""

    id: int
    text: str


@dataclass(frozen=True)
class Spoken:
    """From the synthesiser: all of the speech was sent."""

    id: int


@dataclass(frozen=True)
class Failed:
    """From both: this one will not be done. The problem is one sentence."""

    id: int
    problem: str


Request = Listen | Sound | Guess | Resume | Understand | Speak | Cancel
Reply = Loading | Ready | Partial | Guessed | Understood | Speech | Spoken | Failed
Message = Request | Reply


def encode(message: Message) -> bytes:
    """The message as a frame."""
    header = {field.name: getattr(message, field.name) for field in fields(message)}
    payload: bytes = header.pop('pcm', b'')
    text = json.dumps({'message': type(message).__name__, **header}).encode()
    return _LENGTHS.pack(len(text), len(payload)) + text + payload


class FrameReader:
    """Finds the messages in a stream of bytes that arrives in pieces of any size."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """Take the next bytes and return the messages that they complete."""
        self._bytes += data
        messages: list[Message] = []
        while len(self._bytes) >= _LENGTHS.size:
            header_length, payload_length = _LENGTHS.unpack_from(self._bytes)
            header_end = _LENGTHS.size + header_length
            end = header_end + payload_length
            if len(self._bytes) < end:
                break
            messages.append(_decode(bytes(self._bytes[_LENGTHS.size : header_end]), bytes(self._bytes[header_end:end])))
            del self._bytes[:end]
        return messages


def _decode(header: bytes, payload: bytes) -> Message:
    values = json.loads(header)
    kind = _KINDS[values.pop('message')]
    message: Message = kind(**values, pcm=payload) if kind in (Sound, Speech) else kind(**values)
    return message


_LENGTHS = struct.Struct('<II')
_KINDS = {
    kind.__name__: kind
    for kind in (
        *(Listen, Sound, Guess, Resume, Understand, Speak, Cancel),
        *(Loading, Ready, Partial, Guessed, Understood, Speech, Spoken, Failed),
    )
}
