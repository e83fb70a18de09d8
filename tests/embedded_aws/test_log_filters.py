import time

from .stage import Stage, refused


def test_a_pattern_that_is_a_regular_expression_finds_the_lines_it_matches_somewhere(stage: Stage) -> None:
    logs = stage.aws.client("logs")
    logs.create_log_group(logGroupName=stage.name)
    logs.create_log_stream(logGroupName=stage.name, logStreamName="a")
    lines = ["Server is up", "ValueError: no shape", "an error"]
    now = int(time.time() * 1000)
    logs.put_log_events(
        logGroupName=stage.name,
        logStreamName="a",
        logEvents=[{"timestamp": now, "message": line} for line in lines],
    )

    def found(**pattern: str) -> list[str]:
        return [each["message"] for each in logs.filter_log_events(logGroupName=stage.name, **pattern)["events"]]

    assert found() == lines
    assert found(filterPattern="%[Ee]rror|Traceback%") == lines[1:]
    assert found(filterPattern="ValueError") == lines[1:2]
    with refused("InvalidParameterException"):
        found(filterPattern="%(Value|Type)Error%")
