"""A program of `examples`: deployed as it is, then with a line changed, by whoever may do what docs/operator says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.make_operator_policies import needed
from tests.demo.stage import build_network
from tests.embedded_aws import Call, EmbeddedAws
from tests.end_to_end.deployment import Deployment, environment
from tests.end_to_end.operator import Operator
from tests.example_programs import EXAMPLES
from tests.toolchain import Project

_BESIDES = {
    "callers": ["iam:*"],
    "closed_network": ["ec2:*"],
    "existing_resources": ["ec2:*", "iam:*", "kms:*"],
}
"""What whoever runs Terraform may do for what an example makes or looks up beside the endpoint."""


@dataclass(kw_only=True)
class Example(Deployment):
    """The stack of `text`, an example's program; its inputs are those that differ between accounts."""

    name: str
    text: str
    operator: Operator

    @staticmethod
    def of(aws: EmbeddedAws, directory: Path, name: str) -> Example:
        """Take examples/<name>/main.py, whose stack has the same name, and a network if it is about one."""
        text = (EXAMPLES / name / "main.py").read_text(encoding="utf-8")
        inputs: dict[str, object] = {"region": aws.region}
        if '"vpc_id"' in text:
            inputs["vpc_id"], inputs["private_subnet_ids"] = build_network(aws.client("ec2"))
        operator = Operator.of(aws, f"operator-of-{name}")
        variables = {**environment(aws), **operator.credentials}
        project = Project(directory=directory, main=directory / "example.py", environment=variables)
        stack = name.replace("_", "-")
        return Example(aws=aws, project=project, stack=stack, inputs=inputs, name=name, text=text, operator=operator)

    def edit(self, old: str, new: str) -> list[Call]:
        """Apply the program with another text in one place."""
        assert self.text.count(old) == 1, f"{old!r} stands {self.text.count(old)} times in the example"
        self.text = self.text.replace(old, new)
        self._synthesize()
        with self.operator.at_work():
            return self._writes(self.apply)

    def configuration(self) -> dict[str, Any]:
        """Ask the account for the live configuration."""
        sagemaker = self.aws.client("sagemaker")
        live = sagemaker.describe_endpoint(EndpointName=self.stack)["EndpointConfigName"]
        described: dict[str, Any] = sagemaker.describe_endpoint_config(EndpointConfigName=live)
        return described

    def models(self) -> list[dict[str, Any]]:
        """Ask the account for the models of the live configuration."""
        sagemaker = self.aws.client("sagemaker")
        found = self.configuration()
        variants = [*found["ProductionVariants"], *found.get("ShadowProductionVariants", [])]
        return [sagemaker.describe_model(ModelName=each["ModelName"]) for each in variants]

    def _synthesize(self) -> None:
        self.project.directory.mkdir(parents=True, exist_ok=True)
        self.project.main.write_text(self.text, encoding="utf-8")
        self.project.synth()
        path = self.project.stack_directory(self.stack) / "cdk.tf.json"
        written = json.loads(path.read_text(encoding="utf-8"))
        types = {*written["resource"], *written.get("data", {})}
        self.operator.allow(needed(types), endpoint_name=self.stack, besides=_BESIDES.get(self.name, []))
