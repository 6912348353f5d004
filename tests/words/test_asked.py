"""All texts that the program uses exist, and all existing texts are used."""

import re
from typing import get_args

import pytest

from components.call.failure import CODES
from components.engine.speech.synthesis.voices import Kind
from components.settings import settings
from components.settings.catalogue import CATALOGUES, Effort
from components.settings.personas.personas import BUILT_IN
from components.words.language import ENGLISH

from . import keys

ALL = dict(keys.flat(ENGLISH.words))


def test_all_texts_used_by_python_exist() -> None:
    assert keys.asked()
    assert [pattern for pattern in keys.asked() if not any(re.fullmatch(pattern, key) for key in ALL)] == []


def test_all_texts_used_by_the_browser_exist() -> None:
    there = [f'.{key}.' for key in ALL]
    assert keys.browser_paths()
    assert [path for path in keys.browser_paths() if not any(f'.{path}.' in key for key in there)] == []


def test_all_texts_are_used() -> None:
    asked = re.compile('|'.join(sorted(keys.asked())))
    names, sections = keys.browser_names(), tuple(f'{name}.' for name in sections_of_the_browser())

    def by_browser(key: str) -> bool:
        whole = key.startswith('joining.steps.')  # the joining page goes through all of them
        return whole or (key.startswith(sections) and names.issuperset(key.split('.')[1:]))

    assert [key for key in ALL if key != 'name' and not asked.fullmatch(key) and not by_browser(key)] == []


def sections_of_the_browser() -> set[str]:
    sections = keys.sections()
    assert {'call', 'failures', 'message_box', 'event_log'} <= sections
    return sections


def test_every_failure_can_happen() -> None:
    sources = ' '.join([*keys.browser_sources(), *keys.python_sources()])
    assert [code for code in CODES if code not in sources and not re.fullmatch(r'http_\dxx|http_4\d\d', code)] == []


def test_the_catalogue_is_described_word_by_word() -> None:
    catalogue = ENGLISH.section('catalogue')
    offers = CATALOGUES.values()
    models = [model for offer in offers for model in (*offer.models.values(), *offer.transcription_models.values())]
    notes = {model.note for model in models} - {''}
    assert set(catalogue['notes']) == notes | {'nobody'}  # of providers that only the environment knows
    characters = {voice.character for offer in offers for voice in offer.voices.values()}
    assert set(catalogue['characters']) == characters | {'of_provider'}
    assert set(catalogue['voice_kinds']) == set(get_args(Kind))
    assert set(catalogue['languages']) == {code for offer in offers for code in offer.languages if code}


def test_parleys_own_personas_have_names() -> None:
    assert set(ENGLISH.section('personas')) == set(BUILT_IN)


@pytest.mark.parametrize(
    ('field', 'values'),
    [
        ('reasoning', get_args(Effort)),
        ('output', get_args(settings.Output)),
        ('answer_length', get_args(settings.AnswerLength)),
        ('turn_detection', get_args(settings.TurnDetection)),
        ('eagerness', get_args(settings.Eagerness)),
        ('noise_reduction', get_args(settings.NoiseReduction)),
    ],
)
def test_every_option_has_a_text(field: str, values: tuple[str, ...]) -> None:
    assert set(ENGLISH.section('settings')[field]['options']) == set(values)
