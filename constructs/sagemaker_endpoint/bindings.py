"""The one door to CDKTF's engine and the provider bindings; no other module imports them."""

from . import fastload

fastload.install()
with fastload.node_preload():
    import cdktf  # noqa: F401

from cdktf_cdktf_provider_aws.iam_role import IamRole  # noqa: E402,F401
