"""Whoever asks AWS: their region, their credentials, their account."""

import os
import re

from sagemaker_endpoint_doctor.aws.client import Aws
from sagemaker_endpoint_doctor.aws.errors import EXPIRED, UNKNOWN, UNREADABLE, error_code, explained
from sagemaker_endpoint_doctor.examination.errors import CannotStartError, UsageError
from sagemaker_endpoint_doctor.examination.subject import Subject

import boto3
import botocore.exceptions as aws_errors

_SIGN_IN = "set AWS_PROFILE or --profile, or sign in with aws sso login or aws configure."
# LoginError came with botocore 1.41; what is caught must do with the oldest that is allowed.
_SIGN_IN_ERRORS = tuple(
    getattr(aws_errors, name) for name in ("SSOError", "TokenRetrievalError", "LoginError") if hasattr(aws_errors, name)
)
_UNSENDABLE = "Invalid header value"  # the credentials are part of a request's headers
# The errors that quote no more than what is wrong; those about a URL's port quote its password.
_HARMLESS = re.compile("Invalid endpoint: [^@]*$|No closing quotation|Expecting |Extra data")


def region_of(given: str | None, profile: str | None) -> str:
    """Give the region that was stated, or else that of the environment or the profile, as the AWS CLI does.

    Raises:
        UsageError: There is none.
        CannotStartError: There is no such profile.
    """
    region = given or os.environ.get("AWS_REGION") or _session_region(profile)
    if not region:
        raise UsageError("no region is known: give --region, or set AWS_REGION, or a region in the AWS profile")
    return region


def connect(region: str, profile: str | None) -> Aws:
    """Open the way to AWS.

    Raises:
        CannotStartError: There is no such profile, or the AWS configuration cannot be read.
    """
    try:
        return Aws(region=region, profile=profile)
    except aws_errors.BotoCoreError as error:
        raise CannotStartError(_in_plain_words(error)) from error


def account_of(subject: Subject) -> str:
    """Ask AWS whose credentials these are.

    Raises:
        CannotStartError: It does not tell.
    """
    try:
        return subject.account_id()
    except (aws_errors.BotoCoreError, aws_errors.ClientError) as error:
        raise CannotStartError(_in_plain_words(error)) from error
    except UNREADABLE as error:
        raise CannotStartError(f"AWS does not say whose credentials these are: {explained(error)}.") from error
    except (OSError, ValueError) as error:
        raise CannotStartError(f"AWS cannot be asked: {misconfigured(error)}.") from error


def misconfigured(error: OSError | ValueError) -> str:
    """Say what botocore lets through where the AWS configuration does not work.

    It is a credential_process that does not run, or prints no JSON, or an endpoint's URL that is none:
    https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
    https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    """
    words = str(error) if isinstance(error, OSError) or _HARMLESS.match(str(error)) else "its settings make no sense"
    return f"{words}; correct credential_process in the AWS configuration, or AWS_ENDPOINT_URL"


def _session_region(profile: str | None) -> str | None:
    try:
        region: str | None = boto3.Session(profile_name=profile).region_name
    except aws_errors.BotoCoreError as error:
        raise CannotStartError(_in_plain_words(error)) from error
    return region


def _in_plain_words(error: aws_errors.BotoCoreError | aws_errors.ClientError) -> str:
    """Say in a sentence why AWS does not let us in, and what to do."""
    match error:
        case aws_errors.ProfileNotFound():
            words = f"{error}: aws configure list-profiles lists those that there are."
        case aws_errors.NoCredentialsError():
            words = f"There are no AWS credentials: {_SIGN_IN}"
        case aws_errors.PartialCredentialsError() | aws_errors.CredentialRetrievalError():
            words = f"The AWS credentials are incomplete or cannot be fetched ({error}): {_SIGN_IN}"
        case _ if isinstance(error, _SIGN_IN_ERRORS):
            words = f"The AWS sign-in is missing or has expired ({error}): sign in again with aws sso login."
        case aws_errors.HTTPClientError() if _UNSENDABLE in str(error):
            words = f"The AWS credentials hold a character that cannot be sent, such as a line break: {_SIGN_IN}"
        case aws_errors.ConnectionError() | aws_errors.HTTPClientError():
            words = f"AWS was not reached ({error}): check the region's name, the network, a proxy or a VPN."
        case aws_errors.ClientError() if error_code(error) in EXPIRED:
            words = "The AWS credentials have expired: sign in again, for example with aws sso login."
        case aws_errors.ClientError() if error_code(error) in UNKNOWN:
            words = f"AWS does not know these credentials ({error_code(error)}): {_SIGN_IN}"
        case _:
            words = f"AWS does not say whose credentials these are: {explained(error).rstrip('.')}."
    return words
