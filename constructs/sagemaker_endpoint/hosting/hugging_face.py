"""A model of the Hugging Face Hub, as the variables by which Hugging Face's containers know it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sagemaker_endpoint.rules import checks, limits

_WORD = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}"
# https://huggingface.co/docs/hub/repositories-settings, or a folder in the container
_MODEL_ID = limits.Text(min_length=1, max_length=512, pattern=rf"(?:{_WORD}/)?{_WORD}|/[A-Za-z0-9_./-]+")
# https://huggingface.co/docs/transformers/main_classes/pipelines, such as translation_en_to_de
_TASK = limits.Text(min_length=1, max_length=128, pattern="[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*")
_REVISION = limits.Text(min_length=1, max_length=255, pattern="[A-Za-z0-9_][A-Za-z0-9_./-]*")
SECRET_ARN = limits.Text(
    min_length=20,
    max_length=limits.ENVIRONMENT_VALUE.max_length,
    pattern=r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HuggingFaceModel(checks.Inputs):
    """A model of the Hugging Face Hub, which a container of Hugging Face's loads when it starts.

    It becomes variables of the container's environment. The container fetches the model through the endpoint's subnets,
    which need a way to huggingface.co; a model that lies in S3 (`model_data_source`) needs none, and no token.
    https://docs.aws.amazon.com/sagemaker/latest/dg/hugging-face.html
    https://github.com/aws/sagemaker-huggingface-inference-toolkit#environment-variables

    Attributes:
        model_id: The model's name on the Hub, such as ``distilbert/distilbert-base-uncased-finetuned-sst-2-english``,
            or a folder in the container, ``/opt/ml/model``, for data that is stated. Becomes ``HF_MODEL_ID``.
        task: What it is used for, such as ``text-classification``; containers for text generation need none. Becomes
            ``HF_TASK``. Default none.
        revision: A commit, which alone is exact, a tag or a branch. Becomes ``HF_MODEL_REVISION``. Default: the main
            branch as it is whenever an instance starts.
        token_secret_arn: The ARN of the secret of AWS Secrets Manager that holds the token for a private or gated
            model. The role may read that secret, and its ARN becomes ``HF_TOKEN_SECRET_ARN``; the token itself stands
            nowhere. No image of Hugging Face's or AWS's reads a secret by itself: the image's entry point must fetch it
            and export it as ``HF_TOKEN`` before it starts the server (docs/permissions.md has the lines). A secret
            under a key of yours takes ``kms:Decrypt`` in an additional policy. Default none.
    """

    model_id: str
    task: str | None = None
    revision: str | None = None
    token_secret_arn: str | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.text(f"{at}.model_id", self.model_id, _MODEL_ID, example="google-bert/bert-base-uncased")
        for name, value, limit, example in (
            ("task", self.task, _TASK, "text-classification"),
            ("revision", self.revision, _REVISION, "main"),
        ):
            if value is not None:  # a variable of an environment cannot be null
                yield from checks.text(f"{at}.{name}", value, limit, example=example)
        if self.token_secret_arn is not None:
            yield from checks.text(
                f"{at}.token_secret_arn",
                self.token_secret_arn,
                SECRET_ARN,
                example="arn:aws:secretsmanager:eu-west-1:111122223333:secret:hugging-face-AbCdEf",
                secret=True,  # a token may have been given in its place
            )

    @property
    def is_fetched(self) -> bool:
        """Whether the model comes from the Hub, as far as synthesis knows."""
        return not str(self.model_id).startswith("/") and not checks.deferred(self.model_id)

    def environment(self) -> dict[str, str]:
        """Give the variables."""
        variables = {
            "HF_MODEL_ID": self.model_id,
            "HF_TASK": self.task,
            "HF_MODEL_REVISION": self.revision,
            "HF_TOKEN_SECRET_ARN": self.token_secret_arn,
        }
        return {name: value for name, value in variables.items() if value is not None}
