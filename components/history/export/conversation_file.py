"""Conversations in Parley's own format, which can be imported again.

A file is JSON: `{"parley_conversations": 1, "conversations": [{"title": "…", "calls": […], "turns": […]}]}`. All times
are Unix seconds. The number is the version; it changes only when older programs could no longer read the files.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Annotated, Any, Literal
from zipfile import BadZipFile, ZipFile

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from components.call.items import IMAGE, Speaker
from components.conversation.transcript.call_mark import Begun
from components.conversation.transcript.turn import Status, Turn
from components.history.entries import CallEntry, ConversationEntry, StoredConversation

VERSION = 1
KEY = 'parley_conversations'
LARGEST_FILE = 64_000_000
"""Bytes of a file, also of all files in an archive together: some 100,000 turns, or 500 with pictures."""
MOST_TURNS = 100_000
"""Turns of one conversation."""
MOST_FILES = 10_000
"""Files in an archive."""

Problem = Literal['too_large', 'not_json', 'not_conversations', 'newer_version', 'empty', 'does_not_fit']


class UnreadableFile(Exception):
    """A file cannot be imported; `problem` has a text in `history.unreadable` of assets/languages.

    Args:
        problem: What is wrong.
        place: Where, such as `conversations.1.turns.3.speaker`; only if something does not fit.
    """

    def __init__(self, problem: Problem, place: str = '') -> None:
        super().__init__(problem, place)
        self.problem = problem
        self.place = place


def write(conversations: Iterable[StoredConversation]) -> str:
    """Return the text of a file."""
    records = [_record(conversation) for conversation in conversations]
    return json.dumps({KEY: VERSION, 'conversations': records}, ensure_ascii=False, indent=1)


def read(data: bytes) -> list[StoredConversation]:
    """Read a file, or an archive of files. The conversations have neither ids nor an owner.

    Raises:
        UnreadableFile: Something does not fit, so nothing is imported.
    """
    if len(data) > LARGEST_FILE:
        raise UnreadableFile('too_large')
    if data.startswith(b'PK'):
        found = [conversation for content in _unpacked(data) for conversation in _read(content)]
    else:
        found = _read(data)
    if not found:
        raise UnreadableFile('empty')
    return found


def _unpacked(data: bytes) -> Iterator[bytes]:
    """Return the JSON files of an archive. A small archive may expand to gigabytes, so sizes are checked on the way."""
    left = LARGEST_FILE
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if name.endswith('.json')]
            if len(names) > MOST_FILES:
                raise UnreadableFile('too_large')
            for name in names:
                with archive.open(name) as file:
                    content = file.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise UnreadableFile('too_large')
                yield content
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):  # damaged, odd or encrypted
        raise UnreadableFile('not_json') from None


def _read(data: bytes) -> list[StoredConversation]:
    try:
        content = json.loads(data.decode('utf-8-sig'))
    except (ValueError, RecursionError):
        raise UnreadableFile('not_json') from None
    if not isinstance(content, dict) or not isinstance(version := content.get(KEY), int) or version < 1:
        raise UnreadableFile('not_conversations')
    if version > VERSION:
        raise UnreadableFile('newer_version')
    try:
        records = _File.model_validate_json(json.dumps(content)).conversations  # JSON mode: enumerations are strings
    except (ValidationError, RecursionError) as error:
        places = error.errors() if isinstance(error, ValidationError) else []
        raise UnreadableFile('does_not_fit', _place(places[0]['loc']) if places else '') from None
    return [_conversation(record) for record in records]


def _place(location: tuple[int | str, ...]) -> str:
    """Return where something does not fit, with positions counted from 1."""
    return '.'.join(str(part + 1) if isinstance(part, int) else part for part in location)


def _is_shown(url: str) -> str:
    if not IMAGE.fullmatch(url):
        raise ValueError('not a picture')
    return url


def _is_text(text: str) -> str:
    if '\0' in text:  # PostgreSQL keeps no such texts
        raise ValueError('holds a null character')
    return text


Time = Annotated[float, Field(ge=0, le=253_402_300_799, allow_inf_nan=False)]
"""Unix seconds until the year 9999."""
Words = Annotated[str, Field(max_length=1_000_000), AfterValidator(_is_text)]
Name = Annotated[str, Field(max_length=500), AfterValidator(_is_text)]
Picture = Annotated[str, Field(max_length=20_000_000), AfterValidator(_is_shown)]
Count = Annotated[int, Field(ge=0, lt=2**31)]


class _Record(BaseModel):
    """Part of a file. Fields that are unknown here, perhaps of a later program, are ignored."""

    model_config = ConfigDict(strict=True, extra='ignore', frozen=True)


class _TurnRecord(_Record):
    item_id: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_is_text)]
    speaker: Speaker
    text: Words = ''
    status: Status = Status.DONE
    spoken: bool = False
    reason: Words | None = None
    response_id: Name | None = None
    call_id: Name | None = None
    tokens: Count | None = None
    audio_end_ms: Count | None = None
    heard: Count | None = None
    images: Annotated[list[Picture], Field(max_length=100)] = []
    started_at: Time | None = None
    ended_at: Time | None = None
    sound_started_at: Time | None = None
    sound_ended_at: Time | None = None
    call: Count = 0
    persona: Name = ''


class _CallRecord(_Record):
    number: Annotated[int, Field(ge=1, lt=2**31)]
    started_at: Time
    ended_at: Time | None = None
    begun: Begun = Begun.STARTED
    transport: Literal['', 'webrtc', 'relay'] = ''
    end_reason: Name | None = None
    provider: Name = ''
    model: Name = ''
    voice: Name = ''
    settings: Words | dict[str, Any] = ''
    usage: Annotated[dict[Name, Count], Field(max_length=100)] = {}


def _no_duplicates(values: list[Any], key: str) -> None:
    keys = [getattr(value, key) for value in values]
    if len(set(keys)) < len(keys):
        raise ValueError(f'{key} is not unique')


def _unique_turns(turns: list[_TurnRecord]) -> list[_TurnRecord]:
    _no_duplicates(turns, 'item_id')
    return turns


def _unique_calls(calls: list[_CallRecord]) -> list[_CallRecord]:
    _no_duplicates(calls, 'number')
    return calls


class _ConversationRecord(_Record):
    title: Name = ''
    titled_by_hand: bool = False
    persona: Name = ''
    started_at: Time
    updated_at: Time
    seconds: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] = 0.0
    calls: Annotated[list[_CallRecord], Field(max_length=MOST_TURNS), AfterValidator(_unique_calls)] = []
    turns: Annotated[list[_TurnRecord], Field(max_length=MOST_TURNS), AfterValidator(_unique_turns)]


class _File(_Record):
    conversations: list[_ConversationRecord]


def _record(conversation: StoredConversation) -> dict[str, Any]:
    entry = conversation.entry
    return {
        **{name: getattr(entry, name) for name in _ENTRY_FIELDS},
        'calls': [_call_record(call) for call in conversation.calls],
        'turns': [{name: getattr(turn, name) for name in _TurnRecord.model_fields} for turn in conversation.turns],
        'recordings': [{name: getattr(each, name) for name in _RECORDING_FIELDS} for each in conversation.recordings],
    }


def _call_record(call: CallEntry) -> dict[str, Any]:
    """Return a call as a file shows it: with the settings as an object, which is easier to read than its text."""
    record = {name: getattr(call, name) for name in _CallRecord.model_fields}
    with suppress(ValueError, RecursionError):
        settings = json.loads(call.settings)
        record['settings'] = settings if isinstance(settings, dict) else call.settings
    return record


def _call(record: _CallRecord) -> CallEntry:
    settings = record.settings
    text = settings if isinstance(settings, str) else json.dumps(settings, ensure_ascii=False)
    return CallEntry(**{**dict(record), 'settings': text})


def _conversation(record: _ConversationRecord) -> StoredConversation:
    fields = {name: getattr(record, name) for name in _ENTRY_FIELDS}
    return StoredConversation(
        ConversationEntry(id='', owner='', turns=len(record.turns), **fields),
        tuple(map(_call, record.calls)),
        tuple(_turn(turn) for turn in record.turns),
        tuple(float(place) for place in range(1, len(record.turns) + 1)),
    )


def _turn(record: _TurnRecord) -> Turn:
    fields = {**dict(record), 'images': tuple(record.images)}
    if record.heard is not None:
        fields['heard'] = min(record.heard, len(record.text))
    if record.status is Status.OPEN:  # it was taken out in the middle of a call, and nothing ends it any more
        fields |= {'status': Status.INTERRUPTED, 'reason': 'call_ended'}
    return Turn(**fields)


_ENTRY_FIELDS = ('title', 'titled_by_hand', 'persona', 'started_at', 'updated_at', 'seconds')
_RECORDING_FIELDS = ('call', 'started_at', 'seconds', 'media_type', 'bytes', 'finished')
"""The fields of a recording in a file. The sound itself is not in it, so an import has none."""
