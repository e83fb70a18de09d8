"""What the execution role of each example must be able to do, and nothing else of what the others must."""

from __future__ import annotations

from collections.abc import Mapping

from .example import Example

Need = tuple[str, str]
"""An action, and the resource that it is asked for."""

_ECR = "arn:aws:ecr:eu-west-1:123456789012:repository/team"
_ALARMS = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm"
_PULL = "ecr:BatchGetImage"
_READ, _WRITE = "s3:GetObject", "s3:PutObject"

NEEDS: Mapping[str, frozenset[Need]] = {
    "adopted": frozenset({(_PULL, f"{_ECR}/sentiment"), (_READ, "arn:aws:s3:::team-models/sentiment/model.tar.gz")}),
    "asynchronous": frozenset(
        {
            (_PULL, f"{_ECR}/transcription"),
            (_READ, "arn:aws:s3:::team-models/transcription/model.tar.gz"),
            (_READ, "arn:aws:s3:::team-recordings/incoming/1.wav"),
            (_WRITE, "arn:aws:s3:::team-recordings/transcripts/1.json"),
            (_WRITE, "arn:aws:s3:::team-recordings/failures/1.json"),
            ("s3:AbortMultipartUpload", "arn:aws:s3:::team-recordings/transcripts/1.json"),
        }
    ),
    "autoscaling": frozenset(
        {(_PULL, f"{_ECR}/sentiment"), (_READ, "arn:aws:s3:::team-models/sentiment/model.tar.gz")}
    ),
    "callers": frozenset({(_PULL, f"{_ECR}/sentiment"), (_READ, "arn:aws:s3:::team-models/sentiment/model.tar.gz")}),
    "canary": frozenset(
        {
            (_PULL, f"{_ECR}/sentiment"),
            (_READ, "arn:aws:s3:::team-models/sentiment/model.tar.gz"),
            *(
                ("cloudwatch:DescribeAlarms", f"{_ALARMS}:canary/AllTraffic/{name}")
                for name in ("ServerErrors", "ModelErrors", "Latency")
            ),
        }
    ),
    "closed_network": frozenset(
        {(_PULL, f"{_ECR}/sentiment"), (_READ, "arn:aws:s3:::team-models/sentiment/model.tar.gz")}
    ),
    "data_capture": frozenset(
        {
            (_PULL, f"{_ECR}/sentiment"),
            (_READ, "arn:aws:s3:::team-models/sentiment/model.tar.gz"),
            (_WRITE, "arn:aws:s3:::team-captures/sentiment/data-capture/AllTraffic/2026/01/01/00/1.jsonl"),
        }
    ),
    "existing_resources": frozenset(
        {(_PULL, f"{_ECR}/sentiment"), (_READ, "arn:aws:s3:::team-models/sentiment/model.tar.gz")}
    ),
    "hugging_face": frozenset({(_PULL, "arn:aws:ecr:eu-west-1:763104351884:repository/huggingface-pytorch-inference")}),
    "large_language_model": frozenset(
        {
            (_PULL, "arn:aws:ecr:eu-west-1:763104351884:repository/djl-inference"),
            (_READ, "arn:aws:s3:::team-models/llama/model-00001.safetensors"),
        }
    ),
    "minimal": frozenset({(_PULL, f"{_ECR}/sentiment"), (_READ, "arn:aws:s3:::team-models/sentiment/model.tar.gz")}),
    "model_package": frozenset(
        {
            ("sagemaker:DescribeModelPackage", "arn:aws:sagemaker:eu-west-1:123456789012:model-package/sentiment/1"),
            (_PULL, f"{_ECR}/sentiment"),
            (_READ, "arn:aws:s3:::team-models/sentiment/model.tar.gz"),
        }
    ),
    "multi_model": frozenset(
        {
            (_PULL, f"{_ECR}/many-models"),
            (_READ, "arn:aws:s3:::team-models/by-customer/acme.tar.gz"),
        }
    ),
    "pipeline": frozenset(
        {
            (_PULL, f"{_ECR}/tokenizer"),
            (_PULL, f"{_ECR}/sentiment"),
            (_PULL, f"{_ECR}/labels"),
            (_READ, "arn:aws:s3:::team-models/sentiment/model.tar.gz"),
        }
    ),
    "private_registry": frozenset(
        {
            ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:123456789012:function:registry-credentials"),
            (_READ, "arn:aws:s3:::team-models/sentiment/model.tar.gz"),
        }
    ),
    "production": frozenset(
        {
            (_PULL, f"{_ECR}/sentiment"),
            (_READ, "arn:aws:s3:::team-models/sentiment/model.tar.gz"),
            *(
                ("cloudwatch:DescribeAlarms", f"{_ALARMS}:production/AllTraffic/{name}")
                for name in ("ServerErrors", "ModelErrors", "Latency")
            ),
        }
    ),
    "rolling": frozenset(
        {
            (_PULL, f"{_ECR}/sentiment"),
            (_READ, "arn:aws:s3:::team-models/sentiment/model.tar.gz"),
            ("cloudwatch:DescribeAlarms", f"{_ALARMS}:rolling-rollback"),
        }
    ),
    "serverless": frozenset(
        {
            (_PULL, f"{_ECR}/sentiment"),
            (_READ, "arn:aws:s3:::team-models/sentiment/model.tar.gz"),
        }
    ),
    "shadow": frozenset(
        {
            (_PULL, f"{_ECR}/sentiment"),
            (_READ, "arn:aws:s3:::team-models/sentiment/model.tar.gz"),
            (_READ, "arn:aws:s3:::team-models/sentiment-2/model.tar.gz"),
        }
    ),
}
"""What is asked of the role for what each example serves; what every endpoint needs stands elsewhere."""

_ALL = frozenset[Need]().union(*NEEDS.values())


def assert_role_suffices(example: Example) -> None:
    """Ask IAM about each need: those of this example are allowed, those of the others are not."""
    iam, role = example.aws.client("iam"), example.terraform.outputs()["execution_role_arn"]
    allowed = set()
    for action, resource in sorted(_ALL):
        answer = iam.simulate_principal_policy(PolicySourceArn=role, ActionNames=[action], ResourceArns=[resource])
        if answer["EvaluationResults"][0]["EvalDecision"] == "allowed":
            allowed.add((action, resource))
    assert allowed == NEEDS[example.name]
