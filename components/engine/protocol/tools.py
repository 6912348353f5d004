"""The functions that a client offers to run, and which of them an answer may call."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from .wire import Json, JsonObject
from .wire_model import EITHER, OBJECT, PLAIN, WireModel

LONGEST_NAME = 256
Name: TypeAlias = Annotated[str, Field(max_length=LONGEST_NAME)]


def _refuse_mcp(type: Json) -> Json:
    if type == 'mcp':
        raise PydanticCustomError('mcp', 'This engine does not call MCP servers. Offer functions instead')
    return type


Function: TypeAlias = Annotated[Literal['function'], BeforeValidator(_refuse_mcp)]


@dataclass(frozen=True)
class FunctionTool:
    """A function that an answer may call. `parameters` is its JSON schema."""

    name: str
    description: str = ''
    parameters: Json = None

    def wire(self) -> JsonObject:
        """Return the tool as clients see it."""
        return {
            'type': 'function',
            'name': self.name,
            'description': self.description,
            'parameters': self.parameters,
        }


class OfferedTool(WireModel):
    """A function that a client offers to run."""

    type: Function
    name: Annotated[str, Field(max_length=LONGEST_NAME, pattern='^[a-zA-Z0-9_-]+$')]
    description: str = ''
    parameters: dict[str, Any] | None = None

    def tool(self) -> FunctionTool:
        """Return the tool without its format on the wire."""
        return FunctionTool(self.name, self.description, self.parameters)


class ChosenTool(WireModel):
    """The one function that an answer must call."""

    type: Function
    name: Name


ToolChoice: TypeAlias = Annotated[
    Annotated[Literal['auto', 'none', 'required'], PLAIN] | Annotated[ChosenTool, OBJECT], EITHER
]
