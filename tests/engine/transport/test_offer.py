"""SDP offers: the ones that can be answered, and the errors for the others."""

import pytest

from components.engine.protocol.errors import RealtimeError
from components.engine.transport.offer import Offer

SESSION = ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0']
FINGERPRINT = 'a=fingerprint:sha-256 ' + ':'.join(['AB'] * 32)
AUDIO = ['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=rtpmap:111 opus/48000/2', 'a=setup:actpass']
CHANNEL = ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=sctp-port:5000', 'a=setup:actpass']


def sdp(*lines: str) -> str:
    return '\r\n'.join([*lines, ''])


@pytest.mark.parametrize(
    ('line', 'longest'),
    [
        (['a=max-message-size:100000'], 100_000),
        (['a=max-message-size:1073741823'], 262_144),
        (['a=max-message-size:0'], 262_144),
        ([], 65_536),
    ],
)
def test_how_long_messages_may_be(line: list[str], longest: int) -> None:
    assert Offer.parse(sdp(*SESSION, *AUDIO, FINGERPRINT, *CHANNEL, FINGERPRINT, *line)).longest_message == longest


def test_a_fingerprint_may_hold_for_the_whole_session() -> None:
    assert Offer.parse(sdp(*SESSION, FINGERPRINT, *AUDIO, *CHANNEL))  # as Firefox writes it


@pytest.mark.parametrize(
    ('origin', 'reaches'),
    [
        ('o=mozilla...THIS_IS_SDPARTA-99.0 7151 0 IN IP4 0.0.0.0', False),
        ('o=- 1 1 IN IP4 0.0.0.0', True),
        ('o=mary 1 1 IN IP4 0.0.0.0', True),
    ],
)
def test_firefox_reaches_no_loopback_address(origin: str, reaches: bool) -> None:
    version, _, *rest = SESSION
    offer = Offer.parse(sdp(version, origin, *rest, FINGERPRINT, *AUDIO, *CHANNEL))
    assert offer.reaches_loopback is reaches


@pytest.mark.parametrize(
    ('offer', 'reason'),
    [
        ('', 'no SDP'),
        ('hello', 'no SDP'),
        ('{"type": "offer", "sdp": "v=0"}', 'no SDP'),
        (sdp('v=0', 'm=audio'), 'no SDP'),
        (sdp(*SESSION), 'no audio'),
        (sdp(*SESSION, *CHANNEL, FINGERPRINT), 'no audio'),
        (sdp(*SESSION, *AUDIO, FINGERPRINT), 'no data channel'),
        (sdp(*SESSION, *AUDIO, *CHANNEL), 'no fingerprint'),
        (sdp(*SESSION, *AUDIO, *CHANNEL, FINGERPRINT, 'a=max-message-size:-5'), 'too short for events'),
        (sdp(*SESSION, *AUDIO, *CHANNEL, FINGERPRINT, 'a=max-message-size:many'), 'no SDP'),
    ],
)
def test_an_unusable_offer_is_refused(offer: str, reason: str) -> None:
    with pytest.raises(RealtimeError, match=reason) as refused:
        Offer.parse(offer)
    assert (refused.value.code, refused.value.status) == ('invalid_offer', 400)
