"""The demo, step by step."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from tests.embedded_aws import EmbeddedAws
from tests.toolchain import Applied, Project, Providers, Terraform
from tests.toolchain.environment import CACHE, REPOSITORY
from tests.toolchain.installed import InstalledTerraform

from .doctor import examine
from .inventory import keys_pending_deletion, take_inventory
from .progress import Progress, say, show_terraform
from .stage import ENDPOINT, furnish, image, live_image, variables

INTRODUCTION = f"""\
main.py's endpoint, deployed, updated and destroyed by the real Terraform, on an AWS that runs on this machine.

  It takes      one to two minutes; the first time it downloads Terraform's providers besides.
  It touches    no AWS account.
  It writes     to a temporary folder in {tempfile.gettempdir()}, which is gone at the end, and to
                {CACHE.relative_to(REPOSITORY)} what the next run needs again: up to 1.2 GB."""

NEXT = """\
What next:
  an endpoint of your own      README.md: Install, Ten lines, Deploy
  a program to start from      examples/README.md
  this one, in an account      make synth, and docs/deploy.md
  all guides, in a browser     make docs"""


class DemoError(Exception):
    """Something in the account is not as it has to be."""


def run_demo() -> None:
    """Take main.py's endpoint from synthesis to a clean destroy."""
    say(INTRODUCTION)
    progress = Progress()
    with contextlib.ExitStack() as stack:
        with progress.step("Look for Terraform and its providers"):
            say(f"    Terraform {InstalledTerraform.find().version}")
            say(f"    providers {Providers.find().describe()}")
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="sagemaker-endpoint-demo-"))
        with progress.step("Start the embedded AWS"):
            aws = stack.enter_context(EmbeddedAws())
            say(f"    {aws.url}, region {aws.region}")
        created = _Run(aws, Path(scratch), progress).all_steps()
    say(f"\nCreated on the way, and gone again ({len(created)}):")
    say("\n".join(f"  {name}" for name in sorted(created)))
    say(f"\nHow long it took:\n{progress.table()}")
    say(f"\n{NEXT}")


class _Run:
    """One run, on an AWS that is up."""

    def __init__(self, aws: EmbeddedAws, directory: Path, progress: Progress) -> None:
        self._aws = aws
        self._step = progress.step
        # By default jsii unpacks the engine and its bindings to HOME.
        unpacked = {"JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(CACHE / "jsii")}
        self._project = Project(directory=directory, environment=aws.environment() | unpacked, report=show_terraform)

    def all_steps(self) -> frozenset[str]:
        """Go through all steps; give what was created on the way."""
        terraform = self._synthesize()
        before = take_inventory(self._aws.client)
        self._apply(terraform)
        created = take_inventory(self._aws.client) - before
        self._ask_the_doctor(terraform)
        self._plan_again(terraform)
        terraform = self._change_the_image(terraform)
        created |= take_inventory(self._aws.client) - before
        self._destroy(terraform)
        self._look_for_leftovers(take_inventory(self._aws.client) - before)
        return created

    def _synthesize(self) -> Terraform:
        with self._step("Make a VPC with private subnets in two zones, images and model data"):
            values = variables(self._aws.client("ec2"), region=self._aws.region)
            say(f"    {values['vpc_id']}, {values['private_subnet_ids']}")
            furnish(self._aws, values)
        with self._step("Synthesize main.py"):
            self._project.synth()
        return self._project.terraform(variables=values)

    def _apply(self, terraform: Terraform) -> None:
        with self._step("terraform init"):
            terraform.init()
        with self._step("terraform apply"):
            _say_counts(terraform.apply())
            say(f"    endpoint {ENDPOINT} serves {self._live_image()}")

    def _ask_the_doctor(self, terraform: Terraform) -> None:
        with self._step("sagemaker-endpoint doctor"):
            say(examine(terraform))

    def _plan_again(self, terraform: Terraform) -> None:
        with self._step("terraform plan, a second time"):
            plan = terraform.plan()
            if not plan.is_empty:
                raise DemoError(f"The second plan is not empty:\n{plan.text}")
            say("    no changes")

    def _change_the_image(self, terraform: Terraform) -> Terraform:
        wanted = image(self._aws.region, "2.0")
        terraform = terraform.with_variables(image=wanted)
        with self._step("terraform apply, with a new image"):
            before = self._live_image()
            _say_counts(terraform.apply())
            after = self._live_image()
            say(f"    endpoint {ENDPOINT} served {before}\n    endpoint {ENDPOINT} serves {after}")
            if after != wanted:
                raise DemoError(f"The endpoint serves {after}, not the new image {wanted}.")
        return terraform

    def _destroy(self, terraform: Terraform) -> None:
        with self._step("terraform destroy"):
            _say_counts(terraform.destroy())

    def _look_for_leftovers(self, left: frozenset[str]) -> None:
        with self._step("Ask the account what is left"):
            if left:
                raise DemoError("This is left after the destroy:\n" + "\n".join(f"  {name}" for name in sorted(left)))
            pending = ", ".join(keys_pending_deletion(self._aws.client))
            say(f"    nothing; AWS deletes KMS key {pending} at the end of its waiting period")

    def _live_image(self) -> str:
        return live_image(self._aws.client("sagemaker"))


def _say_counts(applied: Applied) -> None:
    say(f"    {applied.added} added, {applied.changed} changed, {applied.destroyed} destroyed")
