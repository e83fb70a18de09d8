"""A security group or subnet that holds network interfaces cannot be deleted.

moto deletes it all the same. EC2 answers DependencyViolation.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html
"""

from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.responses.security_groups import SecurityGroups
from moto.ec2.responses.subnets import Subnets

from .patching import Answer, Handler, wrap


def fill() -> None:
    wrap(SecurityGroups, "delete_security_group", _delete_security_group)
    wrap(Subnets, "delete_subnet", _delete_subnet)


def _delete_security_group(moto: Handler, self: SecurityGroups) -> Answer:
    group_id = self._get_param("GroupId")
    for interface in list(self.ec2_backend.enis.values()):
        if group_id in (group.id for group in interface.group_set):
            raise DependencyViolationError(f"resource {group_id} has a dependent object")
    return moto(self)


def _delete_subnet(moto: Handler, self: Subnets) -> Answer:
    subnet_id = self._get_param("SubnetId")
    for interface in list(self.ec2_backend.enis.values()):
        if interface.subnet.id == subnet_id:
            raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    return moto(self)
