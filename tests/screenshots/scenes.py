"""The sights of Parley, scene by scene: each begins with a fresh visit and takes its pictures on the way."""

from tests.e2e.connection.test_relay import WITHOUT_UDP

from .calls import blocked, connecting, conversation, idle, muted, push_to_talk, recorded, refused, relayed
from .camera import Scene
from .chat import kept, markdown, written
from .settings import changes, in_language, mind, personas, preview, settings
from .sheets import shared, sharing, sheets

# The microphone is asked for, and nobody answers.
UNANSWERED = 'navigator.mediaDevices.getUserMedia = () => new Promise(() => {});'


SCENES = [
    Scene('idle', idle),
    Scene('connecting', connecting, init_script=UNANSWERED),
    Scene('conversation', conversation, says=(2.0, 'what_can_you_do', 1.0)),
    Scene('muted', muted, says=(3.0, 'moon', 1.0, 'hello', 1.0, 'moon')),
    Scene('push-to-talk', push_to_talk, says=(2.0, 'moon', 1.0, 'hello', 1.0, 'moon')),
    Scene('written', written),
    Scene('changes', changes),
    Scene('refused', refused, refuses=True, context={'permissions': []}),
    Scene('mind', mind),
    Scene('kept', kept),
    Scene('markdown', markdown),
    Scene('recorded', recorded, says=(3.0, 'hello', 20.0)),
    Scene('relayed', relayed, flags=tuple(WITHOUT_UDP)),
    Scene('blocked', blocked, flags=tuple(WITHOUT_UDP)),
    Scene('settings', settings),
    Scene('personas', personas),
    Scene('preview', preview),
    Scene('sheets', sheets, says=(0.4, 'what_can_you_do', 'what_can_you_do')),
    Scene('sharing', sharing),
    Scene('shared', shared, shared=True),
    Scene('zh', in_language('zh-CN'), context={'locale': 'zh-CN'}),
    Scene('ja', in_language('ja'), context={'locale': 'ja-JP'}),
]
