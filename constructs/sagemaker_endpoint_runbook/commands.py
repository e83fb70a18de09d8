"""The aws commands of the runbook, a section each: the one source for the doctor, the documents and the output.

Names stand in braces; `filled` puts the endpoint's own in their place.
"""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from string import Formatter

# A place {start} is the time from which on to look, in seconds as `date +%s` counts them.

# Endpoint not responding
DESCRIBE_ENDPOINT = "aws sagemaker describe-endpoint --endpoint-name {endpoint}"
_GET_METRIC = (  # from a day before on: now stands beside the same time of the day before
    "aws cloudwatch get-metric-statistics --namespace AWS/SageMaker --metric-name %s --statistics %s "
    "--period {period} --start-time $(( {start} - 86400 )) --end-time $(date +%%s) "
    "--dimensions Name=EndpointName,Value={endpoint} Name=VariantName,Value={variant}"
)
GET_REQUESTS = _GET_METRIC % ("Invocations", "Sum")
GET_SERVER_ERRORS = _GET_METRIC % ("Invocation5XXErrors", "Sum")
GET_CLIENT_ERRORS = _GET_METRIC % ("Invocation4XXErrors", "Sum")
GET_LATENCY = _GET_METRIC % ("ModelLatency", "Average")
GET_SLOWEST = _GET_METRIC % ("ModelLatency", "Maximum")  # in no section: the latency is
GET_BACKLOG = (  # of an asynchronous endpoint, here {queue}: what waits is counted by its name alone
    "aws cloudwatch get-metric-statistics --namespace AWS/SageMaker --metric-name ApproximateBacklogSize "
    "--statistics Maximum --period {period} --start-time {start} --end-time $(date +%s) "
    "--dimensions Name=EndpointName,Value={queue}"
)
GET_TOPIC_ATTRIBUTES = "aws sns get-topic-attributes --topic-arn {topic}"
DESCRIBE_ALARMS = (
    "aws cloudwatch describe-alarms --state-value ALARM "
    "--query 'MetricAlarms[].[AlarmName,StateUpdatedTimestamp,StateReason]'"
)
DESCRIBE_SCALABLE_TARGETS = (
    "aws application-autoscaling describe-scalable-targets --service-namespace sagemaker "
    "--resource-ids endpoint/{endpoint}/variant/{variant}"
)
# Of an endpoint whose variants scale, here {scaled}.
_SCALED = "--service-namespace sagemaker --resource-id endpoint/{endpoint}/variant/{scaled}"
DESCRIBE_SCALING_POLICIES = (
    f"aws application-autoscaling describe-scaling-policies {_SCALED} "
    "--query 'ScalingPolicies[].[PolicyName,PolicyType,TargetTrackingScalingPolicyConfiguration,Alarms[].AlarmName]'"
)
DESCRIBE_SCHEDULED_ACTIONS = f"aws application-autoscaling describe-scheduled-actions {_SCALED}"
DESCRIBE_SCALING_ACTIVITIES = f"aws application-autoscaling describe-scaling-activities {_SCALED} --max-items 10"
# Of an endpoint whose updates alarms take back, here {alarm}.
DESCRIBE_ALARM = (
    'aws cloudwatch describe-alarms --alarm-names "{alarm}" --alarm-types MetricAlarm CompositeAlarm '
    "--query '[MetricAlarms,CompositeAlarms][].[AlarmName,StateValue,StateUpdatedTimestamp,StateReason]'"
)
DESCRIBE_ALARM_HISTORY = (
    'aws cloudwatch describe-alarm-history --alarm-name "{alarm}" --history-item-type StateUpdate --max-items 10 '
    "--query 'AlarmHistoryItems[].[Timestamp,HistorySummary]'"
)
GET_ASYNCHRONOUS_FAILURES = (  # of one of several metrics: in no section
    "aws cloudwatch get-metric-statistics --namespace AWS/SageMaker --metric-name {metric} --statistics Sum "
    "--period 3600 --start-time {start} --end-time $(date +%s) "
    "--dimensions Name=EndpointName,Value={endpoint} Name=VariantName,Value={variant}"
)
# Where there is no endpoint to look at: in no section.
LIST_ENDPOINTS = "aws sagemaker list-endpoints --query 'Endpoints[].[EndpointName,EndpointStatus]'"
# These change something, and are in no section.
SUSPEND_SCALING = (
    f"aws application-autoscaling register-scalable-target {_SCALED} --scalable-dimension {{dimension}} "
    "--suspended-state DynamicScalingInSuspended=true,DynamicScalingOutSuspended=true,ScheduledScalingSuspended=true"
)
RESUME_SCALING = SUSPEND_SCALING.replace("=true", "=false")
DEREGISTER_SCALABLE_TARGET = (
    f"aws application-autoscaling deregister-scalable-target {_SCALED} --scalable-dimension {{dimension}}"
)

# Network interfaces
DESCRIBE_NETWORK_INTERFACES = "aws ec2 describe-network-interfaces --filters Name=group-id,Values={group}"
DESCRIBE_SUBNETS = (
    "aws ec2 describe-subnets --filters Name=subnet-id,Values={subnets} "
    "--query 'Subnets[].[SubnetId,AvailabilityZone,AvailableIpAddressCount]'"
)
DESCRIBE_ROUTE_TABLES = "aws ec2 describe-route-tables --filters Name=vpc-id,Values={vpc}"
DESCRIBE_NETWORK_ACLS = (  # in no section: VPCs are made with one that lets everything through
    "aws ec2 describe-network-acls --filters Name=association.subnet-id,Values={subnets}"
)
# In no section either: VPCs of AWS's wizard and of most modules have both on.
DESCRIBE_DNS_SUPPORT = "aws ec2 describe-vpc-attribute --vpc-id {vpc} --attribute enableDnsSupport"
DESCRIBE_DNS_HOSTNAMES = "aws ec2 describe-vpc-attribute --vpc-id {vpc} --attribute enableDnsHostnames"
DESCRIBE_VPC_ENDPOINTS = "aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values={vpc}"
DESCRIBE_SECURITY_GROUPS = "aws ec2 describe-security-groups --filters Name=group-id,Values={group}"

# CloudWatch logs
DESCRIBE_LOG_GROUPS = "aws logs describe-log-groups --log-group-name-prefix {log_group}"
DESCRIBE_LOG_STREAMS = "aws logs describe-log-streams --log-group-name {log_group} --max-items 10"
# A regular expression, as CloudWatch Logs knows them: it tells the case of letters apart, and refuses parentheses.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
LOG_PATTERN = (
    "%[Ee]rror|ERROR|[Ee]xception|EXCEPTION|Traceback|CRITICAL|FATAL|[Ff]atal|SEVERE|[Kk]illed|SIGKILL|OOM|bad_alloc"
    "|[Oo]ut.[Oo]f.[Mm]emory|OutOfMemory|OUT_OF_MEMORY|[Cc]annot.allocate|[Nn]o.space.left|[Tt]imed.out|TIMEOUT"
    "|[Dd]ownload.*failed|[Ff]ailed.*download|[Uu]nable.*download|NoSuchKey|NoSuchBucket|[Nn]ot.in.gzip"
    "|AccessDenied|[Aa]ccess.denied|[Nn]ot.authorized|[Ww]orker.*died|[Ff]ailed.to|did.not.respond"
    "|prematurely.closed|/ping.HTTP/[0-9].[0-9]..[45]|/ping.HTTP/[0-9]..[45]|failed.ping|to.upstream|no.live.upstreams|crit|emerg|[Pp]anic"
    "|not.found|[Pp]ermission.denied|[Nn]o.such.file|[Nn]o.module|[Cc]annot.find|shared.object|shared.libraries"
    "|undefined.symbol|[Ss]hared.memory|[Bb]us.error|core.dumped|[Ss]egmentation|SIGSEGV|SIGILL|[Ii]llegal.inst"
    "|signal.[0-9]|UNAVAILABLE|[Dd]river|kernel.image|[Oo]pen.files|ENOSPC|quota.exceeded|EADDRINUSE|in.use"
    "|restricted|too.large.body|name.resolution|resolve.host|not.compatible|model_fn|[Ss]yntax.error|[Tt]hread.creat|^[EF][01][0-9][0-3][0-9]|^[EF]20[0-9][0-9]%"
)
FILTER_LOG_EVENTS = (
    "aws logs filter-log-events --log-group-name {log_group} --start-time $(( {start} * 1000 )) "
    f"--filter-pattern '{LOG_PATTERN}' --max-items 200 --query 'events[].[logStreamName,message]' --output text"
)
DESCRIBE_KEY = "aws kms describe-key --key-id {kms_key}"

# Model
DESCRIBE_MODEL = "aws sagemaker describe-model --model-name {model}"
DESCRIBE_ENVIRONMENT = (  # of every container: the names of its variables, without their values
    "aws sagemaker describe-model --model-name {model} "
    "--query '[PrimaryContainer, Containers][].Environment | [].keys(@)'"
)
DESCRIBE_ENDPOINT_CONFIG = "aws sagemaker describe-endpoint-config --endpoint-config-name {configuration}"
DESCRIBE_MODEL_PACKAGE = (
    "aws sagemaker describe-model-package --model-package-name {package} "
    "--query '[ModelPackageStatus,ModelApprovalStatus,InferenceSpecification]'"
)
GET_FUNCTION_CONFIGURATION = (  # without its environment, which may hold secrets
    "aws lambda get-function-configuration --function-name {function} --query '[State,StateReason,LastUpdateStatus]'"
)
DESCRIBE_IMAGES = (
    "aws ecr describe-images --registry-id {registry} --repository-name {repository} --image-ids {image_id}"
)
BATCH_GET_IMAGE = (
    "aws ecr batch-get-image --registry-id {registry} --repository-name {repository} --image-ids {image_id} "
    "--query 'images[].imageManifest' --output text"
)
GET_REPOSITORY_POLICY = "aws ecr get-repository-policy --registry-id {registry} --repository-name {repository}"

# IAM role
LIST_ATTACHED_ROLE_POLICIES = "aws iam list-attached-role-policies --role-name {role}"
LIST_ROLE_POLICIES = "aws iam list-role-policies --role-name {role}"
GET_ROLE = "aws iam get-role --role-name {role}"
SIMULATE_PRINCIPAL_POLICY = (
    "aws iam simulate-principal-policy --policy-source-arn {role_arn} --action-names {action} "
    "--resource-arns {resource}"
)

# S3 access
HEAD_OBJECT = 'aws s3api head-object --bucket {bucket} --key "{key}"'
LIST_OBJECTS = 'aws s3api list-objects-v2 --bucket {bucket} --prefix "{key}" --max-items 10'
HEAD_BUCKET = "aws s3api head-bucket --bucket {bucket}"
GET_BUCKET_POLICY = "aws s3api get-bucket-policy --bucket {bucket}"
GET_PUBLIC_ACCESS_BLOCK = "aws s3api get-public-access-block --bucket {bucket}"
DESCRIBE_DATA_KEY = "aws kms describe-key --key-id {data_key}"
GET_DATA_KEY_POLICY = "aws kms get-key-policy --policy-name default --key-id {data_key}"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the runbook: its name on the command line, its title, and its commands."""

    key: str
    title: str
    commands: Sequence[str]


SECTIONS = (
    Section(
        "endpoint",
        "Endpoint not responding",
        [
            DESCRIBE_ENDPOINT,
            GET_REQUESTS,
            GET_SERVER_ERRORS,
            GET_CLIENT_ERRORS,
            GET_LATENCY,
            GET_BACKLOG,
            DESCRIBE_ALARMS,
            DESCRIBE_SCALABLE_TARGETS,
            DESCRIBE_SCALING_POLICIES,
            DESCRIBE_SCHEDULED_ACTIONS,
            DESCRIBE_SCALING_ACTIVITIES,
            DESCRIBE_ALARM,
            DESCRIBE_ALARM_HISTORY,
        ],
    ),
    Section(
        "interfaces",
        "Network interfaces",
        [
            DESCRIBE_NETWORK_INTERFACES,
            DESCRIBE_SUBNETS,
            DESCRIBE_ROUTE_TABLES,
            DESCRIBE_VPC_ENDPOINTS,
            DESCRIBE_SECURITY_GROUPS,
        ],
    ),
    Section(
        "logs",
        "CloudWatch logs",
        [DESCRIBE_LOG_GROUPS, DESCRIBE_KEY, DESCRIBE_LOG_STREAMS, FILTER_LOG_EVENTS],
    ),
    Section(
        "model",
        "Model",
        [
            DESCRIBE_MODEL,
            DESCRIBE_ENVIRONMENT,
            DESCRIBE_ENDPOINT_CONFIG,
            DESCRIBE_IMAGES,
            BATCH_GET_IMAGE,
            GET_REPOSITORY_POLICY,
        ],
    ),
    Section(
        "role",
        "IAM role",
        [LIST_ATTACHED_ROLE_POLICIES, LIST_ROLE_POLICIES, GET_ROLE, SIMULATE_PRINCIPAL_POLICY],
    ),
    Section(
        "s3",
        "S3 access",
        [
            HEAD_OBJECT,
            LIST_OBJECTS,
            HEAD_BUCKET,
            GET_BUCKET_POLICY,
            GET_PUBLIC_ACCESS_BLOCK,
            DESCRIBE_DATA_KEY,
            GET_DATA_KEY_POLICY,
        ],
    ),
)


def filled(command: str, **names: str) -> str:
    """Put names in their places, quoted where a shell needs it, so that the command can be pasted."""
    unquoted = re.sub(r'"(\{\w+\})"', r"\1", command)
    return unquoted.format(**{name: quoted(value) for name, value in names.items()})


def quoted(value: str) -> str:
    r"""Quote a value for the shell; what a terminal would obey as ``$'\x1b'``, which bash, zsh and ksh read.

    https://www.gnu.org/software/bash/manual/html_node/ANSI_002dC-Quoting.html
    """
    if value.isprintable():
        return shlex.quote(value)
    escapes = {"'": r"\'", "\\": r"\\"}
    return "$'" + "".join(escapes.get(each, each) if each.isprintable() else _bytes(each) for each in value) + "'"


def _bytes(character: str) -> str:
    return "".join(f"\\x{each:02x}" for each in character.encode(errors="surrogatepass"))


def located(command: str, *, region: str, profile: str | None) -> str:
    """Let a command that is filled go to a region, and by a profile, whatever the shell's own are."""
    if not command.startswith("aws "):
        return command
    places = {"--region": region, "--profile": profile}
    options = [part for option, value in places.items() if value for part in (option, quoted(value))]
    return " ".join(["aws", *options, command.removeprefix("aws ")])


def with_variables(command: str) -> str:
    """Put shell variables of the same name in the names' places."""
    return command.format(**{name: f"${name}" for name in names_in(command)})


def names_in(command: str) -> set[str]:
    """Give the names that a command has places for."""
    return {name for _, name, _, _ in Formatter().parse(command) if name}
