"""The Python blocks of README and pages run from top to bottom, and print what stands below them."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
#: A block of code, and the block of text that may follow it at once: what it prints. A line `…` stands for any lines.
BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n?```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
#: Libraries that a page may need and a machine may lack.
OPTIONAL = ("ray", "pyspark", "verifiers", "openenv", "inspect_ai", "lm_eval", "streaming", "megatron")


def prints(expected: str, printed: str) -> bool:
    pattern = "".join(".*" if line.strip() == "…" else re.escape(line.rstrip()) + r"[ \t]*\n" for line in expected.splitlines())
    return re.fullmatch(pattern, printed if printed.endswith("\n") else printed + "\n", re.DOTALL) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_blocks_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__main__"}
    text = page.read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    assert blocks, f"{page.name} has no block of Python"
    for block in blocks:
        line = text.count("\n", 0, block.start()) + 2
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out):
                exec(compile("\n" * (line - 1) + block[1], str(page), "exec"), names)
        except ModuleNotFoundError as error:
            if error.name and error.name.split(".")[0] in OPTIONAL:
                pytest.skip(f"{error.name} is not installed")
            raise
        if block[2] is not None:
            assert prints(block[2], out.getvalue()), f"{page.name}:{line} prints\n{out.getvalue()}"


def test_output_is_compared() -> None:
    assert prints("1\n…\n3\n", "1\n2\n2\n3\n")
    assert not prints("1\n3\n", "1\n2\n")
