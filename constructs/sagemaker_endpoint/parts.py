"""The parts of an endpoint, and how they go together: a table of contents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .access.invoke import InvokePolicy
from .access.key import EndpointKey
from .access.role import EndpointRole
from .engine import meta_arguments
from .engine.account import Account
from .engine.bindings import Construct, SagemakerEndpoint, SagemakerModel
from .engine.identity import Identity
from .engine.lifecycle import keep_lifecycles
from .hosting import asynchronous, data_capture, deployment, model, scaled, variant
from .hosting.configuration import EndpointConfiguration
from .hosting.notifications import Topics
from .hosting.serverless import is_serverless
from .inputs import EndpointInputs
from .network.interfaces import EndpointInterfaces, endpoint_interfaces
from .network.network import EndpointNetwork
from .operations import metrics, scaling
from .operations.alarms import EndpointAlarms
from .operations.dashboard import EndpointDashboard
from .operations.logs import EndpointLogs
from .operations.runbook import Runbook
from .operations.scaling import EndpointScaling
from .rules import checks


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointParts:
    """What an endpoint is made of."""

    network: EndpointNetwork
    encryption: EndpointKey
    logs: EndpointLogs
    topics: Topics
    models: Mapping[str, SagemakerModel]
    role: EndpointRole
    configuration: EndpointConfiguration
    endpoint: SagemakerEndpoint
    rollback: deployment.Rollback
    interfaces: EndpointInterfaces | None
    scaled: Mapping[str, EndpointScaling]
    invoke_policy: InvokePolicy
    alarms: EndpointAlarms | None
    dashboard: EndpointDashboard | None
    runbook: str


def assemble(scope: Construct, inputs: EndpointInputs, found: Sequence[checks.Deferred]) -> EndpointParts:
    """Make all parts inside `scope`; `found` is what Terraform alone knows of the inputs."""
    deployment.warn_of_namesake(scope, inputs.endpoint_name)
    identity = Identity(
        endpoint_name=inputs.endpoint_name,
        account=Account(scope, "Account"),
        tags=None if inputs.tags is None else dict(inputs.tags),
        deletion_protection=inputs.deletion_protection,
    )
    account = identity.account
    variants = [*inputs.production_variants, *inputs.shadow_production_variants]
    models = [each.model for each in variants]
    least_privilege = inputs.execution_role.least_privilege

    network = EndpointNetwork(scope, "Network", identity, inputs.network)
    encryption = EndpointKey(scope, "Encryption", identity, uses=[EndpointLogs.key_statement(identity)], key=inputs.key)
    key_arn = encryption.kms_key_arn
    logs = EndpointLogs(
        scope,
        "Logs",
        identity,
        kms_key_arn=key_arn,
        logs=inputs.logs,
        deferred=[*checks.about(found, "key.kms_key_arn"), *encryption.deferred],
    )
    alarms = None
    if inputs.alarms is not None:
        about_alarms = checks.about(found, "alarms")
        alarms = EndpointAlarms(
            scope, "Alarms", identity, alarms=inputs.alarms, endpoint=inputs.measured, deferred=about_alarms
        )
    topics = asynchronous.notification_topics(scope, identity, inputs.async_inference_config, key_arn)
    rollback = deployment.Rollback(
        scope,
        identity,
        inputs.deployment,
        own_alarms=alarms.of_answers if alarms else (),
        serverless=is_serverless(inputs.production_variants),
    )
    role = EndpointRole(
        scope,
        "Access",
        identity,
        artifacts=[*model.statements(models, account)],
        runtime=[
            *EndpointLogs.statements(identity, least_privilege=least_privilege),
            *metrics.statements(),
            *variant.statements(variants, key_arn, account),
            *asynchronous.statements(inputs.async_inference_config, account, key_arn, topics),
            *data_capture.statements(inputs.data_capture_config, account, key_arn),
            *encryption.statements(),
            *network.statements(account, least_privilege=least_privilege),
            *deployment.statements(identity),
            *rollback.statements(),
        ],
        execution_role=inputs.execution_role,
    )
    made_models = variant.endpoint_models(
        scope,
        identity,
        inputs.production_variants,
        inputs.shadow_production_variants,
        role=role,
        subnet_ids=network.subnet_ids,
        security_group_ids=network.security_group_ids,
        deferred=[*checks.about(found, "execution_role.role_arn"), *role.deferred],
    )
    configuration = EndpointConfiguration(
        scope,
        "Configuration",
        identity,
        production_variants=inputs.production_variants,
        shadow_production_variants=inputs.shadow_production_variants,
        model_names=[each.model_name for each in made_models],
        kms_key_arn=key_arn,
        async_inference_config=inputs.async_inference_config,
        topics=topics,
        data_capture_config=inputs.data_capture_config,
        deferred=checks.about(found, "async_inference_config", "data_capture_config"),
    )
    # There before the endpoint and until it is gone: SageMaker deletes it some time after it was told.
    needed = [logs.log_group, *role.policies, *topics.made, *network.security_group_rules.values()]
    interfaces = endpoint_interfaces(
        scope,
        "Interfaces",
        identity,
        network=network,
        role=role,
        cleanup=inputs.interface_cleanup,
        depends_on=needed,
        provider=inputs.provider,
    )
    endpoint = deployment.deploy(
        scope,
        identity,
        endpoint_config_name=configuration.endpoint_config_name,
        deferred=[
            *checks.about(found, "endpoint_name", "tags", "deployment"),
            *rollback.deferred(models),
        ],
        rollback=rollback,
        serverless=is_serverless(inputs.production_variants),
        asynchronous=inputs.async_inference_config is not None,
        # The release waits for the endpoint's end, and what is needed waits for the release.
        depends_on=[interfaces.release] if interfaces else needed,
    )
    scaled_variants = [
        *scaled.scaled_variants(
            inputs.production_variants,
            inputs.shadow_production_variants,
            asynchronous=inputs.async_inference_config is not None,
        )
    ]
    scalings = scaling.scale(
        scope,
        identity,
        scaled_variants,
        endpoint=endpoint,
        endpoint_config_name=configuration.endpoint_config_name,
        found=found,
    )
    if interfaces:
        interfaces.mark(endpoint=endpoint, endpoint_config_name=configuration.endpoint_config_name)
    invoke_policy = InvokePolicy(
        scope,
        "Invoke",
        identity,
        endpoint_arn=endpoint.arn,
        asynchronous=inputs.async_inference_config is not None,
        uploads=asynchronous.upload_statements(inputs.async_inference_config, account),
    )
    dashboard = None
    if inputs.dashboard:
        alarm_arns = [each.arn for each in alarms.made.values()] if alarms else []
        dashboard = EndpointDashboard(scope, "Dashboard", identity, endpoint=inputs.measured, alarm_arns=alarm_arns)

    named = [each.runbook_names for each in (network, encryption, logs, role, configuration, rollback)]
    named.append(scaled.runbook_names(scaled_variants))
    waiting = [*network.lookups, *(each.model for each in made_models), endpoint]
    waiting += [interfaces.release] if interfaces else []
    meta_arguments.set_all(scope, waiting, provider=inputs.provider, depends_on=inputs.depends_on)
    keep_lifecycles(scope)
    return EndpointParts(
        network=network,
        encryption=encryption,
        logs=logs,
        topics=topics,
        models={each.variant_name: made.model for each, made in zip(variants, made_models, strict=True)},
        role=role,
        configuration=configuration,
        endpoint=endpoint,
        rollback=rollback,
        interfaces=interfaces,
        scaled={each.variant_name: made for each, made in zip(scaled_variants, scalings, strict=True)},
        invoke_policy=invoke_policy,
        alarms=alarms,
        dashboard=dashboard,
        runbook=Runbook.of(identity, named, model.s3_urls(models)).text(),
    )
