"""What the AWS provider has, as far as its bindings know."""

import ast
import importlib.util
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from .aws import HOSTING, SCALING, Request
from .error import CoverageError

BINDINGS: Final = "cdktf_cdktf_provider_aws"

Tree: TypeAlias = dict[str, "Tree | None"]
"""Terraform's arguments by name; None is one that is no block."""
Argument: TypeAlias = tuple[str, ...]
"""A resource's type and the path of an argument in it."""

# In each resource, beside what CDKTF has in all of them.
_META_ARGUMENTS: Final = {"connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioners"}
# Terraform's own, which are no settings of AWS's: where the request goes, and what the provider makes of `tags`.
_TERRAFORMS_OWN: Final = {"id", "region", "tags_all"}
# AWS's names that are not Terraform's in snake case, nor in the singular.
_RENAMED: Final[Mapping[str, Sequence[str]]] = {
    "ModelName": ["name"],
    "EndpointConfigName": ["name", "name_prefix"],
    "EndpointName": ["name"],
    "KmsKeyId": ["kms_key_arn"],
    "PolicyName": ["name"],
    "ScheduledActionName": ["name"],
}


@cache
def _source(module: str) -> str:
    spec = importlib.util.find_spec(BINDINGS)  # which imports none of its 2,200 modules
    (folder,) = (spec and spec.submodule_search_locations) or [""]
    return (Path(folder) / module / "__init__.py").read_text(encoding="utf-8")


@cache
def arguments(module: str) -> Tree:
    """Return the arguments of a resource, from the keywords of the classes that its bindings have for its blocks."""
    headers = re.findall(
        r"^class (\w+)[^\n]*:\n    def __init__(\(.*?\)) -> None:", _source(module), re.DOTALL | re.MULTILINE
    )
    classes = {name: _keywords(header) for name, header in headers}

    def block(name: str) -> Tree:
        found: Tree = {}
        for keyword, named in classes[name].items():
            inner = [each for each in named if each in classes]
            found[keyword] = block(inner[0]) if inner else None
        return found

    resource = "".join(map(str.title, module.split("_")))
    own = block(f"{resource}Config")
    return {name: each for name, each in own.items() if name not in _META_ARGUMENTS | _TERRAFORMS_OWN}


def _keywords(header: str) -> dict[str, list[str]]:
    """Return the keywords of a function's header, and the names in their types, in quotes or not."""
    (function,) = ast.parse(f"def function{header}: ...").body
    keywords = function.args.kwonlyargs if isinstance(function, ast.FunctionDef) else []
    parts = {each.arg: [*ast.walk(each)] for each in keywords}
    return {
        keyword: [
            *(str(node.value) for node in nodes if isinstance(node, ast.Constant)),
            *(node.id for node in nodes if isinstance(node, ast.Name)),
        ]
        for keyword, nodes in parts.items()
    }


def leaves(tree: Tree, *above: str) -> Iterator[Argument]:
    """Yield the paths of all arguments that are no blocks."""
    for name, each in tree.items():
        if each is None:
            yield (*above, name)
        else:
            yield from leaves(each, *above, name)


def arguments_of(request: Request, setting: str) -> list[Argument]:
    """Return the arguments that a setting of AWS's can be given by; none where the provider has none."""
    tree = arguments(request.module)
    path: Argument = (request.resource,)
    # Terraform has tags as a map.
    *blocks, last = re.sub(r"[\[\]{}]", "", re.sub(r"^Tags\[\].*", "Tags", setting)).split(".")
    for name in blocks:
        block, within = next(((each, tree[each]) for each in _names(name, tree)), ("", None))
        if within is None:
            return []
        path, tree = (*path, block), within
    return [(*path, each) for each in _names(last, tree)]


def _names(name: str, tree: Tree) -> list[str]:
    """Return what Terraform calls what AWS calls by this name."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    alike = [each for each in (snake, snake.removesuffix("s"), re.sub("ies$", "y", snake)) if each in tree]
    return alike[:1] or [each for each in _RENAMED.get(name, ()) if each in tree]


def require_settings(met: set[Argument]) -> None:
    """Refuse an argument that has not been met by any setting of AWS's."""
    every = {each for request in (*HOSTING, *SCALING) for each in leaves(arguments(request.module), request.resource)}
    if unmet := sorted(".".join(each) for each in every - met):
        raise CoverageError(f"no setting of AWS's is known for {unmet}: extend _RENAMED or _TERRAFORMS_OWN")


def provider_version() -> str:
    """Return the version of the AWS provider that the bindings are made for."""
    found = re.search(r"/hashicorp/aws/([\d.]+)/", _source(HOSTING[0].module))
    if found is None:
        raise CoverageError("the bindings do not name their provider's version any more")
    return found[1]
