"""A phone with WebKit: WebKitGTK in a window of a phone's size, with a mock microphone and real clicks.

The system's own Python runs this file, since only that has GTK; see `tests/soak/webkit.py`, which starts it. It imports
nothing of the project's.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version('Gtk', '3.0')
gi.require_version('WebKit2', '4.1')

from gi.repository import GLib, Gtk, WebKit2  # type: ignore[import-not-found]  # noqa: E402

WIDTH, HEIGHT = 390, 844  # CSS pixels
TAP = '[data-testid=tap-to-hear]'
CALL = '[data-testid=call-button]'
STATE = f'document.querySelector("{CALL}")?.dataset.state'

# Keeps what goes wrong in the page, and lets this program play the system: it takes the sound away, or refuses it.
RECORDER = """
    const report = (...words) => window.webkit.messageHandlers.problem.postMessage(words.join(" "));
    addEventListener("error", ({ message, filename, lineno }) => report("error:", message, filename, lineno));
    addEventListener("unhandledrejection", ({ reason }) => report("unhandled:", reason, reason?.stack));
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
        report("policy:", violatedDirective, blockedURI));
    window.system = {
        contexts: [],
        refuses: false,
        get context() {
            return system.contexts.find(({ state }) => state !== "closed"); // later ones play a tone
        },
        async takeAway() {
            await system.context.suspend();
            document.getElementById("remote-voice").pause();
        },
    };
    const Context = window.AudioContext;
    window.AudioContext = class extends Context {
        constructor(...parameters) {
            super(...parameters);
            system.contexts.push(this);
        }
        async resume() {
            if (system.refuses) throw new DOMException("The system has other plans.", "InvalidStateError");
            await super.resume();
        }
    };
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = async function () {
        if (system.refuses) throw new DOMException("Not without a tap.", "NotAllowedError");
        await play.call(this);
    };
"""

AUDIBLE = 'system.context.state === "running" && !document.getElementById("remote-voice").paused'

# Measures how loud the voice gets, from now on.
LISTEN = """(() => {
    const { context } = system;
    const analyser = context.createAnalyser();
    system.source = context.createMediaStreamSource(document.getElementById("remote-voice").srcObject);
    system.source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    system.loudest = 0;
    setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        system.loudest = Math.max(system.loudest, ...samples);
    }, 20);
})()"""


class Phone:
    """A window with a page. `pictures` is the folder of its screenshots."""

    def __init__(self, pictures: Path) -> None:
        self.pictures = pictures
        self.problems: list[str] = []
        content = WebKit2.UserContentManager()
        content.register_script_message_handler('problem')
        content.connect('script-message-received::problem', self._note)
        frames, moment = WebKit2.UserContentInjectedFrames.TOP_FRAME, WebKit2.UserScriptInjectionTime.START
        content.add_script(WebKit2.UserScript(RECORDER, frames, moment, None, None))
        settings = WebKit2.Settings()
        settings.set_property('enable-mock-capture-devices', True)
        settings.set_property('enable-media-stream', True)
        settings.set_property('media-playback-requires-user-gesture', True)
        features = WebKit2.Settings.get_all_features()
        for feature in map(features.get, range(features.get_length())):
            if feature.get_identifier() == 'GetUserMediaRequiresFocus':  # there is no window manager to give it
                settings.set_feature_enabled(feature, False)
        context = WebKit2.WebContext.new_ephemeral()
        self.view = WebKit2.WebView(web_context=context, user_content_manager=content, settings=settings)
        self.view.connect('permission-request', lambda _view, request: request.allow() or True)
        self.view.connect('web-process-terminated', lambda _view, why: self.problems.append(f'crash: {why}'))
        self.window = Gtk.Window()
        self.window.set_decorated(False)
        self.view.set_size_request(WIDTH, HEIGHT)
        self.window.add(self.view)
        self.window.show_all()
        self.window.move(0, 0)

    def open(self, url: str) -> None:
        """Load a page and wait until it is connected to Python."""
        self.view.load_uri(url)
        self._run(lambda: not self.view.is_loading(), within=30)
        self.wait_until('window.did_handshake && document.querySelector("[data-testid=call-button]")')

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression, which may be awaited."""
        found: list[Any] = []

        def finish(view: Any, result: Any) -> None:
            try:
                found.append(json.loads(view.call_async_javascript_function_finish(result).to_string()))
            except GLib.Error as error:
                found.append(error)

        body = f'return JSON.stringify((await ({expression})) ?? null)'
        self.view.call_async_javascript_function(body, -1, None, None, None, None, finish)
        self._run(lambda: bool(found), within=30)
        if isinstance(found[0], Exception):
            raise AssertionError(f'{expression}: {found[0]}')
        return found[0]

    def wait_until(self, expression: str, within: float = 30) -> None:
        """Wait until a JavaScript expression is true. `within` is in seconds."""
        deadline = time.monotonic() + within
        while not self.evaluate(f'!!({expression})'):
            if time.monotonic() > deadline:
                raise AssertionError(f'never true: {expression}\n{self.evaluate("document.body.innerText")}')
            self._run(lambda: False, within=0.1)

    def tap(self, selector: str) -> None:
        """Click in the middle of an element, as a person does."""
        self.wait_until(f'document.querySelector({json.dumps(selector)})')
        box = f'document.querySelector({json.dumps(selector)}).getBoundingClientRect()'
        x, y = self.evaluate(f'(({{x, y, width, height}}) => [x + width / 2, y + height / 2])({box})')
        subprocess.run(['xdotool', 'mousemove', str(round(x)), str(round(y)), 'click', '1'], check=True)

    def type(self, selector: str, text: str) -> None:
        """Tap a field, type into it, and press Enter."""
        self.tap(selector)
        self.wait_until(f'document.activeElement === document.querySelector({json.dumps(selector)})')  # else it is lost
        subprocess.run(['xdotool', 'type', text], check=True)
        subprocess.run(['xdotool', 'key', 'Return'], check=True)

    def take(self, name: str) -> None:
        """Take a screenshot."""
        found: list[Any] = []
        region, options = WebKit2.SnapshotRegion.VISIBLE, WebKit2.SnapshotOptions.NONE
        self.view.get_snapshot(
            region, options, None, lambda view, result: found.append(view.get_snapshot_finish(result))
        )
        self._run(lambda: bool(found), within=30)
        found[0].write_to_png(str(self.pictures / f'{name}.png'))

    def _note(self, _content: Any, result: Any) -> None:
        self.problems.append(result.get_js_value().to_string())

    def _run(self, is_done: Callable[[], bool], within: float) -> None:
        """Let GTK work until something is done, or for so many seconds."""
        loop, deadline = GLib.MainContext.default(), time.monotonic() + within
        while not is_done() and time.monotonic() < deadline:
            if not loop.iteration(False):
                time.sleep(0.005)


def try_page(phone: Phone, url: str) -> None:
    """Place a call, lose its sound, get it back, and call again."""
    phone.open(url)
    phone.take('idle')
    phone.tap(CALL)
    phone.wait_until(f'{STATE} === "live"')
    step(
        'a tap places a call, by '
        + phone.evaluate('document.querySelector("[data-testid=call-way]")?.dataset.transport')
    )
    phone.tap('[data-testid=mute]')  # the mock microphone beeps, which interrupts every answer
    phone.evaluate(LISTEN)
    phone.type('[data-testid=message-box]', 'Tell me about the moon.')
    phone.wait_until('document.querySelector("[data-speaker=assistant][data-status=done]")')
    phone.wait_until(f'{AUDIBLE} && system.loudest > 0.05')
    phone.take('live')
    step('a written sentence is answered aloud')
    phone.evaluate('system.takeAway()')
    phone.wait_until(AUDIBLE)
    step('sound that the system takes away comes back')
    phone.evaluate('system.refuses = true')
    phone.evaluate('system.takeAway()')
    phone.wait_until(f'document.querySelector("{TAP}")')
    phone.take('tap-to-hear')
    phone.evaluate('system.refuses = false')
    phone.tap(TAP)
    phone.wait_until(f'{AUDIBLE} && !document.querySelector("{TAP}")')
    step('where it is refused, a tap brings it back')
    phone.tap(CALL)
    phone.wait_until(f'{STATE} === "ended"')
    phone.tap(CALL)
    phone.wait_until(f'{STATE} === "live" && {AUDIBLE}')
    step('the call after it is heard')
    phone.tap('[data-testid=push-to-talk]')
    phone.wait_until('document.querySelector("[data-testid=talk]")')
    assert phone.evaluate('getComputedStyle(document.querySelector("[data-testid=talk]")).webkitUserSelect') == 'none'
    phone.take('push-to-talk')
    step('holding the talk button selects nothing')
    phone.tap('[data-testid=sound]')
    phone.wait_until('document.querySelector("[data-testid=sound-sheet]").open')
    phone.take('sound')
    switches = '[...document.querySelectorAll("[data-testid=sound-sheet] fieldset [type=checkbox]")]'
    offered = f'{switches}.map((it) => it.dataset.testid)'
    known = 'Object.keys(navigator.mediaDevices.getSupportedConstraints()).map((name) => "sound-" + name)'
    unknown = set(phone.evaluate(offered)) - set(phone.evaluate(known))
    assert not unknown, unknown
    step(f'offered is what the browser knows: {phone.evaluate(offered)}')


def step(sentence: str) -> None:
    """Print what was seen."""
    print(f'ok: {sentence}', flush=True)


if __name__ == '__main__':
    its_phone = Phone(Path(sys.argv[2]))
    try_page(its_phone, sys.argv[1])
    for problem in its_phone.problems:
        print(f'problem: {problem}')
    sys.exit(bool(its_phone.problems))
