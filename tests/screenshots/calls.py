"""Scenes of calls: connecting, talking, muted, failing."""

from playwright.async_api import expect

from tests.page import unfolded

from .camera import Camera

# Of events that are brought about.
SEEN = {'item_id': 'item_seen', 'previous_item_id': None}


async def idle(camera: Camera) -> None:
    await camera.take('idle')
    await camera.status()
    await camera.take('idle-status')


async def connecting(camera: Camera) -> None:
    await camera.page.press_call()
    await camera.page.wait_state('connecting')
    await camera.take('connecting')


async def conversation(camera: Camera) -> None:
    """Spoken to and answered; the moments that pass too quickly for a picture are brought about by their events."""
    page = camera.page
    await page.call()
    await camera.take('listening')
    await page.wait_turn('user', containing='what can you do')
    await page.wait_turn('assistant')
    await camera.hear(1.0)
    await camera.take('speaking')
    await camera.status()
    await page.wait_logged('session.created')
    await camera.take('speaking-status')
    await page.page.get_by_test_id('event-row').first.locator('summary').click()
    await page.page.get_by_test_id('event-row').first.scroll_into_view_if_needed()
    await camera.take('event')
    await camera.leave_status()
    await page.wait_logged('output_audio_buffer.stopped')
    await page.deliver({'type': 'input_audio_buffer.speech_started', 'audio_start_ms': 0, **SEEN})
    await camera.take('hearing')
    await page.deliver({'type': 'input_audio_buffer.speech_stopped', 'audio_end_ms': 0, **SEEN})
    await page.deliver({'type': 'input_audio_buffer.committed', **SEEN})
    await camera.take('thinking')


async def muted(camera: Camera) -> None:
    await camera.page.call()
    await camera.press('mute')
    await camera.take('muted')
    await expect(camera.page.status_line).to_contain_text('You are muted')
    await camera.take('muted-unheard')


async def push_to_talk(camera: Camera) -> None:
    page = camera.page.page
    await camera.press('push-to-talk')
    await camera.page.call()
    await camera.take('push-to-talk')
    await camera.find('talk').hover()
    await page.mouse.down()
    await expect(camera.find('talk')).to_have_attribute('aria-pressed', 'true')
    await camera.take('push-to-talk-held')
    await page.mouse.up()


async def refused(camera: Camera) -> None:
    await camera.page.press_call()
    await camera.page.wait_state('failed')
    await camera.take('microphone-refused')
    await camera.press('without-microphone')
    await camera.page.wait_state('live')
    await camera.take('without-microphone')


async def relayed(camera: Camera) -> None:
    await camera.page.call()
    await camera.find('call-way').wait_for(state='attached')  # the shortest screens have no room for it
    await camera.take('relayed')
    await camera.status()
    await camera.page.wait_logged('session.created')
    await camera.take('relayed-status')


async def blocked(camera: Camera) -> None:
    await camera.settings()
    await camera.page.choose_transport('webrtc')
    await camera.leave_settings()
    await camera.page.press_call()
    await camera.page.wait_state('failed', within=40)
    await camera.take('network-blocked')
    await camera.status()
    await camera.take('network-blocked-status')


async def recorded(camera: Camera) -> None:
    page = camera.page
    await camera.settings()
    await (await unfolded(page.page, 'record-sound')).click()
    await camera.take('record-settings')
    await camera.leave_settings()
    await page.call()
    await page.wait_turn('assistant', status='done')
    await camera.take('recording')
    await page.wait_voice()
    await page.wait_silence(lasting=1)
    await page.hang_up()
    await camera.find('recording-player').wait_for()
    answer = page.page.locator('[data-testid=turn][data-speaker=assistant]').first
    await answer.click()
    await answer.get_by_test_id('turn-time').click()
    await expect(answer).to_have_attribute('data-playing', '')
    await camera.take('recording-played')
