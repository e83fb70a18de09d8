"""The endpoint's network interfaces: marked for deletion while it lives, released when it is gone.

SageMaker puts an interface for each instance into the subnets and may leave it there, and AWS deletes no security
group that an interface stands in. Two resources run ``eni_cleanup.sh``:

* *release* is what the endpoint depends on, so Terraform destroys it after the endpoint and before the security
  group and the role: it waits for interfaces to go, and deletes what stays.
* *mark* depends on the endpoint and runs again whenever its configuration changes: it sets the interfaces to be
  deleted with their instances.

They are two because a failed provisioner at creation taints its resource, and a tainted one skips its provisioner
at destruction. All values reach the script through the environment, none through a command line.
"""

from collections.abc import Sequence
from pathlib import Path

from .bindings import (
    AssetType,
    Construct,
    LocalExecProvisioner,
    NullResource,
    TerraformAsset,
    TerraformResource,
)

SCRIPT = "eni_cleanup.sh"


def script() -> Path:
    """Find the script: inside the installed package, or in the repository that the package is run from."""
    package = Path(__file__).resolve().parent
    candidates = (package / SCRIPT, package.parents[1] / "scripts" / SCRIPT)
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise FileNotFoundError(
        f"{SCRIPT} is neither in {candidates[0].parent} nor in {candidates[1].parent}: reinstall the package"
    )


class EndpointInterfaces(Construct):
    """Makes the release; `mark` makes the mark, once there is an endpoint.

    Attributes: `release`, for the endpoint to depend on.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDKTF's name for it
        *,
        endpoint_name: str,
        region: str,
        security_group_id: str,
        depends_on: Sequence[TerraformResource],
    ) -> None:
        super().__init__(scope, id)
        asset = TerraformAsset(self, "Script", path=str(script()), type=AssetType.FILE)
        # Called without a shell: a path with spaces stays one word, and no value is ever parsed as a command.
        self._interpreter = ["bash", f"${{path.module}}/{asset.path}"]
        # A destroy provisioner sees nothing but its own resource, so what it needs is kept in the triggers.
        self._triggers = {
            "security_group_id": security_group_id,
            "endpoint_name": endpoint_name,
            "region": region,
        }
        self.release: TerraformResource = NullResource(
            self,
            "Release",
            triggers=self._triggers,
            provisioners=[self._run("release", when="destroy")],
            depends_on=depends_on,
        )

    def mark(self, *, endpoint: TerraformResource, endpoint_arn: str, endpoint_config_name: str) -> None:
        """Mark the interfaces now, and again whenever the endpoint or its configuration is another."""
        NullResource(
            self,
            "Mark",
            triggers={
                **self._triggers,
                "endpoint_arn": endpoint_arn,
                "endpoint_config_name": endpoint_config_name,
            },
            provisioners=[self._run("mark")],
            depends_on=[endpoint],
        )

    def _run(self, mode: str, *, when: str | None = None) -> LocalExecProvisioner:
        return LocalExecProvisioner(
            type="local-exec",
            when=when,
            interpreter=self._interpreter,
            command=mode,
            environment={
                "ENI_CLEANUP_SECURITY_GROUP_ID": "${self.triggers.security_group_id}",
                "ENI_CLEANUP_ENDPOINT_NAME": "${self.triggers.endpoint_name}",
                "ENI_CLEANUP_REGION": "${self.triggers.region}",
            },
        )
