"""The endpoint's network interfaces: marked for deletion while it lives, released when it is gone.

SageMaker puts an interface for each instance into the subnets and may leave it there, and AWS deletes no security
group that an interface stands in. Two resources run ``eni_cleanup.sh``:

* *release* is what the endpoint depends on, so Terraform destroys it after the endpoint and before the security
  group and the role: it waits for interfaces to go, and deletes what stays.
* *mark* depends on the endpoint and runs again whenever its configuration changes: it fails where AWS says that
  another configuration is live, sets the interfaces to be deleted with their instances, and deletes what they leave
  behind in a group that was replaced.

Whose an interface is, AWS tells by the unique id of the role that asked for it; so the script is told that of the
execution role, and the account that Terraform works in.

They are two because a failed provisioner at creation taints its resource, and a tainted one skips its provisioner
at destruction. All values reach the script through the environment, none through a command line.
"""

import atexit
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sagemaker_endpoint.access.role import EndpointRole
from sagemaker_endpoint.engine.bindings import (
    Annotations,
    AssetType,
    Construct,
    IValidation,
    LocalExecProvisioner,
    NullResource,
    SagemakerEndpoint,
    TerraformAsset,
    TerraformProvider,
    TerraformResource,
    TerraformStack,
    Token,
    implements,
)
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.engine.lifecycle import set_lifecycle
from sagemaker_endpoint.engine.preconditions import preconditions
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import AnyOf, IsNone, Matches, Not

from .network import EndpointNetwork, PrivateNetwork, security_group_prefix

SCRIPT = "eni_cleanup.sh"
_PACKAGE = __name__.partition(".")[0]
_FIRST_TRIGGERS = ("security_group_id", "endpoint_name", "region")  # every state has them
# What the script accepts, by its own patterns.
_ROLE_ARN = limits.Text(
    min_length=limits.EXECUTION_ROLE_ARN.min_length,
    max_length=limits.EXECUTION_ROLE_ARN.max_length,
    pattern=r"arn:aws[a-z-]*:iam::[0-9]{12}:role/([!-~]+/)?[A-Za-z0-9_+=,.@-]{1,64}",
)
_EXTERNAL_ID = limits.Text(min_length=2, max_length=1224, pattern=r"[A-Za-z0-9_+=,.@:/-]{2,}")
_URL = r"(?s:(?:file|fileb|http|https)://.*)"  # in an argument, the AWS CLI reads it
_PROFILE = limits.Text(min_length=1, max_length=255, pattern=r"[^-\x00-\x1f\x7f][^\x00-\x1f\x7f]*")
_ENDPOINT_URL = limits.Text(
    min_length=1,
    max_length=2048,
    pattern=r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?",
)
_SECRET = {"external_id", "endpoint_url"}  # the latter may hold a password, which is why it is refused
_NO_URL = "must not begin like a URL, which the AWS CLI would read"
_WITH_ROLE = "must be given with role_arn, the role that asks for it"
_TIMEOUT = limits.Number(minimum=1, maximum=86400)
_INTERVAL = limits.Number(minimum=1, maximum=300)
_DETACH_AFTER = limits.Number(minimum=0, maximum=86400)


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceCleanup(checks.Inputs):
    """How the endpoint's network interfaces are looked after, by the machine that runs Terraform.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html

    Attributes:
        enabled: Whether interfaces are looked after at all. Default True; with False nothing is marked or released,
            and a destroy may fail with ``DependencyViolation``.
        mark: Whether interfaces are also marked, after each update, to be deleted with their instances, and those
            that an update leaves behind in a replaced group deleted. Default True. It is also what asks AWS,
            with the script's own credentials, which configuration is live, and fails the apply where SageMaker
            rolled an update back; without it, as with existing groups, only a postcondition does, which knows what
            the AWS provider reads. With a role that other
            endpoints may use, an existing one, there is nothing that is proven to be this endpoint's to mark.
        role_arn: A role for the script to assume, where the AWS provider assumes one: the script does not see the
            provider's own settings. Default none: the credentials of the environment. In another account than
            Terraform's the script does nothing, and fails.
        external_id: The external id that this role asks for. Default none. It is never shown; where Terraform
            alone knows it, it stands in Terraform's state, as all that Terraform knows of resources does, and
            otherwise in what is synthesized.
        profile: A profile of the AWS CLI. Default none.
        endpoint_url: A URL to call instead of AWS's own, for every service that the script calls: EC2, SageMaker
            and STS. Default none.
        timeout_in_seconds: When release gives up, 1 to 86,400 s. Default 1,800: AWS lets go of an interface within
            minutes, as a rule; a second destroy goes on where the first gave up.
        interval_in_seconds: The time between two looks, 1 to 300 s. Default 15.
        detach_after_in_seconds: How long AWS may hold an interface of the deleted endpoint before it is detached
            by force, 0 to 86,400 s. Default 300.
    """

    enabled: bool = True
    mark: bool = True
    role_arn: str | None = None
    external_id: str | None = field(default=None, repr=False)
    profile: str | None = None
    endpoint_url: str | None = field(default=None, repr=False)
    timeout_in_seconds: float | None = None
    interval_in_seconds: float | None = None
    detach_after_in_seconds: float | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.known_flag(f"{at}.enabled", self.enabled)
        yield from checks.known_flag(f"{at}.mark", self.mark)
        for name, (value, limit, example) in self._texts().items():
            # What Terraform knows to be an empty text is none to the script.
            yield from checks.text(
                f"{at}.{name}",
                value,
                limit,
                example=example,
                optional=True,
                blank=True,
                secret=name in _SECRET,
                hint=checks.looks_like if name == "role_arn" else lambda _: "",
            )
        if isinstance(self.external_id, str):
            none = IsNone(self.external_id, blank=True)
            yield from checks.rule(f"{at}.external_id {_NO_URL}", Not(Matches(self.external_id, _URL)), none=none)
            given = AnyOf([none, Not(IsNone(self.role_arn, blank=True))])
            yield from checks.rule(f"{at}.external_id {_WITH_ROLE}", given)
        if self.enabled is False:
            for name in self.stated():
                yield f"{at}.{name} must not be given with enabled=False, which leaves all of the clean-up out"
        for name, (number, range_) in self._numbers().items():
            yield from checks.number(f"{at}.{name}", number, range_, optional=True)

    def stated(self) -> list[str]:
        """Name the settings that are not the defaults, but for `enabled`."""
        values = {name: value for name, (value, *_) in [*self._texts().items(), *self._numbers().items()]}
        return [
            *(["mark"] if self.mark is False else []),
            *(name for name, value in values.items() if value is not None),
        ]

    def _texts(self) -> dict[str, tuple[str | None, limits.Text, str]]:
        return {
            "role_arn": (self.role_arn, _ROLE_ARN, "arn:aws:iam::111122223333:role/operator"),
            "external_id": (self.external_id, _EXTERNAL_ID, "team-42"),
            "profile": (self.profile, _PROFILE, "prod"),
            "endpoint_url": (self.endpoint_url, _ENDPOINT_URL, "http://localhost:4566"),
        }

    def _numbers(self) -> dict[str, tuple[float | None, limits.Number]]:
        return {
            "timeout_in_seconds": (self.timeout_in_seconds, _TIMEOUT),
            "interval_in_seconds": (self.interval_in_seconds, _INTERVAL),
            "detach_after_in_seconds": (self.detach_after_in_seconds, _DETACH_AFTER),
        }

    def settings(self) -> dict[str, str]:
        """Give what the script is told, by the last part of its variable's name."""
        stated = {
            "role_arn": self.role_arn,
            "external_id": self.external_id,
            "profile": self.profile,
            "endpoint_url": self.endpoint_url,
            "timeout": self.timeout_in_seconds,
            "interval": self.interval_in_seconds,
            "detach_after": self.detach_after_in_seconds,
        }
        return {name: _as_string(value) for name, value in stated.items() if value is not None}


def _as_string(value: object) -> str:
    if isinstance(value, str):
        return value
    return Token.as_string(value) if checks.deferred(value) else str(value)


def useless_cleanup_problems(network: PrivateNetwork, cleanup: InterfaceCleanup) -> Iterator[str]:
    """Yield each setting that does nothing, since the groups exist already."""
    parts = isinstance(network, PrivateNetwork) and isinstance(cleanup, InterfaceCleanup)
    if parts and network.security_group_ids is not None and cleanup.enabled is True:
        for name in cleanup.stated():
            yield (
                f"interface_cleanup.{name} must not be given with network.security_group_ids: interfaces in existing "
                "groups are never touched"
            )


def script() -> Path:
    """Find the script: in the installed package, in the repository that it is run from, or in a zip application."""
    package = Path(__file__).resolve().parents[1]
    candidates = (package / SCRIPT, package.parents[1] / "scripts" / SCRIPT)
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    if (resources.files(_PACKAGE) / SCRIPT).is_file():
        return _unpacked()
    raise FileNotFoundError(
        f"{SCRIPT} is neither in {candidates[0].parent} nor in {candidates[1].parent}: reinstall the package"
    )


@cache
def _unpacked() -> Path:
    """Write the script to a file of the same name, which is there until the app has been synthesized."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    copy = Path(folder.name, SCRIPT)
    copy.write_bytes((resources.files(_PACKAGE) / SCRIPT).read_bytes())
    return copy


def endpoint_interfaces(
    scope: Construct,
    id: str,
    identity: Identity,
    *,
    network: EndpointNetwork,
    role: EndpointRole,
    cleanup: InterfaceCleanup | None,
    depends_on: Sequence[TerraformResource],
    provider: TerraformProvider | None,
) -> "EndpointInterfaces | None":
    """Make the clean-up where the endpoint has a security group of its own: an existing one is never swept."""
    cleanup = InterfaceCleanup() if cleanup is None else cleanup
    if network.security_group is None or not cleanup.enabled:
        return None
    return EndpointInterfaces(
        scope,
        id,
        identity,
        security_group_id=network.security_group.id,
        execution_role_id=role.unique_id(),
        execution_role_is_shared=role.is_shared,
        cleanup=cleanup,
        depends_on=depends_on,
        provider=provider,
    )


class EndpointInterfaces(Construct):
    """Makes the release; `mark` makes the mark, once there is an endpoint.

    Attributes: `release`, for the endpoint to depend on; `marking`, the resource that marks, if there is one.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        identity: Identity,
        *,
        security_group_id: str,
        cleanup: InterfaceCleanup,
        depends_on: Sequence[TerraformResource],
        execution_role_id: str = "",
        execution_role_is_shared: bool = True,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        found = checks.require(lambda: self.node.path, checks.part("interface_cleanup", cleanup, InterfaceCleanup))
        self._cleanup = cleanup
        self._group_name_prefix = security_group_prefix(identity.endpoint_name)
        _warn_of_unseen_credentials(self, cleanup, provider)
        asset = TerraformAsset(self, "Script", path=str(script()), type=AssetType.FILE)
        # Called without a shell: a path with spaces stays one word, and no value is ever parsed as a command.
        self._interpreter = ["bash", f"${{path.module}}/{asset.path}"]
        # A destroy provisioner sees literals and its own resource's triggers, nothing else. What tells endpoints apart
        # is of the time the resource was made, so it is kept in the triggers; so is what Terraform alone knows. The
        # rest are literals, which may change without another release.
        settings = cleanup.settings()
        self._literals = {name: value for name, value in settings.items() if not checks.deferred(value)}
        self._triggers = {
            "security_group_id": security_group_id,
            "endpoint_name": identity.endpoint_name,
            "region": identity.account.region,
            "account_id": identity.account.account_id,
            "execution_role_id": execution_role_id,
            "execution_role_shared": "true" if execution_role_is_shared else "false",
            **{name: value for name, value in settings.items() if checks.deferred(value)},
        }
        self._settings = set(settings)
        self.release = NullResource(
            self,
            "Release",
            triggers=self._triggers,
            provisioners=[self._run("release", when="destroy")],
            depends_on=depends_on,
        )
        self.marking: NullResource | None = None
        set_lifecycle(self.release, precondition=preconditions(found))

    def mark(self, *, endpoint: SagemakerEndpoint, endpoint_config_name: str) -> None:
        """Mark the interfaces now, and again whenever the endpoint or its configuration is another.

        Terraform deletes a replaced configuration, and its models and policies, once all that depends on it is applied:
        a mark that fails keeps them.
        """
        if not self._cleanup.mark:
            return
        self.marking = NullResource(
            self,
            "Mark",
            triggers={
                **self._triggers,
                "endpoint_arn": endpoint.arn,
                "endpoint_config_name": endpoint_config_name,
            },
            provisioners=[self._run("mark")],
            depends_on=[endpoint],
        )

    def _run(self, mode: str, *, when: str | None = None) -> LocalExecProvisioner:
        told = self._literals | {name: self._kept(name) for name in self._triggers}
        if mode == "mark":
            told["group_name_prefix"] = self._group_name_prefix
            told["endpoint_config_name"] = "${self.triggers.endpoint_config_name}"
        return LocalExecProvisioner(
            type="local-exec",
            when=when,
            interpreter=self._interpreter,
            command=mode,
            environment={f"ENI_CLEANUP_{name.upper()}": value for name, value in told.items()},
        )

    def _kept(self, name: str) -> str:
        """Read a trigger as it was when the resource was made, perhaps before there was one of this name.

        Terraform shows nothing of what a provisioner says that is told something sensitive, not even why a destroy
        fails. The script shows none of its settings that may be secret, so they are told as if they were not.
        """
        if name in _FIRST_TRIGGERS:
            return f"${{self.triggers.{name}}}"
        # Before Terraform 1.8, `nonsensitive` fails for what is not sensitive.
        shown = f"nonsensitive(self.triggers.{name}), " if name in self._settings else ""
        return f'${{try({shown}self.triggers.{name}, "")}}'


_OWN = ("access_key", "shared_credentials_files", "shared_config_files")

# What is unseen of each stack's providers: by the first endpoint, and by the first that is synthesized.
_at_first: "WeakKeyDictionary[TerraformStack, list[str]]" = WeakKeyDictionary()
_at_last: "WeakKeyDictionary[TerraformStack, list[str]]" = WeakKeyDictionary()


def _warn_of_unseen_credentials(
    construct: Construct, cleanup: InterfaceCleanup, provider: TerraformProvider | None
) -> None:
    """Warn where the AWS provider, the stack's or another, has a role or profile, and the script is told of none."""
    if cleanup.role_arn is not None or cleanup.profile is not None:
        return
    if provider is not None:
        _warn(construct, _unseen_credentials([provider], aliased=True))
        return
    unseen = _of_stack(construct, _at_first)
    _warn(construct, unseen)
    construct.node.add_validation(_LookAgain(construct, unseen))


@implements(IValidation)
class _LookAgain:
    """Looks once more when all is made: a provider may stand behind the endpoint in a program."""

    def __init__(self, construct: Construct, told: Sequence[str]) -> None:
        self._construct, self._told = construct, told

    def validate(self) -> list[str]:
        """Warn of what came later; it is no error."""
        _warn(self._construct, [each for each in _of_stack(self._construct, _at_last) if each not in self._told])
        return []


def _of_stack(construct: Construct, scanned: "WeakKeyDictionary[TerraformStack, list[str]]") -> list[str]:
    """Look at the providers of a stack once for all endpoints: each look goes over all in the stack."""
    stack = TerraformStack.of(construct)
    if stack not in scanned:
        scanned[stack] = [*_unseen_credentials(stack.node.children)]
    return scanned[stack]


def _warn(construct: Construct, unseen: Iterable[str]) -> None:
    for each in unseen:
        Annotations.of(construct).add_warning(
            f"{each}, and interface_cleanup has neither role_arn nor profile: {SCRIPT} does not see the provider's "
            "settings and works with the credentials of the environment. State the same as InterfaceCleanup("
            "role_arn=..., external_id=..., profile=...), unless those are credentials of the same account."
        )


def _unseen_credentials(constructs: Iterable[Any], *, aliased: bool = False) -> Iterator[str]:
    for provider in constructs:
        # By name: to import the class would load the schema of the whole provider.
        if type(provider).__name__ != "AwsProvider" or (provider.alias is not None and not aliased):
            continue
        whose = f"The AWS provider {provider.node.path}"
        roles = [*_blocks(provider.assume_role_input), *_blocks(provider.assume_role_with_web_identity_input)]
        if roles:
            yield f"{whose} assumes {', '.join(_told(_field(role, 'role_arn'), 'a role') for role in roles)}"
        elif provider.profile_input is not None:
            yield f"{whose} uses the profile {_told(provider.profile_input, 'one')}"
        elif (own := next(filter(lambda name: getattr(provider, f"{name}_input") is not None, _OWN), None)) is not None:
            yield f"{whose} has {own} of its own"


def _told(value: object, kind: str) -> str:
    return value if isinstance(value, str) and not checks.deferred(value) else f"{kind} that Terraform alone knows"


def _blocks(value: Any) -> Sequence[Any]:  # noqa: ANN401 - a struct, a list of them, a mapping or a token
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def _field(block: Any, name: str) -> object:  # noqa: ANN401 - a struct or a mapping
    return block.get(name) if isinstance(block, dict) else getattr(block, name, None)
