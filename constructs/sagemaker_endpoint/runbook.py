"""The commands to run when something is wrong, with the endpoint's own names in place."""

from collections.abc import Sequence
from dataclasses import dataclass

from .checks import deferred
from .expressions import expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Runbook:
    """What the commands name."""

    region: str
    endpoint_name: str
    security_group_ids: Sequence[str]
    log_group_name: str
    model_names: Sequence[str]
    execution_role_arn: str
    model_data_urls: Sequence[str]

    def sections(self) -> dict[str, list[str]]:
        """Give the commands of each section, in the order in which to work through them."""
        groups = _joined(",", self.security_group_ids)
        role = _last_part(self.execution_role_arn)
        return {
            "Endpoint not responding": [f"aws sagemaker describe-endpoint --endpoint-name {self.endpoint_name}"],
            "Network interfaces": [
                f"aws ec2 describe-network-interfaces --filters Name=group-id,Values={groups}",
            ],
            "CloudWatch logs": [
                f"aws logs describe-log-groups --log-group-name-prefix {self.log_group_name}",
                f"aws logs describe-log-streams --log-group-name {self.log_group_name} --max-items 10",
                (
                    f"aws logs filter-log-events --log-group-name {self.log_group_name} --max-items 50 "
                    "--filter-pattern '?ERROR ?Exception ?Traceback'"
                ),
            ],
            "Model": [f"aws sagemaker describe-model --model-name {name}" for name in dict.fromkeys(self.model_names)],
            "IAM role": [
                f"aws iam list-attached-role-policies --role-name {role}",
                f"aws iam get-role --role-name {role}",
            ],
            "S3 access": [command for url in self.model_data_urls for command in _s3_commands(url)],
        }

    def text(self) -> str:
        """Give all of it as one text, a heading a section."""
        head = f"# Runbook of the SageMaker endpoint {self.endpoint_name} in {self.region}"
        lines = [head, f"export AWS_DEFAULT_REGION={self.region}"]
        for title, commands in self.sections().items():
            lines += ["", f"# {title}", *commands]
        return "\n".join(lines)


def _joined(separator: str, values: Sequence[str]) -> str:
    if not deferred(values):
        return separator.join(values)
    return f'${{join("{separator}", {expression(values)})}}'


def _last_part(arn: str) -> str:
    if not deferred(arn):
        return arn.rpartition("/")[2]
    return f'${{element(reverse(split("/", {expression(arn)})), 0)}}'


def _s3_commands(url: str) -> list[str]:
    """Give the commands for one archive; a URL that Terraform finds null has none."""
    if not deferred(url):
        bucket, _, key = url.removeprefix("s3://").partition("/")
        return [command.format(bucket, key) for command in _S3_COMMANDS]
    # One call for all lines: Terraform's `format` takes it for a mistake if an argument is left unused.
    lines = expression("\n".join(_S3_COMMANDS).format("%[1]s", "%[2]s"))
    bucket_and_key = 'regex("^s3://([^/]+)/(.*)$", url)'
    each = f"[for url in compact([{expression(url)}]) : format({lines}, {bucket_and_key}...)]"
    return [f'${{join("", {each})}}']


_S3_COMMANDS = (
    'aws s3api head-object --bucket {0} --key "{1}"',
    "aws s3api get-bucket-policy --bucket {0}",
)
