"""The import graph of a package is that of its source."""

from pathlib import Path

from tests.import_graph import folder_edges, imports


def test_relative_absolute_late_and_typing_imports_are_edges(tmp_path: Path) -> None:
    package = tmp_path / "package"
    sources = {
        "__main__.py": "import sys\nfrom .top.cli import main\n",
        "top/cli.py": "from ..low import word\nfrom .sibling import name\ndef f():\n    import package.middle.deep\n",
        "middle/__init__.py": "from . import deep\n",
        "middle/deep/x.py": "if TYPE_CHECKING:\n    from package.low.word import Word\n",
        "low/word.py": "import packages.top\nfrom json import package\n",
    }
    for name, source in sources.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(source, encoding="utf-8")
    assert folder_edges(package) == {
        (".", "top"),
        ("top", "low"),
        ("top", "middle/deep"),
        ("middle", "middle/deep"),
        ("middle/deep", "low"),
    }
    assert imports(package / "low" / "word.py", tmp_path) == {"packages.top", "json.package"}
