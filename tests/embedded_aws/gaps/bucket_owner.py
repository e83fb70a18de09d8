"""A bucket that the caller takes for an account's and that is another's.

moto does not look at `x-amz-expected-bucket-owner`. S3 answers "with the HTTP status code 403 Forbidden" if the account
is not the bucket's owner.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
"""

from moto.s3.responses import S3Response

from .patching import Answer, Handler, wrap


def fill() -> None:
    wrap(S3Response, "head_bucket", _head_bucket)


def _head_bucket(moto: Handler, self: S3Response) -> Answer:
    answer = moto(self)
    expected = self.headers.get("x-amz-expected-bucket-owner")
    if answer[0] == 200 and expected and self.backend.get_bucket(self.bucket_name).account_id != expected:
        return 403, {}, ""
    return answer
