"""Expressions mean in Terraform what the values mean in Python: the real Terraform says so."""

from sagemaker_endpoint.expressions import expression, lowered, truncated

import pytest
from cdktf import Fn, TerraformOutput, TerraformStack

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
