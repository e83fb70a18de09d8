"""The subnets that the models name."""

from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.examination.subject import Subject

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_ec2.type_defs import SubnetTypeDef


def existing_subnets(subject: Subject) -> "dict[str, SubnetTypeDef]":
    """Give those that exist, by their ids."""

    def ask() -> "dict[str, SubnetTypeDef]":
        ids = subject.subnet_ids()
        if not ids:
            return {}
        pages = subject.aws.ec2.get_paginator("describe_subnets").paginate(
            Filters=[{"Name": "subnet-id", "Values": ids}]
        )
        found = {each["SubnetId"]: each for page in pages for each in page["Subnets"]}
        return {name: found[name] for name in ids if name in found}

    return subject.once("subnets", ask)
