"""Expressions mean in Terraform what the values mean in Python: the real Terraform says so."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sagemaker_endpoint.engine.expressions import escaped, expression, lowered, truncated

import jsii
import pytest
from cdktf import (
    App,
    Fn,
    IAnyProducer,
    IListProducer,
    IStringProducer,
    Lazy,
    TerraformOutput,
    TerraformStack,
    TerraformVariable,
    Token,
)
from cdktf_cdktf_provider_aws.iam_role import IamRole

from tests.console import evaluate
from tests.examples import stack, variable
from tests.synthesized import Synthesized


def output(scope: TerraformStack, value: str) -> object:
    """Give an output's value as CDKTF writes it."""
    TerraformOutput(scope, "written", value=value, static_id=True)
    written: object = Synthesized(scope).configuration["output"]["written"]["value"]
    return written


LITERALS = [
    "plain",
    "",
    'a "quoted" \\ back\\slash',
    "two\nlines\tand a tab",
    "{braces} } {",
    "Zürich 東京",
    "a $ and 5 %",
    "\b\f\\b \\f \x00\x7f\u2028 \U0001f600 \U0010ffff",
    [],
    ["a", "}"],
    ("a", "b"),
]


def test_a_literal_stays_what_it_is() -> None:
    scope = stack()
    written = output(scope, f"${{[{', '.join(map(expression, LITERALS))}]}}")
    assert evaluate(written) == [list(each) if isinstance(each, tuple) else each for each in LITERALS]


def test_an_escaped_dollar_is_no_interpolation() -> None:
    assert evaluate(output(stack(), f"${{{expression('$${HOME}/${var.value}')}}}"), {"value": "a"}) == "$${HOME}/a"
    assert expression("$${HOME}") == r'"$$\u007bHOME\u007d"'


@pytest.mark.parametrize(
    ("raw", "meaning"),
    [
        ("${var.value}", "a"),
        ("x-${var.value}", "x-a"),
        ("${var.value}-${var.value}{}", "a-a{}"),
        ("${upper(var.value)}.tar.gz", "A.tar.gz"),
        ('${var.value == "a" ? "yes" : "no"}!', "yes!"),
    ],
)
def test_raw_interpolation_is_evaluated(raw: str, meaning: str) -> None:
    assert evaluate(output(stack(), f"${{{expression(raw)}}}"), {"value": "a"}) == meaning


def test_tokens_are_evaluated_wherever_they_stand() -> None:
    scope = stack()
    text = variable(scope, "string", "text").string_value
    values = variable(scope, "list(string)", "values").list_value
    given = [expression(each) for each in (text, f"a-{text}-{{b}}", values, [text, "c"])]
    written = output(scope, f"${{jsonencode([{', '.join(given)}])}}")
    variables = {"text": "t", "values": ["x", "y"]}
    meaning = evaluate([written], variables)
    assert meaning == ['["t","a-t-{b}",["x","y"],["t","c"]]']


def test_functions_of_cdktf_are_evaluated() -> None:
    scope = stack()
    text = variable(scope).string_value
    written = output(scope, f"${{{expression([Fn.jsonencode({'a': text}), Fn.upper(text)])}}}")
    assert evaluate(written, {"value": "t"}) == ['{"a":"t"}', "T"]


def test_what_is_known_is_cut_and_lowered_here() -> None:
    assert truncated("Sentiment", 4) == "Sent"
    assert truncated("Sentiment", 20) == "Sentiment"
    assert lowered("Sentiment-É") == "sentiment-é"


def test_what_is_deferred_is_cut_and_lowered_in_terraform() -> None:
    scope = stack()
    name = variable(scope).string_value
    written = output(scope, f"{truncated(name, 4)} {truncated(f'X{name}', 4)} {lowered(name)} {truncated(name, 99)}")
    assert evaluate(written, {"value": "Sentiment"}) == "Sent XSen sentiment Sentiment"


class _Producer:
    def __init__(self, value: Any) -> None:  # noqa: ANN401 - what is produced
        self._value = value

    def produce(self, context: object = None) -> Any:  # noqa: ANN401, ARG002 - CDKTF's signature
        return self._value


@jsii.implements(IStringProducer)
class Text(_Producer):
    pass


@jsii.implements(IListProducer)
class List(_Producer):
    pass


@jsii.implements(IAnyProducer)
class Anything(_Producer):
    pass


FORMS: dict[str, Callable[[TerraformVariable], str]] = {
    "a variable": lambda given: given.string_value,
    "a token of it": lambda given: Token.as_string(given.value),
    "a function": lambda given: Fn.upper(given.string_value),
    "a function of any type": lambda given: Token.as_string(Fn.element(["x", given.value], 1)),
    "a condition": lambda given: Token.as_string(Fn.conditional(True, given.string_value, "never")),
    "a token of raw text": lambda _: Token.as_string("${var.value}"),
    "a token of a template": lambda _: Token.as_string("x-${var.value}"),
    "a token of plain text": lambda _: Token.as_string("a.b"),
    "raw text": lambda _: "${var.value}",
    "raw text with braces": lambda _: '${ { b = "}" }["b"] }${var.value}',
    "raw text that nests": lambda _: '${upper("x${lower("${var.value}")}{")}-{"${var.value}',
    "raw text with a token": lambda given: f"${{upper({given.string_value})}}",
    "raw text with a condition": lambda _: '${var.value == "a" ? "yes" : "no"}',
    "a number in a text": lambda _: f"<{Token.as_number('${var.value == null ? 0 : 7}')}>",
    "a lazy text": lambda _: Lazy.string_value(Text("a.b")),
    "a lazy template": lambda _: Lazy.string_value(Text('"${var.value}"')),
    "a lazy variable": lambda given: Lazy.string_value(Text(given.string_value)),
    "a lazy number": lambda _: Token.as_string(Lazy.any_value(Anything(7))),
    "a text around a condition": lambda given: (
        f"<{Token.as_string(Fn.conditional(True, given.string_value, 'never'))}{{}}>"
    ),
}


def meanings(written: list[object], variables: dict[str, object]) -> list[object]:
    found = evaluate(written, variables)
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_of_a_text_means_in_an_expression_what_it_means_alone(
    form: Callable[[TerraformVariable], str],
) -> None:
    scope = stack()
    value = form(variable(scope))
    written = f'${{"a" == {expression(value)} ? "same" : join("", [{expression(value)}, "!"])}}'
    TerraformOutput(scope, "alone", value=value, static_id=True)
    TerraformOutput(scope, "inside", value=written, static_id=True)
    outputs = Synthesized(scope).configuration["output"]
    alone, inside = (outputs[name]["value"] for name in ("alone", "inside"))
    meaning, in_expression = meanings([alone, inside], {"value": "a"})
    assert in_expression == ("same" if meaning == "a" else f"{meaning}!")


LISTS: dict[str, Callable[[TerraformVariable], Sequence[str]]] = {
    "a variable": lambda given: given.list_value,
    "a token of it": lambda given: Token.as_list(given.value),
    "a function": lambda given: Token.as_list(Fn.concat([given.list_value, ["z"]])),
    "a condition": lambda given: Token.as_list(Fn.conditional(True, given.list_value, ["never"])),
    "a token of raw text": lambda _: Token.as_list("${var.value}"),
    "a lazy list": lambda _: Lazy.list_value(List(["x", "y-${var.value[0]}"])),
    "a lazy variable": lambda given: Lazy.list_value(List(given.list_value)),
    "texts": lambda given: ["x", "${var.value[1]}", Token.as_string(Fn.element(given.list_value, 0))],
}


@pytest.mark.parametrize("form", LISTS.values(), ids=LISTS)
def test_every_form_of_a_list_means_in_an_expression_what_it_means_alone(
    form: Callable[[TerraformVariable], Sequence[str]],
) -> None:
    scope = stack()
    value = form(variable(scope, "list(string)"))
    TerraformOutput(scope, "alone", value=value, static_id=True)
    TerraformOutput(scope, "inside", value=f"${{concat({expression(value)}, [])}}", static_id=True)
    outputs = Synthesized(scope).configuration["output"]
    assert (
        len(
            {
                *map(
                    json.dumps,
                    meanings([outputs[name]["value"] for name in ("alone", "inside")], {"value": ["p", "q"]}),
                )
            }
        )
        == 1
    )


def test_a_text_that_is_no_template_stays_what_it_is() -> None:
    assert evaluate(escaped("${x} %{if} $ %")) == "${x} %{if} $ %"


def test_a_reference_to_another_stack_becomes_that_stacks_output(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path), skip_validation=True)
    network, scope = TerraformStack(app, "network"), TerraformStack(app, "stack")
    role = IamRole(network, "Role", assume_role_policy="{}").name
    texts = [role, f"x-{role}", Token.as_string(Fn.conditional(True, role, "never"))]
    for number, text in enumerate(texts):
        TerraformOutput(scope, f"{number}", value=f"${{upper({expression(text)})}}", static_id=True)
    app.synth()
    made = Synthesized((tmp_path / "stacks" / "stack" / "cdk.tf.json").read_text(encoding="utf-8"))
    name = (
        "data.terraform_remote_state.cross-stack-reference-input-network.outputs."
        "cross-stack-output-aws_iam_roleRolename"
    )
    assert [each["value"] for each in made.configuration["output"].values()] == [
        f"${{upper({name})}}",
        f'${{upper(join("", ["x-", {name}]))}}',
        f'${{upper((true ? {name} : "never"))}}',
    ]
