"""Network interfaces that are in use, and their attachments.

moto deletes an interface that is attached, and answers a change of `Attachment.DeleteOnTermination` with
success without making it. EC2 refuses the one and makes the other. What belongs to a service can be detached
by the customer in some cases only, and an `ela-attach` in none.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkInterface.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyNetworkInterfaceAttribute.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
https://github.com/boto/boto3/issues/2218
"""

from moto.core.responses import EmptyResult
from moto.ec2.exceptions import EC2ClientError, InvalidNetworkAttachmentIdError
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces

from .endpoint_interfaces import EndpointInterface
from .patching import Answer, Handler, wrap


def fill() -> None:
    wrap(ElasticNetworkInterfaces, "delete_network_interface", _delete)
    wrap(ElasticNetworkInterfaces, "modify_network_interface_attribute", _modify)
    wrap(ElasticNetworkInterfaces, "detach_network_interface", _detach)


def _delete(moto: Handler, self: ElasticNetworkInterfaces) -> Answer:
    interface = self.ec2_backend.get_network_interface(self._get_param("NetworkInterfaceId"))
    if interface.attachment_id:
        raise EC2ClientError("InvalidParameterValue", f"Network interface '{interface.id}' is currently in use.")
    return moto(self)


def _modify(moto: Handler, self: ElasticNetworkInterfaces) -> Answer:
    wanted = self._get_param("Attachment")
    if wanted:
        interface = self.ec2_backend.get_network_interface(self._get_param("NetworkInterfaceId"))
        if wanted["AttachmentId"] != interface.attachment_id:
            raise InvalidNetworkAttachmentIdError(wanted["AttachmentId"])
        _refuse_unmanageable(wanted["AttachmentId"])
        interface.delete_on_termination = wanted["DeleteOnTermination"]
    return moto(self)


def _detach(moto: Handler, self: ElasticNetworkInterfaces) -> Answer:
    wanted = self._get_param("AttachmentId")
    for interface in list(self.ec2_backend.enis.values()):
        if isinstance(interface, EndpointInterface) and interface.attachment_id == wanted:
            _refuse_unmanageable(wanted)
            if interface.behaviour.after_delete != "detachable":
                raise EC2ClientError("AuthFailure", "You do not have permission to access the specified resource.")
            interface.detach()
            return EmptyResult()
    return moto(self)


def _refuse_unmanageable(attachment_id: str) -> None:
    if attachment_id.startswith("ela-attach-"):
        raise EC2ClientError("OperationNotPermitted", "You are not allowed to manage 'ela-attach' attachments.")
