"""The names from Terraform's outputs. The one other program that the doctor runs is ``terraform output``."""

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sagemaker_endpoint_doctor.examination.errors import CannotStartError
from sagemaker_endpoint_doctor.examination.names import Names

TIMEOUT_IN_SECONDS = 60
_REQUIRED = ("endpoint_name", "endpoint_arn")
_HELPFUL = ("endpoint_config_name", "security_group_id", "execution_role_arn")
_ARN = re.compile(r"arn:[^:]+:sagemaker:(?P<region>[a-z0-9-]+):(?P<account_id>[0-9]{12}):endpoint/.+")
_FRAME = re.compile("[╷│╵]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """What Terraform's outputs say.

    Attributes:
        names: The names in them.
        missing: The outputs without which the doctor knows less than it could.
    """

    names: Names
    missing: Sequence[str]


def read(directory: Path) -> Outputs:
    """Read the outputs of the stack in a folder.

    Raises:
        CannotStartError: Terraform does not give them, or what must be among them is not.
    """
    values = _values(directory)
    known = {"endpoint_name": values["endpoint_name"]} if "endpoint_name" in values else {}
    absent = [name for name in _REQUIRED if name not in values]
    if absent:
        raise CannotStartError(
            f"Terraform's outputs in {directory} lack {' and '.join(absent)}, or hold no text there: run terraform "
            "apply, add them as main.py does, or give --endpoint-name and --region instead.",
            **known,
        )
    arn = _ARN.fullmatch(values["endpoint_arn"])
    if not arn:
        raise CannotStartError(
            f"Terraform's output endpoint_arn in {directory} is {values['endpoint_arn']!r}, not the ARN of a "
            "SageMaker endpoint: correct it, or give --endpoint-name and --region instead.",
            **known,
        )
    names = Names(
        endpoint_name=values["endpoint_name"],
        region=arn["region"],
        account_id=arn["account_id"],
        **{name: values.get(name) for name in _HELPFUL},
    )
    return Outputs(names=names, missing=[name for name in _HELPFUL if name not in values])


def _values(directory: Path) -> Mapping[str, str]:
    """Give the outputs that are texts; one that is null counts as missing."""
    try:
        outputs: Mapping[str, Mapping[str, object]] = json.loads(_output(directory))
    except ValueError as error:
        raise CannotStartError(f"terraform output -json in {directory} printed no JSON: {error}.") from error
    try:
        values = {name: output.get("value") for name, output in outputs.items()}
    except AttributeError as error:
        raise CannotStartError(f"terraform output -json in {directory} printed something else than outputs.") from error
    return {name: value for name, value in values.items() if isinstance(value, str) and value}


def _output(directory: Path) -> str:
    try:
        return subprocess.run(  # noqa: S603 - no shell is in it, and the folder stays one argument
            ["terraform", f"-chdir={directory}", "output", "-json", "-no-color"],  # noqa: S607 - the user's own, on PATH
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_IN_SECONDS,
            check=True,
        ).stdout
    except FileNotFoundError as error:
        raise CannotStartError(
            "Terraform is not on PATH: install it, or give --endpoint-name and --region instead."
        ) from error
    except OSError as error:
        raise CannotStartError(
            f"Terraform cannot be run ({error}): mend it, or give --endpoint-name and --region instead."
        ) from error
    except subprocess.TimeoutExpired as error:
        raise CannotStartError(
            f"terraform output in {directory} did not answer within {TIMEOUT_IN_SECONDS} seconds: can its state be "
            "reached? You can give --endpoint-name and --region instead."
        ) from error
    except subprocess.CalledProcessError as error:
        raise CannotStartError(f"terraform output in {directory} failed: {_in_one_line(error.stderr)}") from error


def _in_one_line(text: str) -> str:
    """Take Terraform's frame off an error."""
    return " ".join(_FRAME.sub(" ", text).split())
