"""What imports what, read from the source: in functions and for types only as well, and without importing it."""

import ast
from pathlib import Path


def imports(path: Path, root: Path) -> set[str]:
    """Give what a module below a source root imports, by full names: ``json``, ``package.folder.module.function``."""
    here = path.relative_to(root).parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = [*(here[: -node.level] if node.level else ()), *([node.module] if node.module else ())]
            found |= {".".join([*parts, alias.name]) for alias in node.names}
    return found


def folder_edges(package: Path) -> set[tuple[str, str]]:
    """Give each pair of a package's folders of which the first imports from the second.

    A folder goes by its path below the package, such as ``sections/logs``; the package's own is ``.``.
    """
    found = {
        (path.parent, _folder(name, package.parent))
        for path in package.rglob("*.py")
        for name in imports(path, package.parent)
        if name.partition(".")[0] == package.name
    }
    return {
        (importer.relative_to(package).as_posix(), folder.relative_to(package).as_posix())
        for importer, folder in found
        if importer != folder
    }


def _folder(name: str, root: Path) -> Path:
    """Give the innermost folder on the way to a name."""
    folder = root
    for part in name.split("."):
        if not (folder / part).is_dir():
            break
        folder /= part
    return folder
