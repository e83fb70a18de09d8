"""Terraform's meta-arguments for all that an endpoint is made of: which provider, and what to wait for.

https://developer.hashicorp.com/terraform/language/meta-arguments
"""

from collections.abc import Iterable, Iterator, Sequence

from .bindings import (
    Construct,
    DefaultTokenResolver,
    StringConcat,
    TerraformDataSource,
    TerraformElement,
    TerraformModule,
    TerraformProvider,
    TerraformResource,
    TerraformStack,
    Tokenization,
    engine_problems,
)

_Element = TerraformResource | TerraformDataSource | TerraformModule


def provider_problems(at: str, provider: object) -> Iterator[str]:
    """Yield what is wrong with a provider."""
    if found := [*engine_problems(at, provider)]:
        yield from found
        return
    if not isinstance(provider, TerraformProvider) or provider.terraform_resource_type != "aws":
        yield f"{at} must be an AwsProvider(...), got {provider!r}"


def depends_on_problems(at: str, scope: Construct, depends_on: object) -> Iterator[str]:
    """Yield what is wrong with what is to be waited for."""
    if isinstance(depends_on, str) or not isinstance(depends_on, Sequence):
        yield f"{at} must be a list of resources or of constructs that hold some, got {depends_on!r}"
        return
    stack = TerraformStack.of(scope).node.path
    path = scope.node.path
    for index, each in enumerate(depends_on):
        if found := [*engine_problems(f"{at}[{index}]", each)]:
            yield from found
        elif isinstance(each, Construct) and f"{path}/".startswith(f"{each.node.path}/".lstrip("/")):
            yield f"{at}[{index}] must not hold the endpoint itself, which would wait for itself: {each.node.path!r}"
        elif not isinstance(each, Construct) or not _elements(each):
            yield (
                f"{at}[{index}] must be a Terraform resource, data source or module, or a construct that holds a "
                f"resource, got {each!r}"
            )
        elif TerraformStack.of(each).node.path != stack:
            yield (
                f"{at}[{index}] must be in the endpoint's own stack, got {each.node.path}: let the stack wait for "
                "another one with add_dependency"
            )


def set_all(
    scope: Construct,
    waiting: Iterable[TerraformElement],
    *,
    provider: TerraformProvider | None,
    depends_on: Sequence[Construct],
) -> None:
    """Have all in a construct use a provider, and some of it wait for others, where either is given."""
    if provider is not None:
        set_provider(scope, provider)
    if depends_on:
        set_depends_on(waiting, depends_on)


def set_provider(scope: Construct, provider: TerraformProvider) -> None:
    """Have all AWS resources and data sources of a construct use a provider."""
    for element in scope.node.find_all():
        if isinstance(element, TerraformResource | TerraformDataSource) and element.terraform_resource_type.startswith(
            "aws_"
        ):
            element.provider = provider


def set_depends_on(elements: Iterable[TerraformElement], depends_on: Sequence[Construct]) -> None:
    """Have elements wait for others, beside what they wait for already: a list in an override is added."""
    waited_for = [element for each in depends_on for element in _elements(each)]
    references = Tokenization.resolve(
        [f"${{{element.fqn}}}" for element in waited_for],
        scope=waited_for[0],
        resolver=DefaultTokenResolver(StringConcat()),
        preparing=False,
    )
    addresses = [reference[2:-1] for reference in references]
    for element in elements:
        element.add_override("depends_on", addresses)


def _elements(construct: Construct) -> list[_Element]:
    if isinstance(construct, _Element):
        return [construct]
    found = construct.node.find_all()
    return [each for each in found if isinstance(each, TerraformResource | TerraformModule)]
