"""The catalogues of the providers in assets/models.json."""

from datetime import date

from components.settings.catalogue import CATALOGUES, Language, Model
from components.words.language import ENGLISH

VOICES = {'alloy', 'ash', 'ballad', 'cedar', 'coral', 'echo', 'marin', 'sage', 'shimmer', 'verse'}


def test_openai() -> None:
    openai = CATALOGUES['openai']
    assert next(iter(openai.models)) == 'gpt-realtime-2.1-mini'
    assert next(iter(openai.transcription_models)) == 'gpt-realtime-whisper'
    assert next(iter(openai.languages)) == ''
    assert set(openai.voices) == VOICES


def test_the_engine() -> None:
    engine = CATALOGUES['engine']
    assert list(engine.models) == ['rehearsal-1']
    assert list(engine.transcription_models) == ['built-in']
    assert list(engine.languages) == ['en']
    assert set(engine.voices) == VOICES


def test_the_label_of_a_voice_tells_how_it_sounds_here() -> None:
    engine = CATALOGUES['engine'].with_voice_kinds({'marin': 'natural', 'alloy': 'simple'})
    assert engine.voices['marin'].label(ENGLISH.text) == 'marin · natural · light'
    assert engine.voices['alloy'].label(ENGLISH.text) == 'alloy · simple · even'
    assert engine.voices['ash'].label(ENGLISH.text) == 'ash · dark'
    assert CATALOGUES['openai'].voices['marin'].label(ENGLISH.text) == 'marin · natural'


def test_the_label_of_a_model_includes_its_shutdown_date() -> None:
    assert CATALOGUES['openai'].models['gpt-realtime'].shutdown == date(2027, 1, 20)
    assert (
        CATALOGUES['openai'].models['gpt-realtime'].label(ENGLISH.text)
        == 'gpt-realtime · first generation · until 20 Jan 2027'
    )
    assert Model('gpt-realtime-9').label(ENGLISH.text) == 'gpt-realtime-9'


def test_the_label_of_a_language_begins_with_its_own_name() -> None:
    assert Language('ja', 'Japanese', '日本語').label(ENGLISH.text) == '日本語 · Japanese'
    assert Language('en', 'English', 'English').label(ENGLISH.text) == 'English'
