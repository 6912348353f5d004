"""The SDP offer by which a browser begins a call."""

from __future__ import annotations

from dataclasses import dataclass

from aiortc.sdp import MediaDescription, SessionDescription

from components.engine.protocol.errors import RealtimeError

from .ice import usable_candidates

LONGEST_MESSAGE = 262_144  # bytes; the most that browsers send and accept over a data channel


@dataclass(frozen=True)
class Offer:
    """An offer that can be answered.

    Attributes:
        sdp: The offer, without candidates that only cost time.
        longest_message: The longest message that the browser accepts, in bytes.
        reaches_loopback: Whether the browser can send to 127.0.0.1: Firefox cannot from its other addresses.
    """

    sdp: str
    longest_message: int
    reaches_loopback: bool

    @classmethod
    def parse(cls, sdp: str) -> Offer:
        """Read and check an offer.

        Raises:
            RealtimeError: The offer cannot be used (`invalid_offer`).
        """
        try:
            session = SessionDescription.parse(sdp)
        except Exception as problem:  # aiortc's parser raises many kinds
            raise invalid_offer(f'it is no SDP ({problem}).') from problem
        media = session.media
        if not sdp.startswith('v=0'):
            raise invalid_offer('it is no SDP.')
        if not any(each.kind == 'audio' for each in media):
            raise invalid_offer('it has no audio.')
        channel = next((each for each in media if each.kind == 'application'), None)
        if channel is None:
            raise invalid_offer('it has no data channel. Create "oai-events" before the offer.')
        if not any(each.dtls and each.dtls.fingerprints for each in media):
            raise invalid_offer('it has no fingerprint, without which nothing can be encrypted.')
        reaches_loopback = not str(session.origin).startswith(_FIREFOX)
        return cls(usable_candidates(sdp), _longest_message(channel), reaches_loopback)


def invalid_offer(reason: str) -> RealtimeError:
    """Return the error for an unusable offer."""
    return RealtimeError(f'The SDP offer cannot be used: {reason}', code='invalid_offer')


def _longest_message(channel: MediaDescription) -> int:
    if channel.sctpCapabilities is None:
        return _LONGEST_UNASKED
    longest = channel.sctpCapabilities.maxMessageSize or LONGEST_MESSAGE  # 0 is without limit
    if longest < _SHORTEST_LIMIT:
        raise invalid_offer(f'messages of {longest} bytes at most are too short for events.')
    return min(longest, LONGEST_MESSAGE)


_FIREFOX = 'mozilla'  # how Firefox signs the origin of what it offers: RFC 8866, section 5.2
_LONGEST_UNASKED = 65_536  # the default limit of a peer: RFC 8841
_SHORTEST_LIMIT = 16_384
