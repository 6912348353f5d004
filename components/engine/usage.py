"""What a response costs in tokens, by the rates of the Realtime API."""

from collections.abc import Sequence
from dataclasses import dataclass

from .items import Item, Message
from .wire import JsonObject


@dataclass(frozen=True)
class Usage:
    """The tokens of one response. All that came before it is input again, as the service counts it."""

    input_text: int = 0
    input_audio: int = 0
    output_text: int = 0
    output_audio: int = 0

    @classmethod
    def measured(cls, instructions: str, context: Sequence[Item], answer: Message | None) -> 'Usage':
        parts = [part for item in context if isinstance(item, Message) and item is not answer for part in item.content]
        written = [part.text or '' for part in parts if not part.spoken and part.kind != 'input_image']
        told = [item.text for item in context if not isinstance(item, Message)]
        return cls(
            input_text=sum(map(text_tokens, [instructions, *written, *told])),
            input_audio=sum(part.milliseconds // _audio_ms(part.kind) for part in parts if part.spoken),
            output_text=text_tokens(answer.text) if answer else 0,
            output_audio=sum(part.milliseconds // _SPOKEN_MS for part in answer.content) if answer else 0,
        )

    @property
    def total(self) -> int:
        return self.input_text + self.input_audio + self.output_text + self.output_audio

    def wire(self) -> JsonObject:
        input_tokens = self.input_text + self.input_audio
        output_tokens = self.output_text + self.output_audio
        return {
            'total_tokens': self.total,
            'input_tokens': input_tokens,
            'output_tokens': output_tokens,
            'input_token_details': {
                'text_tokens': self.input_text,
                'audio_tokens': self.input_audio,
                'image_tokens': 0,
                'cached_tokens': 0,
                'cached_tokens_details': {'text_tokens': 0, 'audio_tokens': 0, 'image_tokens': 0},
            },
            'output_token_details': {'text_tokens': self.output_text, 'audio_tokens': self.output_audio},
        }


def text_tokens(text: str) -> int:
    """An estimate: English has about four characters to a token."""
    return -(-len(text) // 4)


def _audio_ms(kind: str) -> int:
    return _HEARD_MS if kind == 'input_audio' else _SPOKEN_MS


# One token of sound lasts so many milliseconds (OpenAI's guide on the latency and cost of voice).
_HEARD_MS = 100
_SPOKEN_MS = 50
