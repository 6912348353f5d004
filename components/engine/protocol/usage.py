"""What a response costs in tokens, by the rates of the Realtime API."""

from collections.abc import Sequence
from dataclasses import dataclass

from .items import FunctionCall, Item, Message
from .session_config import FunctionTool
from .wire import JsonObject, to_text


@dataclass(frozen=True)
class Usage:
    """The tokens of one response. All that came before it is input again, as the service counts it."""

    input_text: int = 0
    input_audio: int = 0
    output_text: int = 0
    output_audio: int = 0

    @classmethod
    def measured(
        cls,
        instructions: str,
        tools: Sequence[FunctionTool],
        context: Sequence[Item],
        answer: Sequence[Message | FunctionCall],
    ) -> 'Usage':
        """Estimate what an answer cost: `context` is the conversation, with the answer's items or without."""
        before = [item for item in context if item not in answer]
        parts = [part for item in before if isinstance(item, Message) for part in item.content]
        written = [part.text or '' for part in parts if not part.spoken and part.kind != 'input_image']
        told = [item.text for item in before if not isinstance(item, Message)]
        offered = [to_text(tool.wire()) for tool in tools]
        spoken = [part for item in answer if isinstance(item, Message) for part in item.content]
        return cls(
            input_text=sum(map(text_tokens, [instructions, *offered, *written, *told])),
            input_audio=sum(part.milliseconds // _audio_ms(part.kind) for part in parts if part.spoken),
            output_text=sum(text_tokens(item.text) for item in answer),
            output_audio=sum(part.milliseconds // _SPOKEN_MS for part in spoken),
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
