"""The stacks, all from one synthesis: what differs between tests besides is a Terraform variable."""

from sagemaker_endpoint import (
    EncryptionKey,
    InstanceProductionVariant,
    InterfaceCleanup,
    Model,
    PrivateNetwork,
    SageMakerEndpoint,
)

from cdktf import App, LocalBackend, TerraformOutput, TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_null.provider import NullProvider
from constructs import Construct


class Stack(TerraformStack):
    """Some endpoints in one VPC, with a key that is there already: one of their own takes its time."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cleanup: InterfaceCleanup,
        names: tuple[str, ...] = ("",),
        own_group: bool = True,
        patience: str = "5s",
    ) -> None:
        super().__init__(scope, id)
        text = {
            name: TerraformVariable(self, name, type="string").string_value
            for name in ("region", "endpoint_name", "vpc_id", "kms_key_arn", "image", "instance_type")
        }
        count = TerraformVariable(self, "instance_count", type="number").number_value
        subnet_ids = TerraformVariable(self, "subnet_ids", type="list(string)").list_value
        groups = None if own_group else [TerraformVariable(self, "security_group_id", type="string").string_value]
        LocalBackend(self, path="terraform.tfstate")  # beside the copy of the stack that a test has
        AwsProvider(self, "aws", region=text["region"])
        NullProvider(self, "null")
        for name in names:
            endpoint = SageMakerEndpoint(
                self,
                f"Endpoint{name}",
                endpoint_name=text["endpoint_name"] + name,
                network=PrivateNetwork(vpc_id=text["vpc_id"], subnet_ids=subnet_ids, security_group_ids=groups),
                production_variants=[
                    InstanceProductionVariant(
                        model=Model(image=text["image"]),
                        instance_type=text["instance_type"],
                        initial_instance_count=count,
                    )
                ],
                key=EncryptionKey(kms_key_arn=text["kms_key_arn"]),
                interface_cleanup=cleanup,
            )
            TerraformOutput(self, f"group{name}", value=endpoint.security_group_ids[0])
        for each in self.node.find_all():
            if isinstance(each, SecurityGroup):
                each.put_timeouts(delete=patience)  # what the clean-up leaves in it shows soon


def _quick(*, mark: bool = False, timeout: int = 120, detach_after: int = 120) -> InterfaceCleanup:
    return InterfaceCleanup(
        mark=mark, interval_in_seconds=1, timeout_in_seconds=timeout, detach_after_in_seconds=detach_after
    )


def _secretive(app: App) -> None:
    """Make a stack whose clean-up assumes a role with a secret external id."""
    external_id = "${var.external_id}"
    cleanup = InterfaceCleanup(
        mark=False, interval_in_seconds=1, role_arn="arn:aws:iam::123456789012:role/operator", external_id=external_id
    )
    stack = Stack(app, "secretive", cleanup=cleanup)
    TerraformVariable(stack, "external_id", type="string", sensitive=True)


def main() -> None:
    """Write cdktf.out/."""
    app = App()
    Stack(app, "marked", cleanup=_quick(mark=True))
    Stack(app, "moving", cleanup=_quick(mark=True, timeout=300), patience="10m")
    _secretive(app)
    Stack(app, "unmarked", cleanup=_quick())
    Stack(app, "forceful", cleanup=_quick(detach_after=0))
    Stack(app, "hasty", cleanup=_quick(timeout=8, detach_after=0))
    Stack(app, "without", cleanup=InterfaceCleanup(enabled=False))
    Stack(app, "two", cleanup=_quick(), names=("-a", "-b"))
    Stack(app, "existing", cleanup=InterfaceCleanup(), own_group=False)
    app.synth()


if __name__ == "__main__":
    main()
