"""What is public is documented and typed, so that the API pages say something."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import stream_of_search as sos

PACKAGE = Path(sos.__file__).parent


def test_all_public_names_are_documented() -> None:
    missing = []
    for name in sos.__all__:
        thing = getattr(sos, name)
        if not (inspect.isclass(thing) or callable(thing)):
            continue
        if not inspect.getdoc(thing):
            missing.append(name)
        if inspect.isclass(thing) and not issubclass(thing, BaseException):
            members = [(key, value) for key, value in vars(thing).items() if not key.startswith("_")]
            functions = [(key, value) for key, value in members if callable(value) or isinstance(value, (property, classmethod, staticmethod))]
            missing += [f"{name}.{key}" for key, value in functions if not inspect.getdoc(value)]
    assert not missing, missing


def test_every_module_says_what_it_is() -> None:
    modules = [path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent == PACKAGE]
    missing = [str(path.relative_to(PACKAGE)) for path in modules if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert not missing, missing


def test_the_pages_of_the_readme_are_made(tmp_path: Path) -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    [command] = [line for line in readme.splitlines() if line.startswith("pdoc ")]
    modules = command.split()[1:]
    subprocess.run([sys.executable, "-m", "pdoc", *modules, "-o", str(tmp_path)], check=True, capture_output=True)
    for module in modules:
        assert (tmp_path / f"{module.replace('.', '/')}.html").stat().st_size > 10_000, module
    assert "Scores texts against their puzzles" in (tmp_path / "stream_of_search.html").read_text(encoding="utf-8")


def test_all_names_are_there_once_and_in_order() -> None:
    assert sos.__all__ == sorted(set(sos.__all__))
    assert (PACKAGE / "py.typed").exists() and (PACKAGE / "_core.pyi").exists()
