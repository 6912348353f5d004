"""How a server of the beta says what a service of today says."""

import json

from components.providers.connection.dialect import Event, to_service

OLDER = {
    'conversation.item.added': 'conversation.item.created',
    'response.output_audio.delta': 'response.audio.delta',
    'response.output_audio.done': 'response.audio.done',
    'response.output_audio_transcript.delta': 'response.audio_transcript.delta',
    'response.output_audio_transcript.done': 'response.audio_transcript.done',
}


def older(event: Event) -> Event | None:
    """The same event in the beta's names; None where it has none, as for an item that is done."""
    if event['type'] == 'conversation.item.done':
        return None
    renamed: Event = json.loads(json.dumps(event).replace('"output_audio"', '"audio"'))
    renamed['type'] = OLDER.get(event['type'], event['type'])
    if 'session' in event:
        renamed['session'] = {**to_service({'session': event['session']}, 'beta')['session'], 'temperature': 0.8}
    if response := renamed.get('response'):
        response['voice'] = response.pop('audio')['output']['voice'] if 'audio' in response else 'alloy'
        response['modalities'] = ['text', 'audio']
        response['output_audio_format'] = 'pcm16'
        response['temperature'] = 0.8
        del response['output_modalities']
    return renamed
