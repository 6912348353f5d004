"""How utterances share the decoders, shown with decoders that understand what they are fed."""

import sys

import pytest

from components.engine.speech.frames import (
    Cancel,
    Forget,
    Guess,
    Guessed,
    Listen,
    Reply,
    Resume,
    Sound,
    Understand,
    Understood,
)
from components.engine.speech.recogniser import Hypothesis, Recogniser, open_recogniser
from components.engine.speech.stage import StageMissingError


class Words(Hypothesis):
    def __init__(self, text: str) -> None:
        self.hypstr = text


class EchoDecoder:
    """Understands ASCII. Its adaptation is all that it has ever heard since it was last set."""

    def __init__(self) -> None:
        self.cmn = 'none'
        self.heard = b''
        self.listens = False

    def start_utt(self) -> None:
        assert not self.listens
        self.heard, self.listens = b'', True

    def process_raw(self, pcm: bytes, /) -> None:
        assert self.listens
        self.heard += pcm

    def end_utt(self) -> None:
        assert self.listens
        self.listens = False
        self.cmn += f'+{self.heard.decode()[:10]}'

    def hyp(self) -> Words | None:
        return Words(self.heard.decode()) if self.heard else None

    def get_cmn(self, update: bool, /) -> str:
        return self.cmn

    def set_cmn(self, cmn: str, /) -> None:
        assert not self.listens
        self.cmn = cmn


class Office:
    """A recogniser, its decoders and its replies."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.decoders: list[EchoDecoder] = []
        self.recogniser = Recogniser(self.replies.append, make_decoder=self._new_decoder, ability='echo 1.0')

    def _new_decoder(self) -> EchoDecoder:
        self.decoders.append(EchoDecoder())
        return self.decoders[-1]

    def say(self, id: int, caller: str, *parts: bytes) -> None:
        self.recogniser.take(Listen(id, caller))
        for part in parts:
            self.recogniser.take(Sound(id, part))


def test_an_utterance_is_understood_when_it_is_over() -> None:
    office = Office()
    office.say(1, 'ann', b'good ', b'morning')
    assert office.replies == []
    office.recogniser.take(Understand(1))
    assert office.replies == [Understood(1, 'good morning')]


def test_what_was_said_up_to_a_pause_is_known_before_the_utterance_is_over() -> None:
    office = Office()
    office.say(1, 'ann', b'good')
    office.recogniser.take(Guess(1))
    assert office.replies == [Guessed(1, 'good')]
    assert not office.decoders[0].listens, 'its last pass is done'
    office.recogniser.take(Sound(1, b' (silence)'))
    office.recogniser.take(Understand(1))
    office.recogniser.take(Guess(1))
    assert office.replies == [Guessed(1, 'good'), Understood(1, 'good')]


def test_who_goes_on_after_a_pause_is_understood_as_if_nobody_had_guessed() -> None:
    office = Office()
    office.say(1, 'ann', b'very ', b'good')
    for part in (b' mor', b'ning'):
        office.recogniser.take(Guess(1))
        office.recogniser.take(Sound(1, part))
        office.recogniser.take(Resume(1))
    office.recogniser.take(Understand(1))
    assert office.replies[-1] == Understood(1, 'very good morning')
    assert office.decoders[0].cmn == 'none+very good ', 'nothing is learnt twice'


def test_a_long_utterance_is_guessed_without_ending_it() -> None:
    office = Office()
    office.say(1, 'ann', b'long' * 50_000)
    office.recogniser.take(Guess(1))
    assert office.decoders[0].listens, 'to hear it again would take too long'
    office.recogniser.take(Sound(1, b' and more'))
    office.recogniser.take(Resume(1))
    office.recogniser.take(Understand(1))
    assert office.replies == [Guessed(1, 'long' * 50_000), Understood(1, 'long' * 50_000 + ' and more')]


def test_in_a_guess_a_caller_may_go_and_a_speaker_may_wait() -> None:
    office = Office()
    office.say(1, 'ann', b'first')
    office.say(2, 'bob', b'second')
    office.say(3, 'cat', b'third')
    office.recogniser.take(Guess(3))
    office.recogniser.take(Resume(3))
    office.recogniser.take(Guess(1))
    office.recogniser.take(Cancel(1))
    office.recogniser.take(Understand(3))
    assert office.replies == [Guessed(3, ''), Guessed(1, 'first'), Understood(3, 'third')]


def test_silence_is_understood_as_no_words() -> None:
    office = Office()
    office.say(1, 'ann')
    office.recogniser.take(Understand(1))
    assert office.replies == [Understood(1, '')]


def test_the_third_speaker_waits_for_a_decoder_and_loses_nothing() -> None:
    office = Office()
    office.say(1, 'ann', b'first')
    office.say(2, 'bob', b'second')
    office.say(3, 'cat', b'thi', b'rd')
    office.recogniser.take(Understand(3))
    assert office.replies == []
    office.recogniser.take(Understand(2))
    assert office.replies == [Understood(2, 'second'), Understood(3, 'third')]
    assert len(office.decoders) == 2


def test_one_speaker_needs_one_decoder() -> None:
    office = Office()
    for id in range(5):
        office.say(id, 'ann', b'again')
        office.recogniser.take(Understand(id))
    assert len(office.decoders) == 1


def test_a_cancelled_utterance_frees_its_decoder_and_is_never_answered() -> None:
    office = Office()
    office.say(1, 'ann', b'first')
    office.say(2, 'bob', b'second')
    office.say(3, 'cat', b'third')
    office.recogniser.take(Understand(3))
    office.recogniser.take(Cancel(1))
    office.recogniser.take(Understand(1))
    assert office.replies == [Understood(3, 'third')]


def test_each_caller_keeps_their_own_adaptation() -> None:
    office = Office()
    for id, caller, words in ((1, 'ann', b'a1'), (2, 'bob', b'b1'), (3, 'ann', b'a2')):
        office.say(id, caller, words)
        office.recogniser.take(Understand(id))
    assert office.decoders[0].cmn == 'none+a1+a2'


def test_a_caller_who_has_gone_leaves_nothing_behind() -> None:
    office = Office()
    office.say(1, 'ann', b'a1')
    office.say(2, 'ann', b'a2')
    office.recogniser.take(Forget('ann'))
    office.recogniser.take(Sound(1, b'more'))
    office.say(3, 'ann', b'a3')
    office.recogniser.take(Understand(3))
    assert office.replies == [Understood(3, 'a3')]
    assert 'none+a3' in [decoder.cmn for decoder in office.decoders]


def test_a_long_utterance_is_understood_in_pieces() -> None:
    office = Office()
    second = b' ' * 32_000
    office.say(1, 'ann', b'begin ', *[second] * 20, b'middle ', *[second] * 20, b'end')
    assert len(office.decoders[0].heard) < 21 * 32_000
    office.recogniser.take(Understand(1))
    assert office.replies == [Understood(1, 'begin middle end')]


def test_without_pocketsphinx_there_is_a_sentence_about_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, 'pocketsphinx', None)
    with pytest.raises(StageMissingError, match='pocketsphinx is missing'):
        open_recogniser(lambda reply: None)
