"""Which files are pages of the documentation's site: mkdocs.yml names this as its hook.

The pages are the repository's own, where they are, so that a link leads to the same place in both. A link to any other
file, such as a test, leads to the repository. The pages of the API are made from the public names.
"""

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

REPOSITORY = Path(__file__).resolve().parents[1]
LIBRARY = REPOSITORY / "constructs" / "sagemaker_endpoint"
_PAGES = ("*.md", "docs/*.md", "docs/*.svg", "docs/theme/*", "examples/*.md", "examples/*/*.md", "examples/*/*.svg")
_METHODS = {"CapacitySize": ["percent", "instances"], "EndpointMetrics": ["metric"], "Metric": ["alarm_arguments"]}
"""What inputs have for their users beside what is stated; all else that they have, the library asks of them."""
_LINK = re.compile(r"(?<=\]\()(?!https:|#)([^)#]+)((?:#[^)]*)?)(?=\))")


def public_names() -> dict[str, list[str]]:
    """Give the public names by the folder that they come from; `endpoint` is the construct's own."""
    names: dict[str, list[str]] = defaultdict(list)
    for node in ast.parse((LIBRARY / "__init__.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.level and node.module:
            names[node.module.partition(".")[0]] += [alias.name for alias in node.names]
    return names


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Put the repository's pages and those of the API in the place of what MkDocs has found."""
    for file in [*files]:
        if file.src_dir == config.docs_dir:
            files.remove(file)
    for path in sorted(path for pattern in _PAGES for path in REPOSITORY.glob(pattern)):
        uri = path.relative_to(REPOSITORY).as_posix()
        files.append(File.generated(config, uri, abs_src_path=str(path)))
    for folder, names in public_names().items():
        files.append(File.generated(config, f"api/{folder}.md", content="\n".join(_api(folder, names))))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links to what is no page lead to the repository."""
    folder = (REPOSITORY / page.file.src_uri).parent

    def led(found: re.Match[str]) -> str:
        target = (folder / found[1]).resolve()
        uri = target.relative_to(REPOSITORY).as_posix()
        if files.get_file_from_path(uri) or not target.exists():  # what is not there at all, MkDocs tells
            return found[0]
        return f"{config.extra['repository']}/blob/main/{uri}{found[2]}"

    return _LINK.sub(led, markdown)


def _api(folder: str, names: list[str]) -> Iterator[str]:
    are_inputs = (LIBRARY / folder).is_dir()
    path = LIBRARY / folder / "__init__.py" if are_inputs else LIBRARY / f"{folder}.py"
    purpose = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    yield f"# API: {folder}\n\n{purpose}\n"
    for name in names:
        yield f"::: sagemaker_endpoint.{name}"
        yield f"    options: {{members: {json.dumps(_METHODS.get(name, []) if are_inputs else None)}}}\n"
