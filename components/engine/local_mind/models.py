"""The models that can run on this computer: a short list in `assets/models.json`, or any GGUF file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class ListedModel:
    """A model of the list.

    Attributes:
        id: The name for `ENGINE_MIND_MODEL`.
        name: The name for people.
        maker: Who trained it.
        licence: Its licence, as SPDX names it.
        languages: The languages that its maker names, as ISO 639-1 codes; none if they are more than a hundred.
        bytes: The size of its file.
        memory_mb: The memory it needs while it runs, in 10^6 bytes.
        repository: Who offers the file, at the host of `url`.
        url: Where the file is fetched from.
        sha256: The hash of the file in hexadecimal; empty if none is published.
    """

    id: str
    name: str
    maker: str
    licence: str
    languages: tuple[str, ...]
    bytes: int
    memory_mb: int
    repository: str
    url: str
    sha256: str = ''

    @property
    def file(self) -> str:
        """The name of its file."""
        return urlsplit(self.url).path.rpartition('/')[2]

    @property
    def host(self) -> str:
        """The host that offers the file."""
        return urlsplit(self.url).netloc

    @property
    def page(self) -> str:
        """The page about the file, for people."""
        return self.url.partition('/resolve/')[0]


@dataclass(frozen=True)
class LocalModel:
    """A model file to run on this computer, which may be missing. `name` is for people."""

    path: Path
    name: str

    @classmethod
    def given(cls, text: str, folder: Path) -> 'LocalModel':
        """Return the model that `ENGINE_MIND_MODEL` names: the id of a listed one, or the path of a file.

        Args:
            text: What is given; if it is empty, the first listed model is meant whose file is in the folder.
            folder: The folder of fetched files.

        Raises:
            ValueError: This is neither an id nor a path. The message is a sentence for the user.
        """
        if not text:
            there = [model for model in MODELS.values() if (folder / model.file).exists()]
            text = (there or [*MODELS.values()])[0].id
        if listed := MODELS.get(text):
            return cls(folder / listed.file, listed.name)
        if not text.endswith('.gguf') and not Path(text).is_file():
            raise ValueError(
                f'ENGINE_MIND_MODEL can be the path of a GGUF file, or one of {", ".join(MODELS)}, not “{text}”.'
            )
        path = Path(text).expanduser()
        return cls(path, path.stem)


def load(path: Path) -> Mapping[str, ListedModel]:
    """Read the list of models, by id. Raises KeyError or TypeError if it is invalid."""
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding='utf-8'))['local']['models']
    return {row['id']: ListedModel(**{**row, 'languages': tuple(row['languages'])}) for row in rows}


MODELS = load(Path(__file__).parents[3] / 'assets' / 'models.json')
