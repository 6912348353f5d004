"""The state of a conversation: the drafts of its turns, their order, and its responses."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from components.call.items import Item, Speaker

from .draft import Draft
from .ordering import Ordering
from .pace import Pace
from .turn import Status, Turn


class Ignored(Exception):
    """An event changes nothing: it is late, or about something that is not shown."""


@dataclass
class Response:
    """One answer of the model, which may consist of several items."""

    done: bool = False
    sound_began: bool = False
    began_at: float | None = None
    """When its sound began."""
    first: str | None = None
    """Its first message, whose words the sound begins with."""
    played: bool = False
    """Whether all its sound was played, so that nothing of it can be interrupted any more."""
    silenced: bool = False
    """Whether the rest of its sound was dropped."""
    out_of_band: bool = False
    """Whether it may be no part of the conversation. If so, its items are never added."""

    @property
    def sounding(self) -> bool:
        """Whether it can be heard now."""
        return self.sound_began and not (self.played or self.silenced)


class Conversation:
    """The state behind a transcript. Only the handlers of events change it."""

    def __init__(self) -> None:
        self.drafts: dict[str, Draft] = {}
        self.order = Ordering()
        self.transcribes = True
        """Whether the service transcribes the user's speech; true until the session says otherwise."""
        self.silence_ms = 0
        """Milliseconds of silence by which the service recognises the end of the user's turn."""
        self.pace = Pace()
        self.now: float | None = None
        """The time of the current event, if the caller gives one."""
        self.call = 0
        """The number of the call that new turns belong to."""
        self.persona = ''
        """The name of the persona that gives new answers."""
        self.seeded: dict[str, str] = {}
        """Turns of earlier calls by the ids that their copies have in this one: the transcript knows more about them
        than the service."""
        self.told_until: dict[str, str] = {}
        """The latest turn, by the id of the last copy: not all turns before it need have copies."""
        self._responses: dict[str, Response] = {}
        self._hidden: set[str] = set()  # items that are no turns: deleted ones, and silences
        self._withdrawn: set[str] = set()  # speech that was cleared before it was committed

    @property
    def dropped(self) -> set[str]:
        """The items that turned out to be no turns."""
        return self._hidden | self._withdrawn | {item_id for item_id, draft in self.drafts.items() if draft.is_empty}

    def ids(self) -> Iterator[str]:
        """Yield the items that have drafts, in order. Speech that is still being heard comes last."""
        yield from (item_id for item_id in self.order.ids() if item_id in self.drafts)
        yield from (item_id for item_id in self.drafts if item_id not in self.order)

    def draft(self, item_id: str, speaker: Speaker) -> Draft:
        """Return the draft of an item, a new one if necessary. Raises `Ignored` for an item that is not shown."""
        if item_id in self._hidden or item_id in self._withdrawn:
            raise Ignored('not a turn')
        if item_id not in self.drafts:
            self.drafts[item_id] = Draft(item_id, speaker, call=self.call, persona=self.persona)
        return self.drafts[item_id]

    def restore(self, turn: Turn) -> None:
        """Add a turn that was stored behind all others."""
        self.drafts[turn.item_id] = Draft.of(turn)
        self.order.place(turn.item_id)
        self.call = max(self.call, turn.call)

    def known(self, item_id: str) -> Draft:
        """Return the draft of a known item. Raises `Ignored` for others."""
        item_id = self.seeded.get(item_id, item_id)
        if item_id not in self.drafts:
            raise Ignored('unknown item')
        return self.drafts[item_id]

    def answer(self, response_id: str | None, item_id: str, speaker: Speaker) -> Draft:
        """Return the draft of an item of a response. Raises `Ignored` if the response can have no new items."""
        response = self.response(response_id) if response_id else Response()
        if item_id not in self.drafts and (response.done or response.out_of_band):
            raise Ignored('not part of the conversation')
        draft = self.draft(item_id, speaker)
        if item_id not in self.order:
            self.order.place(item_id)
        draft.response_id = response_id or draft.response_id
        if response.first is None and speaker is Speaker.ASSISTANT:
            response.first = item_id
            draft.sound_started_at = draft.sound_started_at or response.began_at
        return draft

    def response(self, response_id: str) -> Response:
        """Return the state of a response."""
        return self._responses.setdefault(response_id, Response())

    def answers(self, response_id: str) -> list[Draft]:
        """Return the drafts of a response, in the order of the conversation."""
        drafts = map(self.drafts.__getitem__, self.ids())
        return [draft for draft in drafts if draft.response_id == response_id]

    def is_sounding(self, draft: Draft) -> bool:
        """Return whether a draft is part of an answer that can be heard now."""
        return draft.spoken and bool(draft.response_id and self.response(draft.response_id).sounding)

    def place(self, item_id: str, speaker: Speaker, previous: str | None) -> Draft:
        """Put an item behind another one, and return its draft. Raises `Ignored` for an item that is not shown."""
        self._withdrawn.discard(item_id)
        self.order.place(item_id, self._original(previous) if previous else None)
        return self.draft(item_id, speaker)

    def _original(self, item_id: str) -> str:
        """Return the turn behind which a new item stands that the service puts behind this item."""
        return self.told_until.get(item_id) or self.seeded.get(item_id, item_id)

    def absorb(self, draft: Draft, item: Item) -> None:
        """Let a draft adopt the facts of its item. Speech then awaits its words if the session transcribes."""
        draft.absorb(item)
        if item.spoken and item.speaker is Speaker.USER:
            draft.expect_words(self.transcribes)

    def withdraw(self, item_ids: Iterable[str]) -> None:
        """Drop speech that was not committed, unless it is committed after all."""
        for item_id in item_ids:
            del self.drafts[item_id]
            self._withdrawn.add(item_id)

    def hide(self, item_id: str) -> None:
        """Drop an item for good, but keep its place: others stand behind it."""
        self.drafts.pop(item_id, None)
        self._hidden.add(item_id)

    def end_call(self, at: float | None = None) -> list[str]:
        """Close all open drafts, and drop speech without words that is not committed. Return the items concerned.

        Answers that sound at this time are cut off here, like those that the user interrupts.
        """
        open_drafts = [draft for draft in self.drafts.values() if draft.status is Status.OPEN]
        self.withdraw(draft.item_id for draft in open_drafts if draft.is_tentative and not draft.text)
        for draft in open_drafts:
            draft.end_call()
            if draft.item_id in self.drafts and draft.item_id not in self.order:
                self.order.place(draft.item_id)
        sounding = [draft for draft in self.drafts.values() if self.is_sounding(draft)]
        for response_id, response in self._responses.items():
            if response.sounding and response.began_at is not None and at is not None:
                answers = self.answers(response_id)
                self.end_sound(answers, at)
                self._cut_off(answers, 1000 * (at - response.began_at))
            response.silenced = True
        self.pace = Pace()  # the next call may have another voice
        return list({draft.item_id: None for draft in [*open_drafts, *sounding]})

    @staticmethod
    def end_sound(answers: Iterable[Draft], at: float | None) -> None:
        """Note that the sound of an answer ended at this time: that of its last words."""
        if spoken := [draft for draft in answers if draft.spoken]:
            spoken[-1].sound_ended_at = at

    def _cut_off(self, answers: Iterable[Draft], ms: float) -> None:
        """End the drafts of an answer whose sound ended after this time: those before were heard, those after not."""
        for draft in answers:
            if draft.spoken and draft.text:
                length = self.pace.ms_of(draft.text)
                if ms < length:
                    draft.cut_off(max(0, round(ms)), self.pace)
                    draft.end_early(Status.INTERRUPTED, 'call_ended')
                ms -= length


Touched = Iterable[str]
"""Ids of the items that an event may have changed."""
Handlers = Mapping[type, Callable[[Conversation, Any], Touched]]
"""The handler of each type of event. It may raise `Ignored` as long as it has changed nothing that is shown."""
