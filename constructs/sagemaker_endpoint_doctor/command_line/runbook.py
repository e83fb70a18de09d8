"""The runbook's commands for copy and paste: a prelude that sets shell variables, then the commands with these."""

from collections.abc import Iterator, Mapping

from sagemaker_endpoint_doctor.text.printable import printable
from sagemaker_endpoint_runbook.commands import SECTIONS, quoted, with_variables

_ENDPOINT = 'aws sagemaker describe-endpoint --endpoint-name "$endpoint" --output text'
_CONFIGURATION = 'aws sagemaker describe-endpoint-config --endpoint-config-name "$configuration" --output text'
_MODEL = 'aws sagemaker describe-model --model-name "$model" --output text'
_CONTAINER = "not_null(PrimaryContainer, Containers[0])"

# In an order in which each rests on those before it. What is known beforehand takes the place of its value.
# None is called `path` or `status`, which zsh keeps for itself.
VARIABLES: Mapping[str, str] = {
    "start": "$(( $(date +%s) - 3600 ))",
    "period": "300",
    "queue": '"$endpoint"',
    "log_group": '"/aws/sagemaker/Endpoints/$endpoint"',
    "configuration": f"$({_ENDPOINT} --query EndpointConfigName)",
    "variant": f"$({_CONFIGURATION} --query 'ProductionVariants[0].VariantName')",
    "model": f"$({_CONFIGURATION} --query 'ProductionVariants[0].ModelName')",
    "scaled": '"$variant"',
    "alarm": f"$({_ENDPOINT} --query 'LastDeploymentConfig.AutoRollbackConfiguration.Alarms[0].AlarmName')",
    "group": f"$({_MODEL} --query \"join(',', VpcConfig.SecurityGroupIds || ['None'])\")",
    "subnets": f"$({_MODEL} --query \"join(',', VpcConfig.Subnets || ['None'])\")",
    "vpc": '$(aws ec2 describe-subnets --filters "Name=subnet-id,Values=$subnets" --output text '
    "--query 'Subnets[0].VpcId')",
    "kms_key": '$(aws logs describe-log-groups --log-group-name-prefix "$log_group" --output text '
    "--query 'logGroups[0].kmsKeyId')",
    "image": f"$({_MODEL} --query '{_CONTAINER}.Image')",
    "registry": "${image%%.*}",
    "tagged": "${image#*/}",
    "repository": "${tagged%%[:@]*}",
    "image_id": "$(case $tagged in "
    '(*@*) echo "imageDigest=${tagged#*@}";; (*:*) echo "imageTag=${tagged#*:}";; (*) echo imageTag=latest;; esac)',
    "role_arn": f"$({_MODEL} --query ExecutionRoleArn)",
    "role": "${role_arn##*/}",
    "url": f"$({_MODEL} --query '{_CONTAINER}.not_null(ModelDataUrl, ModelDataSource.S3DataSource.S3Uri)')",
    # s3://, or an HTTPS URL with the bucket in the host or in the path
    "place": "$(printf %s \"$url\" | sed -E 's,^s3://,,; s,^https://([^/]+)[.]s3[^/]*/,\\1/,; s,^https://s3[^/]*/,,')",
    "bucket": "${place%%/*}",
    "key": "${place#*/}",
    "data_key": '$(aws s3api head-object --bucket "$bucket" --key "$key" --output text --query SSEKMSKeyId)',
    "action": "s3:GetObject",
    "resource": '"${role_arn%%:iam:*}:s3:::$place"',
}


def text(known: Mapping[str, str], *, region: str | None, profile: str | None) -> str:
    """Write the runbook of an endpoint.

    Args:
        known: The variables whose values are known, `endpoint` among them.
        region: Its region; None leaves it to the shell's own settings.
        profile: The profile to use; None leaves that to the shell's own settings.
    """
    return "\n".join([*_prelude(known, region, profile), *_sections()])


def _prelude(known: Mapping[str, str], region: str | None, profile: str | None) -> Iterator[str]:
    yield f"# Runbook of the SageMaker endpoint {printable(known['endpoint'])}"
    yield "# Every command reads; none changes anything."
    if profile:
        yield f"export AWS_PROFILE={quoted(profile)}"
    if region:
        # Version 2 of the AWS CLI goes by the first, and only without it by the second, which version 1 knows alone.
        yield f"export AWS_REGION={quoted(region)} AWS_DEFAULT_REGION={quoted(region)}"
    yield f"endpoint={quoted(known['endpoint'])}"
    yield "# Of the first variant and its first container. None means that it has no such thing."
    for name, value in VARIABLES.items():
        yield f"{name}={quoted(known[name]) if name in known else value}"


def _sections() -> Iterator[str]:
    for section in SECTIONS:
        yield f"\n# {section.title}"
        yield from map(with_variables, section.commands)
