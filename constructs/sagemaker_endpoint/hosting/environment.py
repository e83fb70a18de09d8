"""A container's environment: its rules, and what in it should not be there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import AnyOf, Every, HasBytes, IsNone, Keys, Values

# Names that say that what they hold is secret; not those of a tokenizer's own tokens.
_SECRET = re.compile(
    r"(?i)(?!.*(?:PAD|EOS|BOS|UNK|SEP|CLS|MASK|STOP)_TOKEN$)"
    r".*(?:TOKEN|SECRETS?|PASSWORD|PASSWD|PASSPHRASE|_(?:PASS|PWD|PAT)|CREDENTIALS?"
    r"|(?:API|ACCESS|SECRET|PRIVATE|ENCRYPTION|SIGNING|AUTH)_?KEY)"
)
# Values that are secret under any name: a URL with a password, the tokens of Hugging Face, GitHub, GitLab and Slack.
_SECRET_VALUE = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*://[^/@\s]*:[^@\s]+@.*|(?:hf|gh[a-z]|github_pat|glpat|xox[a-z])[_-][A-Za-z0-9_-]{16,}",
    re.DOTALL,
)


def problems(at: str, environment: Mapping[str, str]) -> Iterator[checks.Finding]:
    """Yield what is wrong with an environment or deferred, each sentence starting with the path `at`."""
    if not isinstance(environment, Mapping):
        yield f"{at} must be a mapping of names to values, {checks.given(environment, 'string_map', secret=True)}"
        return
    key, value = limits.ENVIRONMENT_KEY, limits.ENVIRONMENT_VALUE
    yield from checks.mapping(
        at,
        environment,
        limits.ENVIRONMENT_COUNT,
        what="variables",
        # Their lengths are in bytes, below.
        key=(replace(key, max_length=None), "LOG_LEVEL"),
        value=(replace(value, max_length=None), "info"),
        secret=True,
    )
    most = key.max_length or 0
    if checks.deferred(environment):
        for what, parts in (("key", Keys(environment)), ("value", Values(environment))):
            short = Every(parts, lambda each: HasBytes([each], most))
            yield from checks.rule(
                f"each {what} of {at} must have at most {most} bytes", short, parts, none=IsNone(environment)
            )
    for name, stated in checks.named(environment):
        if isinstance(name, str) and isinstance(stated, str):
            yield from checks.rule(f"{at} key must have at most {most} bytes", HasBytes([name], most), name)
            yield from checks.rule(f"{at}[{name!r}] must have at most {most} bytes", HasBytes([stated], most))
    none = IsNone(environment) if checks.deferred(environment) else None
    yield from checks.rule(
        f"{at} must hold at most {limits.ENVIRONMENT_BYTES.maximum} bytes in all",
        HasBytes(_parts(environment), limits.ENVIRONMENT_BYTES.maximum or 0),
        none=none,
    )


def size_problems(at: str, environments: Sequence[Mapping[str, str]]) -> Iterator[checks.Finding]:
    """Yield whether all containers' environments together are larger than AWS takes."""
    most = limits.ENVIRONMENT_BYTES.maximum or 0
    fits = HasBytes([part for each in environments for part in _parts(each)], most)
    nulls = [IsNone(each) for each in environments if checks.deferred(each)]
    sentence = f"{at} must hold at most {most} bytes in their environments together"
    # One that is null in Terraform cannot be counted there: those that can be hold to the limit each.
    yield from checks.rule(sentence, AnyOf([*nulls, fits]) if nulls else fits)


def _parts(environment: Mapping[str, str]) -> list[object]:
    if checks.deferred(environment):
        return [Keys(environment), Values(environment)]
    return [part for pair in environment.items() for part in pair if isinstance(part, str)]


def secrets(environment: Mapping[str, str] | None) -> list[str]:
    """Name the variables that seem secret by name or value, but for ARNs of secrets."""
    return [
        str(name)
        for name, value in checks.named(environment)
        if (_SECRET.fullmatch(str(name)) and value and not str(value).startswith("arn:"))
        or _SECRET_VALUE.fullmatch(str(value))
    ]
