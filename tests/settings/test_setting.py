"""A setting is declared once, and everything that handles settings knows it."""

import json
from dataclasses import dataclass, replace
from typing import Literal

import pytest
from nicegui import ElementFilter, ui
from nicegui.testing import User, UserInteraction

from components.call.server_events import ErrorOccurred, ServiceError
from components.settings.agreement import Agreement
from components.settings.panel import SettingsPanel
from components.settings.personas.personas import Personas
from components.settings.session import session
from components.settings.setting import setting
from components.settings.settings import Settings
from components.words.language import ENGLISH
from components.words.page import declare_language

from .test_panel import OPENAI
from .unfolding import unfold

pytestmark = pytest.mark.nicegui_main_file('')

Mood = Literal['calm', 'merry']


@dataclass(frozen=True)
class MoodySettings(Settings):
    """The settings with one more."""

    mood: Mood = setting(
        'calm', section='answers', applies='next_answer', wire={'audio.output.mood': lambda s: getattr(s, 'mood', '')}
    )


MOOD_TEXTS = {'label': 'Mood', 'help': 'How cheerful the AI is.', 'options': {'calm': 'Calm', 'merry': 'Merry'}}


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGLISH.words, 'settings', {**ENGLISH.section('settings'), 'mood': MOOD_TEXTS})


def test_a_new_setting_is_stored_and_a_bad_value_affects_no_other() -> None:
    merry = MoodySettings(mood='merry', voice='ash')
    assert MoodySettings.from_storage(json.loads(json.dumps(merry.to_storage()))) == merry
    assert MoodySettings.from_storage({**merry.to_storage(), 'mood': 'furious'}) == MoodySettings(voice='ash')
    assert Settings.from_storage(merry.to_storage()) == Settings(voice='ash')  # an older version does not know it


def test_a_new_setting_is_sent_to_the_service_which_may_refuse_it() -> None:
    calm = MoodySettings()
    merry = replace(calm, mood='merry')
    agreement = Agreement(calm, session)
    update = agreement.ask(merry)
    assert update
    assert update['session'] == {'type': 'realtime', 'audio': {'output': {'mood': 'merry'}}}
    error = ServiceError('invalid_value', 'No moods.', update['event_id'], 'session.audio.output.mood')
    refused = agreement.hear(ErrorOccurred(error))
    assert refused
    assert refused.undone(merry) == calm


async def test_a_new_setting_has_a_control_on_the_panel(user: User) -> None:
    changes: list[Settings] = []

    @ui.page('/')
    def page() -> None:
        declare_language('en-US')
        SettingsPanel(MoodySettings(), [OPENAI], Personas(), changes.append)
        unfold(ui.context.client)

    await user.open('/')
    with user:
        (mood,) = (each for each in ElementFilter(kind=ui.select) if each.props.get('data-testid') == 'settings-mood')
    UserInteraction(user, {mood}, None).click()
    UserInteraction(user, {mood}, 'Merry').click()
    await user.should_see('How cheerful the AI is.')
    assert changes == [MoodySettings(mood='merry')]


@pytest.mark.parametrize(
    ('name', 'good', 'bad'),
    [
        ('speed', [0.25, 1, 1.5], [0.2, 1.6, True, '1', float('nan'), None]),
        ('silence_ms', [200, 3000], [199, 3001, 500.5, True, [500]]),
        ('idle_timeout_s', [0, 5, 30], [4, 31, False, 'never']),
        ('output', ['voice', 'text'], ['', 'Voice', 1, ['voice'], {}]),
        ('greets', [True, False], [0, 1, 'yes', None]),
        ('instructions', ['', 'Only rhyme.'], [None, 7, ['Only rhyme.']]),
        ('provider', ['openai', 'engine'], [None, [], 7]),
    ],
)
def test_only_valid_values_are_accepted_from_storage(name: str, good: list[object], bad: list[object]) -> None:
    row = Settings.table()[name]
    assert [row.accepts(value) for value in good] == [True] * len(good)
    assert [row.accepts(value) for value in bad] == [False] * len(bad)
