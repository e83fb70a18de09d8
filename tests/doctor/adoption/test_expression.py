"""Expressions are Python that means what they were made of, in ruff's form."""

import ast
import subprocess
import sys

from sagemaker_endpoint_doctor.adoption.expression import Call, names, written

import pytest
from hypothesis import given
from hypothesis import strategies as st


@given(st.text())
def test_a_text_is_that_text_once_terraform_has_read_it(text: str) -> None:
    read = ast.literal_eval(written(text))
    assert read.replace("$${", "${").replace("%%{", "%{") == text.replace("$${", "${").replace("%%{", "%{")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("info", '"info"'), ('say "so"', "'say \"so\"'"), ("${HOME} %{if}", '"$${HOME} %%{if}"'), ("a\nb", '"a\\nb"')],
)
def test_a_text_is_in_double_quotes_and_no_template(text: str, expected: str) -> None:
    assert written(text) == expected


def test_a_call_states_what_is_not_none_and_names_its_classes() -> None:
    call = Call("Model", {"image": "a", "environment": None, "source": Call("S3DataSource", {"s3_uri": "s3://a/"})})
    assert written(call) == 'Model(image="a", source=S3DataSource(s3_uri="s3://a/"))'
    assert [*names([call])] == ["Model", "S3DataSource"]


def test_what_is_long_is_broken_as_ruff_breaks_it() -> None:
    model = Call("Model", {"image": "x" * 60, "environment": {"A": "b" * 30, "C": ["d" * 60, 1.5, True]}})
    program = f"made = {written(Call('Endpoint', {'models': [model], 'count': 2}, positional=('stack',)), before=7)}\n"
    formatted = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--isolated",
        "--line-length=120",
        "--stdin-filename=a.py",
        "-",
    ]
    done = subprocess.run(formatted, input=program, capture_output=True, text=True, check=True)
    assert program == done.stdout
