"""Two whole configurations, so that a change of the library shows what it changes for its users.

After a change that is meant, renew them and read the difference before it is committed::

    RENEW_SNAPSHOTS=1 .venv/bin/pytest tests/test_snapshots.py && git diff tests/snapshots
"""

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sagemaker_endpoint import EgressRule, EncryptionKey, ExecutionRole, InterfaceCleanup, Logs

import pytest

from tests.examples import IMAGE, MODEL, NETWORK, VARIANT, reference_app, synthesize
from tests.synthesized import Synthesized

SNAPSHOTS = Path(__file__).with_name("snapshots")
# The script's path holds a hash of its content.
_ASSET = re.compile(r"(assets/\w+)/[0-9A-F]{32}/")


def two_variants() -> Synthesized:
    """Give an endpoint that states as much as it can, all of it known at synthesis."""
    blue = replace(VARIANT, variant_name="blue", initial_variant_weight=9, volume_size_in_gb=30)
    green = replace(
        VARIANT,
        variant_name="green",
        model=replace(MODEL, image=IMAGE.replace(":1.4", ":1.5"), model_data_url="s3://models/2/model.tar.gz"),
        instance_type="ml.c5.large",
        model_data_download_timeout_in_seconds=600,
        container_startup_health_check_timeout_in_seconds=600,
    )
    https = EgressRule(description="HTTPS to VPC endpoints", from_port=443, cidr_ipv4="10.0.0.0/16")
    return synthesize(
        network=replace(NETWORK, egress={"https": https}),
        production_variants=[blue, green],
        execution_role=ExecutionRole(
            permissions_boundary_arn="arn:aws:iam::111122223333:policy/boundary",
            additional_policy_arns={"tables": "arn:aws:iam::111122223333:policy/tables"},
        ),
        key=EncryptionKey(deletion_window_in_days=7),
        logs=Logs(retention_in_days=30),
        interface_cleanup=InterfaceCleanup(role_arn="arn:aws:iam::111122223333:role/operator", timeout_in_seconds=600),
        tags={"team": "ml-platform"},
    )


@pytest.mark.parametrize("make", [reference_app, two_variants])
def test_the_configuration_is_what_it_was(make: Callable[[], Synthesized]) -> None:
    configuration = make().configuration
    configuration.pop("terraform", None)  # the providers' versions, which are the bindings'
    found = _ASSET.sub(r"\1/HASH/", json.dumps(configuration, indent=2, sort_keys=True)) + "\n"
    snapshot = SNAPSHOTS / f"{make.__name__}.cdk.tf.json"
    if os.environ.get("RENEW_SNAPSHOTS") == "1":
        snapshot.write_text(found, encoding="utf-8")
    assert found == snapshot.read_text(encoding="utf-8"), "if this is meant, see the top of this file"
