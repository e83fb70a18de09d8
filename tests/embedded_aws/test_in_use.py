import json

from .stage import Stage, variant


def test_what_a_live_endpoint_names_is_in_use_and_no_more_when_it_is_gone(stage: Stage) -> None:
    iam, logs, kms = (stage.aws.client(service) for service in ("iam", "logs", "kms"))
    key_id = kms.create_key()["KeyMetadata"]["KeyId"]
    logs.create_log_group(logGroupName=f"/aws/sagemaker/Endpoints/{stage.name}")
    logs.associate_kms_key(logGroupName=f"/aws/sagemaker/Endpoints/{stage.name}", kmsKeyId=key_id)
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)  # the one of all models here
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    policy = iam.create_policy(PolicyName=stage.name, PolicyDocument=document)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="r", PolicyArn=policy)
    stage.endpoint(stage.name, subnet_ids=[stage.subnet_id(1)])
    only = [{"Name": "group-id", "Values": [stage.group_id]}]
    (rule,) = stage.ec2.describe_security_group_rules(Filters=only)["SecurityGroupRules"]
    of_its_own = {stage.name, stage.group_id, rule["SecurityGroupRuleId"], key_id}
    assert of_its_own | {"r", policy, f"r {policy}"} <= set(stage.aws.in_use())

    stage.delete_endpoint(stage.name)
    assert of_its_own.isdisjoint(stage.aws.in_use())


def test_a_new_configuration_is_in_use_beside_the_old_one_while_the_endpoint_moves(stage: Stage) -> None:
    stage.endpoint(stage.name)
    stage.configuration("new-" + stage.name, variant(stage.name))
    stage.sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName="new-" + stage.name)
    assert {stage.name, "new-" + stage.name} <= set(stage.aws.in_use())
    stage.aws.advance(3600)
    stage.sagemaker.delete_endpoint_config(EndpointConfigName=stage.name)
    (call,) = [
        each for each in stage.aws.calls() if stage.name in each.resources and "DeleteEndpointConfig" in each.action
    ]
    assert "new-" + stage.name in call.in_use
    stage.delete_endpoint(stage.name)
    assert "new-" + stage.name not in stage.aws.in_use()


def test_a_model_deleted_under_its_endpoint_is_no_trouble(stage: Stage) -> None:
    stage.endpoint(stage.name)
    stage.sagemaker.delete_model(ModelName=stage.name)
    assert stage.name in stage.aws.in_use()


def test_an_endpoint_that_is_being_deleted_needs_its_role_and_group_but_neither_configuration_nor_models(
    stage: Stage,
) -> None:
    stage.endpoint(stage.name, subnet_ids=[stage.subnet_id(1)])
    stage.sagemaker.delete_endpoint(EndpointName=stage.name)
    used = set(stage.aws.in_use())
    assert {"r", stage.group_id} <= used
    assert stage.name not in used
    stage.aws.advance(3600)
