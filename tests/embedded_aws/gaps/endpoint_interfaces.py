"""The network interfaces that SageMaker makes in a customer's subnets, one for each instance of an endpoint.

moto makes none. The interfaces belong to SageMaker (requester-managed, attached to an instance of an AWS
account) and are not deleted on termination unless somebody sets that.
https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
https://github.com/hashicorp/terraform-provider-aws/issues/34397

The requester is the session of the execution role in which SageMaker asks for an interface: "the alias or ID of
the principal or service that created the network interface".
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html

Not documented, so assumed here: their description, the session's name and the owner of the attachment; that the
interfaces of instances which an update replaces end in the same ways as those of a deleted endpoint; and
that one which SageMaker never releases does not go with its instance, marked or not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.subnets import Subnet
from moto.ec2.utils import random_eni_attach_id
from moto.iam.models import iam_backends
from moto.sagemaker.exceptions import AWSValidationException
from moto.sagemaker.models import SageMakerModelBackend

from tests.embedded_aws.settings import InterfaceBehaviour

from .patching import Resource
from .sagemaker_resources import MODEL
from .schedule import Schedule

SERVICE_ACCOUNT = "111122223333"  # the account number of AWS's own examples
ROLE_ID = "AROAEMBEDDEDAWSSAGEMAKER"  # of a role that there is not; SageMaker would refuse it
DESCRIPTION = "[Do not delete] Network Interface created to access resources in your VPC for SageMaker Endpoint"


@dataclass(frozen=True, kw_only=True)
class ServiceAttachment:
    """The attachment to an instance that its owner cannot see: there is no instance id."""

    attachment_id: str
    attach_time: datetime
    delete_on_termination: bool
    device_index: int = 1
    network_card_index: int = 0
    instance_owner_id: str = SERVICE_ACCOUNT
    status: str = "attached"


class EndpointInterface(NetworkInterface):
    """A network interface that SageMaker has made."""

    def __init__(
        self, ec2_backend: EC2Backend, subnet: Subnet, groups: list[str], role_id: str, behaviour: InterfaceBehaviour
    ) -> None:
        super().__init__(ec2_backend, subnet, "", group_ids=groups, description=DESCRIPTION)
        self.behaviour = behaviour
        self.requester_managed = True
        self.requester_id = f"{role_id}:SageMaker"
        self.delete_on_termination = False
        self.status = "in-use"
        self.attachment_id = random_eni_attach_id()
        if behaviour.after_delete == "ela-attach":
            self.attachment_id = self.attachment_id.replace("eni-attach", "ela-attach")
        self.attach_time = utcnow()
        ec2_backend.enis[self.id] = self

    @property
    def attachment(self) -> ServiceAttachment | None:  # type: ignore[override] # moto's needs an instance
        if self.attachment_id is None or self.attach_time is None:
            return None
        return ServiceAttachment(
            attachment_id=self.attachment_id,
            attach_time=self.attach_time,
            delete_on_termination=bool(self.delete_on_termination),
        )

    def detach(self) -> None:
        self.attachment_id = None
        self.attach_time = None
        self.status = "available"

    def released(self) -> None:
        """Do what follows when SageMaker lets go of it."""
        if self.delete_on_termination or self.behaviour.after_delete == "vanish":
            self.ec2_backend.enis.pop(self.id, None)
        else:
            self.detach()


class EndpointInterfaces:
    """Makes the interfaces of endpoints and ends them, in one of the ways seen on AWS."""

    def __init__(self, *, schedule: Schedule, behaviour: InterfaceBehaviour) -> None:
        self._schedule = schedule
        self._behaviour = behaviour

    def behave(self, behaviour: InterfaceBehaviour) -> None:
        """Let those made from now on do otherwise at their end."""
        self._behaviour = behaviour

    def of(self, backend: SageMakerModelBackend, configuration: Resource) -> list[EndpointInterface]:
        """Make one for every instance whose model has a VpcConfig, or else whose configuration has."""
        return [
            interface
            for variant in _variants(configuration)
            for interface in _of_variant(backend, configuration, variant, self._behaviour)
        ]

    def let_go(self, interfaces: list[EndpointInterface]) -> None:
        """Do what follows the end of their instances."""
        for interface in interfaces:
            if interface.behaviour.after_delete in ("orphan", "vanish"):
                self._schedule.after(interface.behaviour.release_seconds, interface.released)


def _variants(configuration: Resource) -> list[dict[str, Any]]:
    return [*configuration.production_variants, *configuration.request.get("ShadowProductionVariants", [])]


def _of_variant(
    backend: SageMakerModelBackend, configuration: Resource, variant: dict[str, Any], behaviour: InterfaceBehaviour
) -> Iterator[EndpointInterface]:
    placed = MODEL.find(backend, variant["ModelName"]) if "ModelName" in variant else configuration
    placement = placed.request.get("VpcConfig")
    if not placement:
        return
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    for group in placement["SecurityGroupIds"]:
        if ec2.get_security_group_from_id(group) is None:
            raise AWSValidationException(f"The security group ID '{group}' does not exist")
    subnets = cycle(_subnets(ec2, placement["Subnets"]))
    role_id = _role_id(backend, placed.request["ExecutionRoleArn"])
    for _ in range(variant.get("InitialInstanceCount", 0)):
        interface = EndpointInterface(  # type: ignore[abstract] # moto's own leaves CloudFormation's part out too
            ec2, next(subnets), placement["SecurityGroupIds"], role_id, behaviour
        )
        yield interface


def _role_id(backend: SageMakerModelBackend, role_arn: str) -> str:
    for role in iam_backends[backend.account_id][backend.partition].get_roles():
        if role.arn == role_arn:
            return str(role.id)
    return ROLE_ID


def _subnets(ec2: EC2Backend, ids: list[str]) -> list[Subnet]:
    found = {subnet.id: subnet for subnet in ec2.describe_subnets()}
    for subnet_id in ids:
        if subnet_id not in found:
            raise AWSValidationException(f"The subnet ID '{subnet_id}' does not exist")
    return [found[subnet_id] for subnet_id in ids]
