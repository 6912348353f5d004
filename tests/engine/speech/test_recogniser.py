"""How utterances share the recogniser, shown with a model that understands what it is fed."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from components.engine.speech import main
from components.engine.speech.frames import (
    Cancel,
    Guess,
    Guessed,
    Listen,
    Partial,
    Reply,
    Resume,
    Sound,
    Understand,
    Understood,
)
from components.engine.speech.missing import missing_stages, moonshine_weights
from components.engine.speech.recogniser import Recogniser, open_recogniser
from components.engine.speech.running_transcript import Samples
from components.engine.speech.stage import StageMissingError


class EchoModel:
    """Understands the sound as one letter for each sample."""

    def __init__(self) -> None:
        self.runs = 0

    def tokens(self, samples: Samples, draft: Sequence[int] = ()) -> list[int]:
        self.runs += 1
        return [round(sample * 32_768) for sample in samples]

    def text(self, tokens: Sequence[int]) -> str:
        return ''.join(map(chr, tokens))


class Office:
    """A recogniser, its model and its replies."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.model = EchoModel()
        self.recogniser = Recogniser(self.replies.append, model=self.model, ability='echo 1.0')

    def say(self, id: int, *parts: str) -> None:
        self.recogniser.take(Listen(id))
        for part in parts:
            self.hear(id, part)

    def hear(self, id: int, words: str) -> None:
        self.recogniser.take(Sound(id, words.encode('utf-16-le')))


def test_an_utterance_is_understood_when_it_is_over() -> None:
    office = Office()
    office.say(1, 'good ', 'morning')
    assert office.replies == []
    office.recogniser.take(Understand(1))
    assert office.replies == [Understood(1, 'good morning')]


def test_the_words_up_to_a_pause_are_known_before_the_utterance_is_over() -> None:
    office = Office()
    office.say(1, 'good')
    office.recogniser.take(Guess(1))
    assert office.replies == [Guessed(1, 'good')]
    office.hear(1, ' (silence)')
    office.recogniser.take(Understand(1))
    assert office.replies == [Guessed(1, 'good'), Understood(1, 'good')]
    assert office.model.runs == 1, 'nothing is left to do at the end'


def test_an_utterance_that_goes_on_after_a_pause_is_understood_as_if_nobody_had_guessed() -> None:
    office = Office()
    office.say(1, 'very ', 'good')
    for part in (' mor', 'ning'):
        office.recogniser.take(Guess(1))
        office.hear(1, part)
        office.recogniser.take(Resume(1))
    office.recogniser.take(Understand(1))
    assert office.replies[-1] == Understood(1, 'very good morning')


def test_silence_is_understood_as_no_words() -> None:
    office = Office()
    office.say(1)
    office.recogniser.take(Understand(1))
    assert office.replies == [Understood(1, '')]
    assert office.model.runs == 0


def test_several_speakers_are_heard_at_the_same_time() -> None:
    office = Office()
    for id, words in ((1, 'first'), (2, 'second'), (3, 'thi')):
        office.say(id, words)
    office.hear(3, 'rd')
    for id in (3, 1, 2):
        office.recogniser.take(Understand(id))
    assert office.replies == [Understood(3, 'third'), Understood(1, 'first'), Understood(2, 'second')]


def test_a_long_utterance_is_recognised_while_it_goes_on() -> None:
    office = Office()
    office.say(1, 'a')
    office.recogniser.catch_up()
    assert office.model.runs == 0, 'too little has come'
    office.say(2, 'b' * 20_000)
    office.say(3, 'c' * 30_000)
    for _ in range(3):
        office.recogniser.catch_up()
    assert office.model.runs == 2
    office.recogniser.take(Guess(2))
    office.recogniser.take(Guess(3))
    assert office.model.runs == 2, 'nothing new has come'
    office.hear(3, ' ' * 30_000)
    office.recogniser.catch_up()
    assert office.model.runs == 2, 'after a guess only silence is expected'


def test_words_that_hardly_change_are_reported_while_the_utterance_goes_on() -> None:
    office = Office()
    office.say(1, 'one two three four five '.ljust(20_000))
    office.recogniser.catch_up()
    assert office.replies == [], 'each word has been heard only once'
    office.hear(1, 'six'.ljust(10_000))
    office.recogniser.catch_up()
    assert office.replies == [Partial(1, 'one two three')]
    office.hear(1, ' ' * 10_000)
    office.recogniser.catch_up()
    office.recogniser.take(Understand(1))
    assert office.replies[1:] == [Partial(1, 'one two three four'), Understood(1, 'one two three four five six')]


def test_a_cancelled_utterance_is_never_answered() -> None:
    office = Office()
    office.say(1, 'first')
    office.say(2, 'second')
    office.recogniser.take(Cancel(1))
    for id in (1, 2):
        office.recogniser.take(Understand(id))
    assert office.replies == [Understood(2, 'second')]


def test_the_weights_are_found_without_importing_their_package() -> None:
    weights = moonshine_weights()
    assert weights
    assert (weights / 'encoder_model.ort').is_file()
    assert 'moonshine_voice' not in sys.modules
    assert missing_stages(['moonshine']) == {}


def test_a_package_without_weights_is_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / 'moonshine_voice').mkdir()
    (tmp_path / 'moonshine_voice' / '__init__.py').touch()
    monkeypatch.syspath_prepend(tmp_path)
    assert moonshine_weights() is None
    assert 'moonshine-voice 0.0.73' in missing_stages(['moonshine'])['moonshine']
    with pytest.raises(StageMissingError, match=r'moonshine-voice 0\.0\.73'):
        open_recogniser(lambda reply: None)


def test_without_onnxruntime_there_is_a_sentence_about_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ('recogniser', 'moonshine'):
        monkeypatch.delitem(sys.modules, f'components.engine.speech.{module}')
    monkeypatch.setitem(sys.modules, 'onnxruntime', None)
    with pytest.raises(StageMissingError, match='onnxruntime is missing'):
        main._open(lambda reply: None, 'recogniser')
