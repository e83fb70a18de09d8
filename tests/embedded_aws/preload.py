"""What every server needs and none changes, made once in the process that they are forked from."""

import functools

from moto.core import errors
from moto.core.base_backend import BackendDict
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model, service_name_from_moto_package_name
from moto.kms import models as kms
from moto.moto_server.werkzeug_app import create_backend_app

from .gaps import asked_once, managed_policies

# Not sagemaker-runtime: its application has to know a path that a gap adds.
_SERVICES = (
    "application-autoscaling",
    "cloudwatch",
    "ec2",
    "ecr",
    "iam",
    "kms",
    "logs",
    "s3",
    "sagemaker",
    "sns",
    "sts",
)

create_app = functools.cache(create_backend_app)


def preload() -> None:
    """Load what moto loads at a server's first requests: half a second of processor time in each."""
    asked_once.fill()
    managed_policies.fill()
    create_app("moto_api")
    for service in _SERVICES:
        create_app(service.replace("-", ""))
        errors.ErrorLookupFactory().for_service(get_service_model(service))
    get_service_router("s3")
    service_name_from_moto_package_name("ec2")  # reads the names of all services
    kms.generate_private_key("SYMMETRIC_DEFAULT")  # type: ignore[attr-defined] # imported there, and kept by asked_once
    BackendDict.reset()  # what the applications were made from would be the same in every server
