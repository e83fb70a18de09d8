"""The role that the endpoint's instances run with, and whether it may do what they need."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, unknown, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import gone, permissions, roles
from sagemaker_endpoint_doctor.facts.needs import Need, needs
from sagemaker_endpoint_doctor.facts.permissions import EVALUATED_HERE, NOTHING_ALLOWS, Answer
from sagemaker_endpoint_doctor.facts.policies import Policy, Reading, Request, Verdict, read
from sagemaker_endpoint_doctor.facts.roles import NoSuchRoleError, Role, name_of
from sagemaker_endpoint_doctor.text.words import listed
from sagemaker_endpoint_runbook import commands

_SAGEMAKER = "sagemaker.amazonaws.com"
_OWN = "Take the statement that denies it out of that policy, or narrow it: no other policy outweighs it."
_OTHERS = "The role's own policies cannot mend this: whoever owns the policy that refuses it must change that one."


def existence(subject: Subject) -> Iterator[Finding]:
    """Whether there is a role at all."""
    for arn in subject.role_arns():
        if _described(subject, arn) is None:
            yield problem(
                f"there is no role {name_of(arn)}",
                why="SageMaker acts for the endpoint with this role: no instance can be started or replaced.",
                next=_mend(subject),
                command=commands.filled(commands.GET_ROLE, role=name_of(arn)),
            )


def trust(subject: Subject) -> Iterator[Finding]:
    """Whether SageMaker may assume it, and only for this account.

    https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
    """
    for role in _existing(subject):
        command = commands.filled(commands.GET_ROLE, role=role.name)
        documented = _source_arn(subject, role, role.account_id)
        reading = _trusted(subject, role, source_arn=documented)
        if reading.verdict is Verdict.UNKNOWN:
            yield unknown(
                f"{role.name} trusts {_SAGEMAKER} under conditions on {listed(reading.keys)}, whose values only "
                "SageMaker knows",
                next="Compare the conditions with what AWS documents on the prevention of confused deputies.",
                command=command,
            )
        elif reading.verdict is not Verdict.ALLOWED and _trusts_for_some(subject, role):
            yield warning(
                f"{role.name} trusts {_SAGEMAKER} for particular resources only",
                why="AWS documents that for endpoints SageMaker names the whole account, no model and no endpoint: "
                "then it cannot assume the role.",
                next=f"Let the trust policy say aws:SourceArn {documented}, with its asterisk.",
                command=command,
            )
        elif reading.verdict is not Verdict.ALLOWED:
            yield _distrust(subject, role, reading, command)
        elif _trusts_for_anybody(subject, role):
            yield warning(
                f"{role.name} trusts {_SAGEMAKER} on behalf of any account",
                why="Whoever makes SageMaker act with this role's ARN from another account gets its permissions.",
                next=f"Add the condition StringEquals aws:SourceAccount {role.account_id} to the role's trust policy.",
                command=command,
            )
        else:
            yield ok(f"{role.name} trusts {_SAGEMAKER}, on behalf of account {role.account_id} alone")


def _mend(subject: Subject) -> str:
    if subject.is_of_terraform:
        return (
            f"To put the role back as the stack states it, {subject.deploy}. A role that the stack does not make is "
            "its owner's to correct."
        )
    return "Correct the role, or ask its owner to."


def _distrust(subject: Subject, role: Role, reading: Reading, command: str) -> Finding:
    statements = [each for each in role.trust.statements() if each["Effect"] == "Allow"]
    conditions = {
        f"{test} {key} {listed(map(str, _listed(values)))}"
        for statement in statements
        for test, tests in statement.get("Condition", {}).items()
        for key, values in tests.items()
    }
    free = [{name: part for name, part in each.items() if name != "Condition"} for each in statements]
    unconditional = replace(role, trust=Policy(name=role.trust.name, document={"Statement": free}))
    source_arn = _source_arn(subject, role, role.account_id)
    if reading.verdict is Verdict.DENIED:
        why_not = ": a statement of its trust policy denies it"
    elif _trusted(subject, unconditional, source_arn=source_arn).verdict is Verdict.ALLOWED:
        why_not = f" for {source_arn}, only under {listed(sorted(conditions))}"
    else:
        why_not = ""
    return problem(
        f"{role.name} does not trust {_SAGEMAKER}{why_not}",
        why="SageMaker cannot assume the role: no instance can be started or replaced.",
        next=_mend(subject),
        command=command,
    )


def _trusts_for_anybody(subject: Subject, role: Role) -> bool:
    """Tell whether SageMaker may assume it for an account that nobody has."""
    nobody = "0" * 12
    reading = _trusted(subject, role, source_arn=_source_arn(subject, role, nobody), account_id=nobody)
    return reading.verdict is Verdict.ALLOWED


def _trusts_for_some(subject: Subject, role: Role) -> bool:
    """Tell whether SageMaker may assume it in the name of the endpoint, or of one of its models."""
    if not subject.exists():
        return False
    arns = [subject.endpoint()["EndpointArn"], subject.configuration()["EndpointConfigArn"]]
    arns += [model["ModelArn"] for model in subject.models().values()]
    return any(_trusted(subject, role, source_arn=arn).verdict is Verdict.ALLOWED for arn in arns)


def _trusted(subject: Subject, role: Role, *, source_arn: str, account_id: str | None = None) -> Reading:
    """Read what the trust policy says to SageMaker on behalf of a resource, and of an account: else the role's own."""
    context = {
        "aws:SourceAccount": account_id or role.account_id,
        "aws:SourceArn": source_arn,
        "aws:RequestedRegion": subject.names.region,
    }
    request = Request(action="sts:AssumeRole", resource=role.arn, context=context)
    return read([role.trust], request, principals=[_SAGEMAKER])


def _source_arn(subject: Subject, role: Role, account_id: str) -> str:
    """Give what SageMaker says for endpoints, according to AWS; the asterisk "does not stand for wildcard".

    https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html#security-confused-deputy-inference
    """
    return f"arn:{role.arn.split(':')[1]}:sagemaker:{subject.names.region}:{account_id}:*"


def policies(subject: Subject) -> Iterator[Finding]:
    """Which policies it has, and whether one of them allows far more than an endpoint needs."""
    for arn in subject.role_arns():
        try:
            found = roles.policies(subject, arn)
        except NoSuchRoleError:
            continue  # `existence` says so
        role = name_of(arn)
        command = commands.filled(commands.LIST_ATTACHED_ROLE_POLICIES, role=role)
        if not found:
            yield problem(
                f"{role} has no policy",
                why="It may do nothing at all: the endpoint can load neither its image nor its data.",
                next=_mend(subject),
                command=command,
            )
        wide = [policy.name for policy in found if _is_wide(policy)]
        if wide:
            yield warning(
                f"{role} has {listed(wide)}, which allows far more than an endpoint needs",
                why="What runs in the container may do all of that, and so may whoever breaks into it.",
                next="Detach it, and put what the container does beyond serving into a policy of its own.",
                command=command,
            )
        elif found:
            yield ok(f"the policies of {role}: {_in_words(found)}")


def _is_wide(policy: Policy) -> bool:
    """Tell whether it is one of AWS's full-access policies, or allows every action."""
    return policy.name.endswith(("FullAccess", "AdministratorAccess", "PowerUserAccess")) or any(
        statement["Effect"] == "Allow" and ("NotAction" in statement or "*" in _listed(statement.get("Action", [])))
        for statement in policy.statements()
    )


def _in_words(found: Sequence[Policy]) -> str:
    attached = [policy.name for policy in found if policy.arn]
    inline = [policy.name for policy in found if not policy.arn]
    return ", ".join(f"{listed(names)} {kind}" for names, kind in ((attached, "attached"), (inline, "inline")) if names)


def boundary(subject: Subject) -> Iterator[Finding]:
    """Which permissions boundary it has, where it has one."""
    for role in _existing(subject):
        if role.boundary_arn:
            yield ok(f"{role.name} has the permissions boundary {name_of(role.boundary_arn)}")


def actions(subject: Subject) -> Iterator[Finding]:
    """Whether it may take each action that the endpoint needs, on the very resources."""
    for role_arn in subject.role_arns():
        needed = needs(subject, role_arn)
        try:
            answers = permissions.ask(subject, role_arn, [need.request for need in needed])
        except NoSuchRoleError:
            continue  # said already
        held_up = [(need, answer) for need, answer in zip(needed, answers, strict=True) if answer.cause]
        for same in _alike(held_up):
            yield _held_up(subject, role_arn, same)
        if not held_up:
            how = "by IAM's simulation" if all(each.simulated for each in answers) else EVALUATED_HERE
            number = len({answer.request.action for answer in answers})
            yield ok(
                f"{name_of(role_arn)} may do all {number} actions that the endpoint needs, where it needs them: {how}"
            )


def _alike(held_up: Iterable[tuple[Need, Answer]]) -> Iterator[list[tuple[Need, Answer]]]:
    """Put together what fails for the same reason with the same consequence."""
    groups: dict[tuple[str, str, Verdict], list[tuple[Need, Answer]]] = {}
    for need, answer in held_up:
        groups.setdefault((need.without, answer.cause, answer.verdict), []).append((need, answer))
    yield from groups.values()


def _held_up(subject: Subject, role_arn: str, same: Sequence[tuple[Need, Answer]]) -> Finding:
    role = name_of(role_arn)
    need, answer = same[0]
    denied = listed(dict.fromkeys(each.request.action for each, _ in same))
    resources = listed(dict.fromkeys(each.request.resource for each, _ in same))
    on = "" if resources == "*" else f" on {resources}"
    how = "" if answer.simulated else f" ({EVALUATED_HERE})"
    command = commands.filled(
        commands.SIMULATE_PRINCIPAL_POLICY,
        role_arn=role_arn,
        action=need.request.action,
        resource=need.request.resource,
    )
    if answer.is_warned:
        return warning(
            f"{role} may be denied {denied}{on}: {answer.cause}",
            why=f"If it is, {need.without}.",
            next="Meet the condition of the statement that denies it, or except the role.",
            see={"s3": "Section S3 names the statement."},
            command=command,
        )
    if not answer.is_refusal:
        return unknown(
            f"whether {role} may {denied}{on}: {answer.cause}{how}",
            next=f"If it may not, {need.without}: read the policies and their conditions.",
            command=command,
        )
    report = problem if need.is_vital else warning
    found = report(
        f"{role} may not {denied}{on}: {answer.cause}{how}",
        why=f"Without it {need.without}.",
        next=_OWN if answer.is_own else _mend(subject) if answer.cause == NOTHING_ALLOWS else _OTHERS,
        command=command,
    )
    return replace(found, is_cause=not need.is_for_reports)


def _existing(subject: Subject) -> list[Role]:
    """Give the roles that there are; `existence` tells of the others."""
    return [role for arn in subject.role_arns() if (role := _described(subject, arn))]


def _described(subject: Subject, arn: str) -> Role | None:
    try:
        return roles.describe(subject, arn)
    except NoSuchRoleError:
        return None


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


CHECKS = (existence, trust, policies, boundary, actions, gone.models)
