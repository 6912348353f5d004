"""Parley's page as a test sees it: what a person reads, presses and hears."""

import json
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from playwright.async_api import Error, Locator, Page, expect

from components.settings.settings import Settings
from components.words.language import ENGLISH

State = Literal['idle', 'preparing', 'connecting', 'live', 'recovering', 'ended', 'failed']
Speaker = Literal['user', 'assistant', 'system', 'tool']
Status = Literal['open', 'done', 'interrupted', 'failed']

WAIT = 20.0  # seconds; generous, because a shared machine may be slow

# Measures the remote voice where it is played: every 20 ms the loudness of the last 43 ms, by every fourth sample.
EAR = """
    window.ear = { loudness: [] };
    addEventListener("DOMContentLoaded", () => {
        const samples = new Float32Array(2048);
        let context, analyser, stream;
        const played = () => document.getElementById("remote-voice")?.srcObject;
        const listenTo = (voice) => {
            stream = voice;
            context ??= new AudioContext({ sampleRate: 48000 }); // not before: an idle one takes processor time
            context.resume().catch(() => {}); // where a test refuses it, this context runs already
            analyser = new AnalyserNode(context, { fftSize: samples.length });
            context.createMediaStreamSource(stream).connect(analyser);
        };
        const loudness = () => {
            if (!stream.active || played() !== stream) return context.suspend(), 0;
            analyser.getFloatTimeDomainData(samples);
            let sum = 0;
            for (let index = 0; index < samples.length; index += 4) sum += samples[index] ** 2;
            return Math.sqrt((4 * sum) / samples.length);
        };
        setInterval(() => {
            const voice = played();
            if (voice && voice !== stream && voice.getAudioTracks().length) listenTo(voice);
            if (stream) ear.loudness.push([performance.now(), loudness()]);
        }, 20);
    });
"""


@dataclass(frozen=True)
class ShownTurn:
    speaker: str
    status: str
    text: str
    item_id: str


@dataclass(frozen=True)
class ShownRung:
    rung: str
    state: str
    text: str


class ParleyPage:
    """Drives the page by its stable hooks. The page must have been made with `init_script=EAR` to be heard."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.call_button = page.get_by_test_id('call-button')
        self.status_line = page.get_by_test_id('status-line')
        self.event_log = page.get_by_test_id('event-log')

    async def open(self) -> 'ParleyPage':
        """Open (or reload) the page and wait until it is connected to Python."""
        await self.page.goto(fresh(self.url))
        await self.page.wait_for_function('window.did_handshake')
        await self.call_button.wait_for()
        return self

    async def press_call(self) -> None:
        """Press the big round button: it calls, or hangs up."""
        await self.call_button.click()

    async def call(self) -> None:
        """Press the button and wait until the call is live."""
        await self.press_call()
        await self.wait_state('live')

    async def hang_up(self) -> None:
        """Press the button and wait until the call is over."""
        await self.press_call()
        await self.wait_state('ended')

    async def setting(self, name: str) -> Locator:
        """Find a control of the settings by its test id, and unfold what it is folded in.

        In a call, waits until Python has added the words that say when a change applies: they move the controls, and a
        click on a control that moves goes elsewhere.
        """
        if await self.state() == 'live':
            await self.page.locator('.settings--live').wait_for(state='attached')
        return await find_setting(self.page, name)

    async def choose(self, name: str, option: str) -> None:
        """Choose from a dropdown of the settings, and wait until it shows the choice."""
        control = await self.setting(name)
        await choose(control, option)
        await expect(control).to_contain_text(option)

    async def choose_transport(self, transport: Literal['auto', 'webrtc', 'relay']) -> None:
        """Choose in the settings how sound travels from the next call on."""
        await self.choose('transport', ENGLISH.text(f'settings.transport.options.{transport}'))

    async def state(self) -> str:
        return await self.call_button.get_attribute('data-state') or ''

    async def wait_state(self, state: State, *, within: float = WAIT) -> None:
        """Wait until the call is in this state; `within` is in seconds."""
        try:
            await expect(self.call_button).to_have_attribute('data-state', state, timeout=within * 1000)
        except AssertionError:
            raise AssertionError(f'The call did not become {state}. {await self._describe()}') from None

    async def wait_turn(
        self,
        speaker: Speaker,
        *,
        containing: str = '',
        status: Status | None = None,
        within: float = WAIT,
    ) -> ShownTurn:
        """Wait for a turn of this speaker with these words (in any case) and this status, and return the first."""
        selector = f'[data-testid=turn][data-speaker={speaker}]' + (f'[data-status={status}]' if status else '')
        turn = self.page.locator(selector).filter(has_text=containing).first
        try:
            await turn.wait_for(state='attached', timeout=within * 1000)
        except Error:
            wanted = f'{status or ""} turn of the {speaker}'.strip()
            raise AssertionError(f'No {wanted} with {containing!r} was shown. {await self._describe()}') from None
        return await _read_turn(turn)

    async def turns(self) -> list[ShownTurn]:
        """Read the conversation, from top to bottom."""
        return [await _read_turn(turn) for turn in await self.page.get_by_test_id('turn').all()]

    async def wait_conversation(self, said: Sequence[tuple[str, str]]) -> None:
        """Wait until the whole conversation is shown: the speaker and the words of each turn, from top to bottom."""
        await expect(self.page.get_by_test_id('turn')).to_have_count(len(said))
        assert [(turn.speaker, turn.text) for turn in await self.turns()] == [*said]

    async def rungs(self) -> list[ShownRung]:
        """Read the ladder."""
        return [
            ShownRung(
                rung=await rung.get_attribute('data-rung') or '',
                state=await rung.get_attribute('data-state') or '',
                text=' '.join(filter(None, await rung.locator('[class*=rung__]:not(.rung__icon)').all_text_contents())),
            )
            for rung in await self.page.get_by_test_id('ladder-rung').all()
        ]

    async def events(self) -> list[str]:
        """Read the types of all events in the log, both directions, oldest first."""
        rows = await self.page.get_by_test_id('event-row').all()
        return [await row.get_attribute('data-type') or '' for row in rows]

    async def remote_voice_energy(self, *, last: float | None = None) -> float:
        """Tell how loud the remote voice was at its loudest: the root mean square, 0 to 1.

        `last` looks only at so many seconds before now. Silence is below 0.001, speech well above 0.01.
        """
        return float(
            await self.page.evaluate(
                """(last) => ear.loudness
                    .filter(([at]) => last === null || at >= performance.now() - last * 1000)
                    .reduce((most, [, rms]) => Math.max(most, rms), 0)""",
                last,
            )
        )

    async def wait_voice(self, *, above: float = 0.01, within: float = WAIT) -> None:
        """Wait until the remote voice is heard."""
        await self.page.wait_for_function(
            '(above) => ear.loudness.some(([, rms]) => rms > above)', arg=above, timeout=within * 1000
        )

    async def wait_silence(self, *, lasting: float = 0.5, within: float = WAIT) -> None:
        """Wait until the remote voice has been silent for so many seconds."""
        await self.page.wait_for_function(
            """(lasting) => {
                const begin = performance.now() - lasting * 1000;
                return ear.loudness[0]?.[0] <= begin && ear.loudness.every(([at, rms]) => at < begin || rms < 0.001);
            }""",
            arg=lasting,
            timeout=within * 1000,
        )

    async def browser_id(self) -> str:
        """Tell by what NiceGUI knows the browser: it stands in a signed cookie."""
        (cookie,) = [cookie for cookie in await self.page.context.cookies() if cookie.get('name') == 'session']
        identity: str = json.loads(b64decode(cookie.get('value', '').partition('.')[0]))['id']
        return identity

    async def wait_still(self) -> None:
        """Wait until fonts are there and nothing slides or fades any more, as before a picture is taken.

        In a section that was folded meanwhile, nothing moves on, and never ends.
        """
        await self.page.evaluate(
            """async () => {
                await document.fonts.ready;
                const seen = document.getAnimations().filter(({effect}) => effect.target?.checkVisibility());
                const passing = seen.filter(({effect}) => effect.getTiming().iterations < Infinity);
                await Promise.allSettled(passing.map(({finished}) => finished));
            }"""
        )

    async def _describe(self) -> str:
        status = await self.status_line.text_content(timeout=1000)
        return f'Status: {status!r}; ladder: {await self.rungs()}; turns: {await self.turns()}'


async def find_setting(page: Page, name: str) -> Locator:
    """Find a control of the settings by its name, and unfold what it is folded in."""
    return await unfolded(page, f'settings-{name}')


async def unfolded(page: Page, test_id: str) -> Locator:
    """Find what has a test id in the drawer of the settings, and unfold what it is folded in."""
    control = page.get_by_test_id(test_id)
    await page.get_by_test_id('settings-persona').wait_for(state='attached')  # the drawer comes a moment after the page
    if not await control.is_visible():
        row = Settings.table().get(test_id.removeprefix('settings-').replace('-', '_'))
        section = page.get_by_test_id(f'section-{row.section.replace("_", "-") if row else "page"}')
        await section.locator('summary').click()
        await control.wait_for()
    return control


async def choose(control: Locator, option: str | int, *, tap: bool = False) -> None:
    """Choose an option by its name or place from a dropdown, with the mouse or by touch."""
    options = await open_dropdown(control, tap=tap)
    await pick(
        options.nth(option) if isinstance(option, int) else control.page.get_by_role('option', name=option), tap=tap
    )


async def open_dropdown(control: Locator, *, tap: bool = False) -> Locator:
    """Open a dropdown and find its options."""
    await (control.tap() if tap else control.click())
    options = control.page.get_by_role('option')
    await options.first.wait_for()
    return options


async def pick(option: Locator, *, tap: bool = False) -> None:
    """Choose this option of an open dropdown, and wait until the menu is gone.

    Quasar gives the dropdown the focus when it removes the menu, 0.3 s after the choice. Whatever is typed elsewhere
    meanwhile, at the pace of a test, is lost.
    """
    menu = await option.evaluate('(it) => it.closest("[id^=q-portal]").id')
    await (option.tap() if tap else option.click())
    await expect(option.page.locator(f'#{menu}')).to_have_count(0)


def fresh(url: str) -> str:
    """The address of a new conversation. Tests share programs, whose own address leads to the latest one."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path='/new')) if parts.path == '/' else url


async def _read_turn(turn: Locator) -> ShownTurn:
    text = await turn.get_by_test_id('turn-text').text_content() or ''
    return ShownTurn(
        speaker=await turn.get_attribute('data-speaker') or '',
        status=await turn.get_attribute('data-status') or '',
        text=' '.join(text.split()),
        item_id=await turn.get_attribute('data-item-id') or '',
    )
