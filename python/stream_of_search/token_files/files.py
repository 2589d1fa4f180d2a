"""Files that appear under their names when all of them are complete."""

from __future__ import annotations

import os
import sys
from array import array
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from .._core import FolderError


class Folder:
    """A folder that gets files. They have temporary names until `commit`; without it they are removed."""

    def __init__(self, folder: str | os.PathLike[str], overwrite: bool) -> None:
        self.path, self.overwrite = Path(folder), overwrite
        self._open: dict[Path, BinaryIO] = {}
        self._names: dict[Path, Path] = {}
        self._old: set[Path] = set()

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for place in list(self._names):
            self._close(place)
            place.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise FolderError(f"{self.path}: {error}") from error

    def claim(self, pattern: str, inside: str = ".") -> None:
        """Says that the files of this pattern are ours. Raises FolderError where there are some already, unless they may be replaced."""
        found = sorted((self.path / inside).glob(pattern))
        if found and not self.overwrite:
            raise FolderError(f"{found[0]}: there already; overwrite=True replaces it, or give another folder or split")
        self._old.update(found)

    def open(self, name: str) -> BinaryIO:
        """A new file that shall have this name."""
        place = self._place(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        self._names[place] = self.path / name
        self._open[place] = open(place, "wb")  # noqa: SIM115
        return self._open[place]

    def write(self, name: str, content: bytes) -> None:
        """A new file with this content."""
        self.open(name).write(content)
        self.end(name)

    def end(self, name: str) -> None:
        """Closes a file, which has all its content."""
        self._close(self._place(name))

    def rename(self, name: str, new: str) -> None:
        """Another name for a file that has not appeared yet."""
        self._names[self._place(name)] = self.path / new

    def commit(self) -> None:
        """Closes all files and gives them their names, in the order in which they were opened."""
        for place in self._names:
            self._close(place)
        for old in self._old - set(self._names.values()):
            old.unlink(missing_ok=True)
        for place, name in list(self._names.items()):
            os.replace(place, name)
            del self._names[place]

    def _place(self, name: str) -> Path:
        place = self.path / name
        return place.with_name(f".{place.name}.partial")

    def _close(self, place: Path) -> None:
        file = self._open.pop(place, None)
        if file is not None and not file.closed:
            file.flush()
            os.fsync(file.fileno())
            file.close()


def little(numbers: array[int]) -> bytes:
    """Numbers as bytes, the low byte first."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()
