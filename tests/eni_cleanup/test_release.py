"""`release`: whatever an endpoint's interfaces do, the group is free at the end, or it is said what holds it."""

import re

import pytest

from tests.embedded_aws.fault import Failure

from .scene import DELETE, DETACH, ENDPOINT, GROUP, IDENTITY, LOOK, TIME, Scene

pytestmark = pytest.mark.end_to_end

START = [IDENTITY, ENDPOINT, GROUP]


@pytest.mark.parametrize("subnets", [1, 2])
def test_orphans_are_deleted(scene: Scene, subnets: int) -> None:
    ids = scene.deleted_endpoint(count=3, subnets=subnets)
    outcome = scene.run("release")
    assert outcome.code == 0
    assert scene.ids() == []
    for each in ids:
        assert outcome.log.count(f"{each} found: available, ") == 1
        assert outcome.log.count(f"{each}: deleted") == 1
    assert f"the endpoint {scene.endpoint_name} is gone" in outcome.log
    assert re.search(rf"{scene.stage.group_id} is free after \d+s; network interfaces deleted: 3\n$", outcome.log)
    assert scene.actions() == [*START, LOOK, DELETE, LOOK]
    assert scene.changes_made() == [DELETE] * 3


def test_a_free_group_is_looked_at_as_often_as_asked_and_left(scene: Scene) -> None:
    outcome = scene.run("release", {"ENI_CLEANUP_SETTLE": "2"})
    assert outcome.code == 0
    assert f"{scene.stage.group_id} is free" in outcome.log
    assert [call.action for call in scene.calls()] == [*START, LOOK, LOOK]


def test_interfaces_that_aws_deletes_late_are_waited_for_and_nothing_is_changed(scene: Scene) -> None:
    scene.aws.behave("vanish", release_seconds=3600)
    ids = scene.deleted_endpoint(count=2)
    with scene.running("release") as run:
        run.until("waiting for AWS to let go of 2")
        scene.let_an_hour_pass()
        outcome = run.end()
    assert outcome.code == 0
    for each in ids:
        assert outcome.log.count(f"{each} found: in-use, ") == 1
        assert outcome.log.count(f"{each}: gone") == 1
    assert "is free after" in outcome.log
    assert "deleted: 0" in outcome.log
    assert scene.ids() == []
    assert scene.actions() == [*START, LOOK]


def test_interfaces_that_aws_releases_late_and_leaves_are_deleted(scene: Scene) -> None:
    scene.aws.behave("orphan", release_seconds=3600)
    (late,) = scene.deleted_endpoint()
    with scene.running("release") as run:
        run.until("waiting for AWS to let go of 1")
        scene.let_an_hour_pass()
        outcome = run.end()
    assert outcome.code == 0
    assert f"{late}: in-use -> available" in outcome.log
    assert f"{late}: deleted" in outcome.log
    assert scene.ids() == []
    assert scene.actions() == [*START, LOOK, DELETE, LOOK]


def test_a_stuck_interface_is_detached_after_a_while_and_deleted(scene: Scene) -> None:
    scene.aws.behave("detachable")
    (stuck,) = scene.deleted_endpoint()
    outcome = scene.run("release", {"ENI_CLEANUP_DETACH_AFTER": "3"})
    assert outcome.code == 0
    waiting, _, after = outcome.log.partition(f"{stuck}: detached by force")
    assert "waiting for AWS to let go of 1" in waiting
    detached = re.search(r"\[ *(\d+)s\] $", waiting)
    assert detached
    assert int(detached[1]) >= 3
    assert f"{stuck}: in-use -> available" in after
    assert f"{stuck}: deleted" in after
    assert scene.ids() == []
    assert scene.changes_made() == [DETACH, DELETE]
    (force,) = (call.parameters["Force"] for call in scene.calls() if call.action == DETACH)
    assert force == "true"


def test_an_interface_that_aws_keeps_is_detached_once_and_named_when_time_is_up(scene: Scene) -> None:
    scene.aws.behave("stuck")
    (stuck,) = scene.deleted_endpoint()
    outcome = scene.run_out_of_time("release", {"ENI_CLEANUP_DETACH_AFTER": "0"}, after=LOOK, times=4)
    assert outcome.code == 4
    assert outcome.log.count(f"WARNING: {stuck} could not be detached: An error occurred (AuthFailure)") == 1
    headline, named, advice = outcome.log.splitlines()[-3:]
    assert f"ERROR: time is up after {TIME}s" in headline
    assert f"  {stuck}: in-use, type interface, requester " in named
    assert "run the destroy again: it goes on from here" in advice
    assert scene.ids() == [stuck]
    assert scene.changes_made() == [DETACH]


def test_an_ela_attachment_is_never_detached_and_named_when_time_is_up(scene: Scene) -> None:
    scene.aws.behave("ela-attach")
    (stuck,) = scene.deleted_endpoint()
    outcome = scene.run_out_of_time("release", {"ENI_CLEANUP_DETACH_AFTER": "0"}, after=LOOK, times=4)
    assert outcome.code == 4
    assert re.search(rf"  {stuck}: in-use, .* attachment ela-attach-", outcome.log)
    assert "ask AWS Support" in outcome.log
    assert scene.ids() == [stuck]
    assert scene.changes_made() == []


def test_a_second_run_goes_on_where_the_first_ran_out_of_time(scene: Scene) -> None:
    scene.aws.behave("orphan", release_seconds=3600)
    scene.deleted_endpoint(count=2)
    assert scene.run_out_of_time("release", after=LOOK, times=2).code == 4
    scene.let_an_hour_pass()
    assert scene.run("release").code == 0
    assert scene.ids() == []


def test_nothing_is_said_while_nothing_changes_and_looking_costs_one_call(scene: Scene) -> None:
    scene.aws.behave("stuck")
    scene.deleted_endpoint(count=5)
    with scene.running("release") as run:
        scene.until_called(LOOK, 4)
        run.process.terminate()
        outcome = run.end()
    calls = [call.action for call in scene.calls()]
    assert calls == [*START, *[LOOK] * (len(calls) - 3)]
    sayings = ["is gone", *[" found: in-use"] * 5, "waiting for AWS to let go of 5", "interrupted by SIGTERM"]
    for said, line in zip(sayings, outcome.log.splitlines(), strict=True):
        assert said in line


# The endpoint


def test_a_living_endpoint_is_not_touched(scene: Scene) -> None:
    ids = scene.endpoint()
    ids.append(scene.bystander())
    outcome = scene.run("release")
    assert outcome.code == 0
    assert f"WARNING: the endpoint {scene.endpoint_name} is alive (InService)" in outcome.log
    assert sorted(scene.ids()) == sorted(ids)
    assert scene.actions() == [IDENTITY, ENDPOINT]


def test_an_endpoint_being_deleted_is_waited_for_and_nothing_is_detached(scene: Scene) -> None:
    scene.aws.behave("detachable")
    (left,) = scene.endpoint()
    scene.stage.sagemaker.delete_endpoint(EndpointName=scene.endpoint_name)
    with scene.running("release", {"ENI_CLEANUP_DETACH_AFTER": "0", "ENI_CLEANUP_TIMEOUT": "60"}) as run:
        run.until("waiting for AWS to let go of 1")
        scene.until_called(ENDPOINT, 3)
        assert scene.changes_made() == []
        scene.let_an_hour_pass()
        outcome = run.end()
    assert outcome.code == 0
    assert f"the endpoint {scene.endpoint_name} is being deleted, which is waited for" in outcome.log
    assert f"the endpoint {scene.endpoint_name} is gone" in outcome.log
    assert f"{left}: in-use -> available" in outcome.log
    assert scene.ids() == []
    assert scene.changes_made() == [DETACH, DELETE]


def test_a_group_is_not_free_before_the_endpoint_is_gone(scene: Scene) -> None:
    scene.stage.endpoint(scene.endpoint_name)  # with no interface in the group
    scene.stage.sagemaker.delete_endpoint(EndpointName=scene.endpoint_name)
    scene.aws.reset_calls()
    with scene.running("release", {"ENI_CLEANUP_SETTLE": "2"}) as run:
        run.until("is being deleted")
        scene.until_called(LOOK, 4)
        scene.let_an_hour_pass()
        outcome = run.end()
    assert outcome.code == 0
    assert outcome.log.index(f"the endpoint {scene.endpoint_name} is gone") < outcome.log.index("is free after")
    actions = [call.action for call in scene.calls()]
    assert actions[-4:] == [LOOK, ENDPOINT, LOOK, LOOK]  # settled after the end of the endpoint, not before


def test_an_endpoint_that_is_being_deleted_until_time_is_up_is_said(scene: Scene) -> None:
    scene.stage.endpoint(scene.endpoint_name)
    scene.stage.sagemaker.delete_endpoint(EndpointName=scene.endpoint_name)
    outcome = scene.run_out_of_time("release", after=ENDPOINT, times=3)
    assert outcome.code == 4
    assert f"ERROR: time is up after {TIME}s: the endpoint {scene.endpoint_name} is still being deleted" in outcome.log
    assert "run the destroy again: it goes on from here" in outcome.log
    assert "is free" not in outcome.log
    scene.let_an_hour_pass()


def test_without_permission_to_see_the_endpoint_nothing_is_detached_by_force(scene: Scene) -> None:
    scene.aws.behave("detachable")
    (stuck,) = scene.deleted_endpoint()
    keys = scene.user("ec2:*")
    with scene.aws.enforce_iam():
        outcome = scene.run_out_of_time("release", keys | {"ENI_CLEANUP_DETACH_AFTER": "0"}, after=LOOK, times=4)
    assert outcome.code == 4
    assert outcome.log.count("nothing is detached by force: An error occurred (AccessDenied") == 1
    assert f"{stuck}: in-use" in outcome.log
    assert scene.changes_made() == []


# Others in the group


def test_an_interface_of_the_accounts_own_instance_is_kept_and_described(scene: Scene) -> None:
    stage = scene.stage
    stage.ec2.run_instances(
        ImageId="ami-12345678", MinCount=1, MaxCount=1, SubnetId=stage.subnet_id(2), SecurityGroupIds=[stage.group_id]
    )
    (foreign,) = scene.ids()
    outcome = scene.run("release", {"ENI_CLEANUP_DETACH_AFTER": "0"})
    assert outcome.code == 5
    assert re.search(rf"  {foreign}: in-use, type interface, requester .*, instance i-.*, description ", outcome.log)
    assert "take them out of the group" in outcome.log
    assert scene.ids() == [foreign]
    assert scene.changes_made() == []


def test_the_endpoints_interfaces_go_first_and_others_are_reported_then(scene: Scene) -> None:
    orphans = scene.deleted_endpoint(count=2)
    kept = scene.bystander(description="failover address of the payments gateway")
    outcome = scene.run("release")
    assert outcome.code == 5
    assert re.search(rf"{kept} found: available, .*; not the endpoint's: .* made it by hand", outcome.log)
    assert re.search(rf"  {kept}: available, type interface, .*payments gateway.*; not the endpoint's: ", outcome.log)
    for each in orphans:
        assert f"{each}: deleted" in outcome.log
    assert scene.ids() == [kept]
    assert scene.changes_made() == [DELETE] * 2


def test_a_description_cannot_pass_for_a_row_of_its_own(scene: Scene) -> None:
    victim = "eni-0123456789abcdef0"
    scene.bystander(description=f"x\n{victim}\tavailable\tinterface\tfalse\t-\t-\t1\t-\t-\t-\tnull\t-\tx")
    outcome = scene.run("release")
    assert outcome.code == 5
    assert f"{victim} found" not in outcome.log
    assert scene.changes_made() == []


# Races


def test_an_interface_that_somebody_else_deletes_meanwhile_is_no_failure(scene: Scene) -> None:
    (orphan,) = scene.deleted_endpoint()
    with scene.running("release") as run:
        with scene.aws.fault(f"ec2:{DELETE}", None, caller="aws-cli"):  # it waits
            run.until(f"{orphan} found: available")
            scene.stage.ec2.delete_network_interface(NetworkInterfaceId=orphan)
        outcome = run.end()
    assert outcome.code == 0
    assert scene.ids() == []
    (deletion,) = (call for call in scene.calls() if call.action == DELETE)
    assert deletion.error == "InvalidNetworkInterfaceID.NotFound"


def test_an_interface_that_is_in_use_again_is_tried_again(scene: Scene) -> None:
    scene.deleted_endpoint(count=2)
    in_use = Failure(status=400, code="InvalidParameterValue", message="Network interface is currently in use.")
    with scene.aws.fault(f"ec2:{DELETE}", in_use, times=1):
        outcome = scene.run("release")
    assert outcome.code == 0
    assert outcome.log.count("not deleted, to be tried again: An error occurred (InvalidParameterValue)") == 1
    assert scene.ids() == []
    assert scene.changes_made() == [DELETE] * 3
