"""The WebRTC transport: an aiortc peer connection with a microphone, a voice track and a channel for events."""

import asyncio
from contextlib import suppress

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCDataChannel,
    RTCIceTransport,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)

from components.engine.protocol.audio_config import AudioFormat
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.wire import EventFields, new_id, to_text

from . import ice
from .microphone import Microphone
from .offer import LONGEST_MESSAGE, Offer, invalid_offer
from .transport import TransportCallbacks
from .voice_track import VoiceTrack


class WebRTCTransport:
    """A session's way to a browser over WebRTC. Unless it `speaks` it sends no sound at all, not even silence."""

    longest_message = LONGEST_MESSAGE

    def __init__(self, callbacks: TransportCallbacks, *, speaks: bool = True) -> None:
        self.audio_output = VoiceTrack()
        self.longest_event = LONGEST_MESSAGE
        self._callbacks = callbacks
        # No STUN: gathering would wait five seconds for a server that may never answer.
        configuration = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        self._connection = RTCPeerConnection(configuration)
        direction = 'sendrecv' if speaks else 'recvonly'
        self._audio = self._connection.addTransceiver(self.audio_output, direction)
        self._audio.setCodecPreferences(_OPUS)
        self._microphone = Microphone(callbacks.sound)
        self._channel: RTCDataChannel | None = None
        self._waiting: list[str] = []  # events from before the channel opened
        self._listening: asyncio.Task[None] | None = None
        self._connection.on('datachannel', self._open_channel)
        self._connection.on('connectionstatechange', self._notice_state)

    @property
    def ice(self) -> RTCIceTransport:
        """The path that all packets take."""
        return self._audio.sender.transport.transport

    async def answer(self, offer: str) -> str:
        """Return the SDP answer to the browser's offer.

        Raises:
            RealtimeError: The offer cannot be used (`invalid_offer`).
        """
        checked = Offer.parse(offer)
        self.longest_event = checked.longest_message
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(checked.sdp, 'offer'))
            self._choose_media()
            with ice.reached_by(loopback=checked.reaches_loopback):
                await self._connection.setLocalDescription()
        except Exception as problem:
            raise invalid_offer(f'{problem}.') from problem
        if self._audio.receiver.track:
            self._listening = asyncio.create_task(self._microphone.keep_hearing())
        return self._connection.localDescription.sdp

    def append(self, sound: bytes, format: AudioFormat) -> None:
        """Raises RealtimeError: sound has a track here."""
        raise RealtimeError('Over WebRTC, sound comes by the microphone track.', code='invalid_event_for_transport')

    def send(self, event: EventFields) -> None:
        """Send an event over the data channel, or keep it until the channel opens."""
        text = to_text(event)
        if self._channel is None:
            self._waiting.append(text)
        elif self._channel.bufferedAmount > _MOST_WAITING:
            self._callbacks.gone()  # the browser sends requests without end, and does not read the answers
        elif self._channel.readyState == 'open':
            self._send_text(self._channel, text)

    async def close(self, *, expired: bool = False) -> None:
        """End the connection once everything sent has left. WebRTC cannot say that it has `expired`."""
        if self._channel and self._channel.readyState == 'open' and self._channel.bufferedAmount:
            sent = asyncio.Event()
            self._channel.on('bufferedamountlow', sent.set)
            with suppress(TimeoutError):
                await asyncio.wait_for(sent.wait(), _CLOSING_SECONDS)
        if self._listening:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        await self._connection.close()
        self.audio_output.stop()

    def _choose_media(self) -> None:
        self._microphone.plug_into(self._audio.receiver)
        for transceiver in self._connection.getTransceivers():
            if transceiver is not self._audio:
                transceiver.direction = 'inactive'

    def _open_channel(self, channel: RTCDataChannel) -> None:
        if self._channel:
            return
        self._channel = channel
        channel.on('message', self._callbacks.message)
        self._callbacks.opened()
        for text in self._waiting:
            self._send_text(channel, text)
        self._waiting.clear()

    def _notice_state(self) -> None:
        if self._connection.connectionState in ('failed', 'closed'):
            self._callbacks.gone()

    def _send_text(self, channel: RTCDataChannel, text: str) -> None:
        try:
            channel.send(text)
        except ValueError:  # larger than the browser said that it takes; aiortc has sent nothing
            reason = f'An event of {len(text.encode())} bytes is too large for this connection.'
            error = RealtimeError(reason, code='event_too_large', type='server_error')
            channel.send(to_text({'type': 'error', 'event_id': new_id('event'), **error.event()}))


_OPUS = [codec for codec in RTCRtpSender.getCapabilities('audio').codecs if codec.mimeType == 'audio/opus']
_MOST_WAITING = 16_777_216  # bytes
_CLOSING_SECONDS = 1.0
