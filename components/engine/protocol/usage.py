"""The tokens that a response costs, by the rates of the Realtime API, and how many are left."""

from collections.abc import Sequence
from dataclasses import dataclass

from .items import FunctionCall, Item, Message
from .tools import FunctionTool
from .wire import Json, JsonObject, to_text


@dataclass(frozen=True)
class Usage:
    """The tokens of one response. The whole conversation before it counts as input again, as with OpenAI."""

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
        """Estimate the cost of an answer. `context` is the conversation, with the answer's items or without them."""
        before = [item for item in context if item not in answer]
        parts = [part for item in before if isinstance(item, Message) for part in item.content]
        written = [part.text or '' for part in parts if not part.spoken and part.kind != 'input_image']
        other = [item.text for item in before if not isinstance(item, Message)]
        offered = [to_text(tool.wire()) for tool in tools]
        spoken = [part for item in answer if isinstance(item, Message) for part in item.content]
        return cls(
            input_text=sum(map(text_tokens, [instructions, *offered, *written, *other])),
            input_audio=sum(part.milliseconds // _audio_ms(part.kind) for part in parts if part.spoken),
            output_text=sum(text_tokens(item.text) for item in answer),
            output_audio=sum(part.milliseconds // _SPOKEN_MS for part in spoken),
        )

    @property
    def total(self) -> int:
        """All tokens."""
        return self.input_text + self.input_audio + self.output_text + self.output_audio

    def wire(self) -> JsonObject:
        """Return the `usage` of `response.done`."""
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
            'output_token_details': {
                'text_tokens': self.output_text,
                'audio_tokens': self.output_audio,
                'reasoning_tokens': 0,
            },
        }


def text_tokens(text: str) -> int:
    """Estimate the tokens of a text: English has about four characters per token."""
    return -(-len(text) // 4)


def rate_limits(usage: Usage) -> list[Json]:
    """Return the limits after a response, for `rate_limits.updated`.

    They are those of a large account, and the engine never enforces them.
    """
    return [
        {
            'name': 'tokens',
            'limit': _TOKENS_A_MINUTE,
            'remaining': max(_TOKENS_A_MINUTE - usage.total, 0),
            'reset_seconds': round(usage.total * 60 / _TOKENS_A_MINUTE, 3),
        }
    ]


def _audio_ms(kind: str) -> int:
    return _HEARD_MS if kind == 'input_audio' else _SPOKEN_MS


# Milliseconds of sound per token (OpenAI's guide on the latency and cost of voice).
_HEARD_MS = 100
_SPOKEN_MS = 50
_TOKENS_A_MINUTE = 15_000_000
