"""Whether the endpoint's subnets lead to AWS's services."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, unknown, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts.routed_subnets import RoutedSubnets, routed_subnets, unrouted
from sagemaker_endpoint_doctor.facts.security_groups import ingress
from sagemaker_endpoint_doctor.facts.security_rules import Peer
from sagemaker_endpoint_doctor.facts.way_out import S3, SERVICES, DefaultRoute, WayOut
from sagemaker_endpoint_doctor.text.words import listed
from sagemaker_endpoint_runbook import commands

_CHINESE = {"ecr.api", "ecr.dkr", "monitoring", "sts"}


def routes(subject: Subject) -> Iterator[Finding]:
    """Look for a way from each subnet to S3, ECR, CloudWatch and STS."""
    for routed in routed_subnets(subject):
        missing = [way for way in routed.ways if not way.exists]
        shut = [way for way in routed.ways if way.interfaces and not _lets_in(subject, routed, way)]
        if missing:
            yield _no_way(subject, routed, missing)
        elif routed.default and not routed.default.is_way and not _is_isolated(routed):
            yield _dead_end(routed, routed.default)
        if shut:
            yield _shut(subject, routed, shut)
        if not missing and not shut:
            yield ok(_ways(routed))
    for subnet_id in unrouted(subject):
        yield unknown(f"AWS shows no route table for {subnet_id}, as of a subnet that another account shares")


def suffers(subject: Subject, ways: Sequence[WayOut]) -> bool:
    """Tell whether the endpoint itself needs one of these ways: SageMaker loads the models' data through the VPC.

    Of the others AWS's guide does not speak; they are what a container calls by itself.
    https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html#host-vpc-s3
    """
    return any(way.service == S3 for way in ways) and bool(subject.model_data_urls())


def vpc_endpoint_name(subject: Subject, service: str) -> str:
    """Give the service's full name, as VPC endpoints bear it; in China, some have one of their own.

    DescribeVpcEndpointServices lists them: https://github.com/aws/aws-cdk/pull/25333
    """
    region = subject.names.region
    prefix = "cn." if region.startswith("cn-") and service in _CHINESE else ""
    return f"{prefix}com.amazonaws.{region}.{service}"


def _lets_in(subject: Subject, routed: RoutedSubnets, way: WayOut) -> bool:
    """Tell whether the groups of a service's VPC endpoint let the endpoint's interfaces in."""
    peer = Peer(group_ids=subject.interface_group_ids(), networks=routed.networks)
    return any(
        ingress(subject, [group["GroupId"] for group in each.get("Groups", [])]).admit(peer) for each in way.interfaces
    )


def _no_way(subject: Subject, routed: RoutedSubnets, missing: Sequence[WayOut]) -> Finding:
    names = listed(
        vpc_endpoint_name(subject, way.service) + (f" ({listed(way.flaws)})" if way.flaws else "") for way in missing
    )
    cause = f"; {routed.default}" if routed.default else ""
    grave = suffers(subject, missing)
    return (problem if grave else warning)(
        f"no way from {routed.in_words} to {names}{cause}",
        why="SageMaker loads the model's data through these subnets, so an instance cannot start."
        if grave
        else "What a container calls there gets no answer until it times out. AWS's own guide asks for a way to S3 "
        "alone, to load the model's data.",
        next=f"Create these VPC endpoints in {routed.vpc_id}: for S3, where the layers of ECR's images lie too, a "
        "gateway endpoint in the route table; for the others interface endpoints with private DNS. Or let the default "
        "route lead to a NAT gateway.",
        command=commands.filled(commands.DESCRIBE_VPC_ENDPOINTS, vpc=routed.vpc_id),
    )


def _dead_end(routed: RoutedSubnets, default: DefaultRoute) -> Finding:
    """Say what is wrong with a default route that VPC endpoints make up for, as far as AWS goes."""
    cause = "" if default.is_gone else ": SageMaker's interfaces have no public address to leave with"
    return warning(
        f"{routed.in_words}: {default}",
        why="VPC endpoints lead to AWS, but whatever else the container calls gets no answer until it times "
        f"out{cause}.",
        next="If it calls nothing else, leave it. Otherwise give the endpoint private subnets, whose default route "
        "leads to a NAT gateway that exists.",
        command=commands.filled(commands.DESCRIBE_ROUTE_TABLES, vpc=routed.vpc_id),
    )


def _is_isolated(routed: RoutedSubnets) -> bool:
    """Tell whether the containers behind these subnets call nothing: SageMaker alone loads their data."""
    return [way.service for way in routed.ways] == [S3]


def _shut(subject: Subject, routed: RoutedSubnets, ways: Sequence[WayOut]) -> Finding:
    endpoints = [each for way in ways for each in way.interfaces]
    groups = list(dict.fromkeys(group["GroupId"] for each in endpoints for group in each.get("Groups", [])))
    own = listed(subject.interface_group_ids())
    return (problem if suffers(subject, ways) else warning)(
        f"no TCP 443 from {own} into "
        + listed(f"{each['VpcEndpointId']} ({each['ServiceName']})" for each in endpoints)
        + f" by the rules of {listed(groups)}",
        why="With private DNS the service's name leads to the VPC endpoint alone, so calls from "
        f"{routed.in_words} time out, whatever other way there is.",
        next=f"Allow TCP 443 from {own} in the ingress of {listed(groups)}.",
        command=commands.filled(commands.DESCRIBE_SECURITY_GROUPS, group=",".join(groups)),
    )


def _ways(routed: RoutedSubnets) -> str:
    """Say how each service is reached."""
    services: dict[str, dict[str, None]] = defaultdict(dict)
    for way in routed.ways:
        services[way.means][SERVICES[way.service]] = None
    words = "; ".join(f"{listed(names)} through {means}" for means, names in services.items())
    isolated = "; the containers are isolated and call nothing" if _is_isolated(routed) else ""
    return f"{routed.in_words}: {words}{isolated}"
