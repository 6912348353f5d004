"""Sound that the system takes away, as for a phone call, and gives back, or does not."""

from playwright.async_api import expect

from components.words.language import ENGLISH
from tests.e2e.conftest import Visit, over_both
from tests.e2e.conversation.test_writing import MOON, write
from tests.e2e.witness import WitnessedPage

TAP = ENGLISH.text('call.blocked') + ENGLISH.text('call.tap_to_hear')


@over_both
async def test_sound_that_a_phone_call_takes_away_comes_back(visit: Visit) -> None:
    page = await visit(init_script=SYSTEM)
    await page.page.evaluate('system.mutes = true')
    await page.call()
    await expect(page.status_line).to_have_text(TAP)  # silent from its beginning, and says so
    await tap(page, 'mutes')
    await expect(page.page.get_by_test_id('tap-to-hear')).to_have_count(0)

    # the relay's sound is played by Web Audio, whose echo browsers leave unless asked
    assert await page.page.evaluate('system.echoCancellation') == ('all' if page.transport == 'relay' else True)
    await take_away(page)  # and gives it back at once
    await page.page.wait_for_function(AUDIBLE)
    await expect(page.page.get_by_test_id('tap-to-hear')).to_have_count(0)

    await page.page.evaluate('system.refuses = true')
    await take_away(page)
    await expect(page.page.get_by_test_id('tap-to-hear')).to_be_visible()
    await expect(page.status_line).to_have_text(TAP)
    opened = await page.page.evaluate('witness.tracks.length')
    await tap(page, 'refuses')
    await page.page.wait_for_function(AUDIBLE)
    await expect(page.page.get_by_test_id('tap-to-hear')).to_have_count(0)
    # the microphone has heard nothing but zeros since: it is opened again
    await page.page.wait_for_function('(opened) => witness.tracks.length > opened', arg=opened)
    await page.page.wait_for_function('witness.tracks.filter(({ readyState }) => readyState === "live").length === 1')
    assert await page.state() == 'live'
    await page.hang_up()

    await page.call()
    assert await page.page.evaluate('system.contexts.length') == 2  # the one that was interrupted may never play again
    await write(page, MOON)
    await page.wait_voice()
    assert await page.page.evaluate('system.uncaught') == []


@over_both
async def test_a_context_whose_clock_stands_still_is_replaced(visit: Visit) -> None:
    page = await visit(init_script=SYSTEM)
    await page.call()
    await page.page.evaluate('Object.defineProperty(system.contexts[0], "currentTime", { get: () => 1 })')
    await page.page.wait_for_function('system.contexts.length === 2')
    await page.wait_state('live')
    await write(page, MOON)
    await page.wait_voice()
    await page.page.wait_for_function('system.contexts[0].state === "closed"')


async def take_away(page: WitnessedPage) -> None:
    await page.page.evaluate('system.takeAway()')


async def tap(page: WitnessedPage, obstacle: str) -> None:
    """Press the button, by which the system gives leave. Given earlier, a look for the sound removes the button."""
    clear = f'addEventListener("click", () => (system.{obstacle} = false), {{ capture: true, once: true }})'
    await page.page.evaluate(clear)
    await page.page.get_by_test_id('tap-to-hear').click()


# The page's own contexts are those that its `AudioSession` makes: the ear of the tests has one, too.
SYSTEM = """
    window.system = {
        contexts: [],
        mutes: false, // contexts, from their beginning
        refuses: false,
        uncaught: [],
        async takeAway() {
            await system.contexts.at(-1).suspend();
            document.getElementById("remote-voice").pause();
        },
    };
    const ask = navigator.mediaDevices.getUserMedia;
    navigator.mediaDevices.getUserMedia = (constraints) => {
        system.echoCancellation = constraints.audio.echoCancellation;
        return ask(constraints);
    };
    const Context = window.AudioContext;
    window.AudioContext = class extends Context {
        constructor(...parameters) {
            super(...parameters);
            if (!new Error().stack.includes("AudioSession.")) return;
            system.contexts.push(this);
            if (system.mutes) super.suspend();
        }
        async resume() {
            if (system.mutes || system.refuses) throw new DOMException("Not now.", "InvalidStateError");
            await super.resume();
        }
    };
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = async function () {
        if (system.refuses) throw new DOMException("Not without a tap.", "NotAllowedError");
        await play.call(this);
    };
    addEventListener("unhandledrejection", ({ reason }) => system.uncaught.push(String(reason)));
"""

AUDIBLE = """() => system.contexts.at(-1).state === "running" && !document.getElementById("remote-voice").paused"""
