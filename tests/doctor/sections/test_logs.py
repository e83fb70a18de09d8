"""The section of the logs."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from sagemaker_endpoint_doctor.examination.finding import Status
from sagemaker_endpoint_doctor.facts.settings import resolved
from sagemaker_endpoint_doctor.sections.logs import groups
from sagemaker_endpoint_doctor.sections.logs import lines as log_lines
from sagemaker_endpoint_doctor.sections.logs.kinds import kind_of
from sagemaker_endpoint_doctor.sections.logs.lines import Line
from sagemaker_endpoint_doctor.sections.logs.patterns import KINDS, PATTERNS
from sagemaker_endpoint_doctor.text.times import since_epoch
from sagemaker_endpoint_doctor.text.words import shortened
from sagemaker_endpoint_runbook import commands

import pytest

from tests.doctor.patient import Patient, admit
from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.fault import DENIED, THROTTLED, Failure

from .healthy_logs import HEALTHY

_STREAM = "AllTraffic/i-0123456789abcdef0"
_NOW = datetime(2026, 5, 4, 3, 0, tzinfo=timezone.utc)
_TRACEBACK = """\
Traceback (most recent call last):
  File "/opt/ml/code/serve.py", line 12, in predict
    raise ValueError(f"bad shape {shape}")
ValueError: bad shape (3, 224)"""

# More lines of each kind, as containers write them.
_MORE = {
    "wrong architecture": ["standard_init_linux.go: exec format error"],
    "program cannot start": [
        'docker: Error response from daemon: exec: "serve": executable file not found in $PATH: unknown.',
        "/bin/bash: line 1: /opt/program/serve: Permission denied",
        "exec /opt/program/serve: permission denied",
        'standard_init_linux.go:211: exec user process caused "no such file or directory"',
        "usage: api_server.py [-h]\napi_server.py: error: unrecognized arguments: serve",
        "Error: No such command 'serve'.",
        '/opt/program/serve: 3: Syntax error: "fi" unexpected',
    ],
    "library missing": [
        "ImportError: libGL.so.1: cannot open shared object file: No such file or directory",
        "OSError: /opt/conda/lib/libpipe.so: undefined symbol: _ZN10tensorflow15TensorShape",
    ],
    "module missing": [
        "2026-05-04T02:51:00,123 [INFO ] W-9000-model_1.0-stdout MODEL_LOG - ModuleNotFoundError: No module named 'x'",
        "ImportError: cannot import name 'cached_download' from 'huggingface_hub'",
        "/usr/bin/python: No module named gunicorn",
    ],
    "code does not fit the server": [
        "Please provide a model_fn implementation.",
        "Failed to find attribute 'app' in 'wsgi'.",
        'ERROR:    Error loading ASGI app. Could not import module "main".',
        "[INFO ] W-model-2-stdout WorkerLifeCycle - mms.service.PredictionException: model_fn() takes 1 positional",
    ],
    "libraries do not fit together": ["RuntimeError: Numpy is not available"],
    "too many threads": [
        "RuntimeError: can't start new thread",
        "libgomp: Thread creation failed: Resource temporarily unavailable",
        "java.lang.OutOfMemoryError: unable to create new native thread",
    ],
    "Neuron device not usable": [
        "ERROR  NRT:nrt_init  Unable to determine Neuron Driver version. Please check aws-neuronx-dkms is installed.",
        "RuntimeError: The PyTorch Neuron Runtime could not be initialized. Neuron Driver issues are logged",
    ],
    "GPU program failed": ["RuntimeError: CUDA error: an illegal memory access was encountered"],
    "content type not taken": [
        '{"error": "Unsupported Media Type: application/x-image"}',
        "sagemaker_inference.errors.UnsupportedFormatError: Content type text/plain is not supported by this framework",
    ],
    "GPU not usable": [
        "RuntimeError: The NVIDIA driver on your system is too old (found version 11040).",
        "RuntimeError: Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU",
        "RuntimeError: CUDA error: no CUDA-capable device is detected",
    ],
    "out of memory": [
        "MemoryError",
        "terminate called after throwing an instance of 'std::bad_alloc'",
        "/usr/bin/serve: line 3:    14 Killed                  python serve.py",
        "OSError: [Errno 12] Cannot allocate memory",
        "ERROR request 7 could not be served: CUDA out of memory",
        "ERROR text_generation_launcher: Shard process was signaled to shutdown with signal 9 rank=0",
        "2026-05-04T02:51:00,123 [INFO ] W-9000-m_1.0-stdout MODEL_LOG - torch.OutOfMemoryError: CUDA out of memory.",
        "torch.OutOfMemoryError: CUDA out of memory. If reserved memory is large, set max_split_size_mb to avoid it.",
    ],
    "crash": ["Fatal Python error: Segmentation fault", "Illegal instruction (core dumped)"],
    "download failed": [
        "requests.ConnectionError: HTTPSConnectionPool(host='huggingface.co', port=443): Max retries exceeded",
        "HTTPError: 401 Client Error: Unauthorized for url: https://huggingface.co/org/model/resolve/main/config.json",
        "botocore.errorfactory.NoSuchKey: An error occurred (NoSuchKey) when calling the GetObject operation",
        "huggingface_hub.utils._errors.RepositoryNotFoundError: 401 Client Error. (Request ID: 7)",
    ],
    "model is gated": ["huggingface_hub.errors.GatedRepoError: 401 Client Error. (Request ID: 7)"],
    "model files do not fit": [
        "FileNotFoundError: [Errno 2] No such file or directory: 'inference.py'",
        "_pickle.UnpicklingError: invalid load key, 'v'.",
    ],
    "port taken": ["Error: Address already in use (os error 98)"],
    "access denied": [
        "botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the PutItem operation"
    ],
    "worker ended": ["[2026-05-04 02:51:00 +0000] [9] [ERROR] Exception in worker process"],
    "health check refused": [
        '2026-05-04T02:51:00,123 [INFO ] pool-1-thread-2 ACCESS_LOG - /10.32.0.2:35472 "GET /ping HTTP/1.1" 500 4',
        '169.254.255.130 - - [04/May/2026:02:51:00 +0000] "GET /ping HTTP/1.1" 502 173 "-" "Go-http-client/1.1"',
        'INFO:     10.32.0.2:44166 - "GET /ping HTTP/1.1" 404 Not Found',
    ],
    "server behind nginx away": [
        "2026/05/04 02:51:00 [error] 22#22: *2 connect() failed (111: Connection refused) while connecting to upstream",
    ],
}
_EXAMPLES = [
    *((each.kind, each.example) for each in PATTERNS),
    *((name, line) for name in _MORE for line in _MORE[name]),
]
# Errors of no known kind, in the dialects of their servers.
_OF_A_LEVEL = [
    "E0504 02:51:00.123456 1 server.cc:100] it would not start",
    "F0504 02:51:00.123456 1 server.cc:100] it would not start",
    "2026/05/04 02:51:00 [crit] 11#11: it would not start",
    "2026/05/04 02:51:00 [emerg] 11#11: it would not start",
    '{"timestamp": "2026-05-04T02:51:00Z", "level": "error", "message": "it would not start"}',
    '{"severity":"CRITICAL","message":"it would not start"}',
    'time="2026-05-04T02:51:00Z" level=fatal msg="it would not start"',
    "2026-05-04T02:51:00.123456Z ERROR text_generation_launcher: it would not start",
    "2026-05-04 02:51:00,123 ERROR [main] org.example.Server - it would not start",
    "thread 'main' panicked at src/main.rs:12: it would not start",
    "F20260504 02:51:00.123456     1 server.cc:42] it would not start",
    "llama_model_load_from_file: failed to load model",
    "serve: error loading model: it is no model",
]
# Lines of servers that are well, by the words of which they could be taken for errors.
_HARMLESS = [
    "INFO 05-04 02:51:00 model_runner.py:1430] If you are running out of memory, consider enforcing eager mode.",
    "(EngineCore_0 pid=271) INFO 05-04 02:51:00 [gpu_worker.py:298] On a CUDA out of memory error, lower the batch",
    "If you are running out of memory, consider decreasing `gpu_memory_utilization`.",
    "Setting expandable_segments to avoid CUDA out of memory",
    "for errors see https://huggingface.co/docs/hub/errors",
    "OOM protection enabled",
    "Killed 3 idle connections",
    "Downloaded 4 files in 3 s, 0 failed",
    "Error rate: 0.00%",
    "Error rate: 0.00% over the last minute",
    "Download failed: 0",
    "Download failed: 0, done: 4",
    "Downloads failed=0 done=4",
    '{"Errors": 0, "Error count": 0, "Exceptions": 0.0}',
    "Worker timeout: 60 seconds",
    "[2026-05-04 02:51:00 +0000] [7] [INFO] Handling signal: SIGKILL, SIGTERM",
    "2026-05-04T02:51:00,123 [INFO ] main o.p.s.ModelServer - On OutOfMemoryError: restart",
    "2026-05-04T02:51:00,123 [DEBUG] W-9000-model_1.0 o.p.s.w.WorkerThread - retry after ConnectionError: refused",
    "2026-05-04 02:51:00,123 - serve - DEBUG - caught ValueError: retrying",
    'time="2026-05-04T02:51:00Z" level=info msg="download failed, trying the mirror"',
    '{"message": "AccessDenied: using the cache", "level": "INFO"}',
    "2026/05/04 02:51:00 [notice] 25#25: upstream timed out, next upstream",
    "I0504 02:51:00.123456 1 cuda_memory_manager.cc:107] no space left on device 0 is not fatal: pinned memory is used",
    "2026-05-04T02:51:00,123 [INFO ] W-9000-model_1.0-stdout MODEL_LOG - INFO: ValueError: is only counted",
]


_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def first(aws: EmbeddedAws) -> Patient:
    return admit(aws)


@pytest.fixture
def patient(first: Patient) -> Patient:
    """Make the logs alone of another endpoint: nothing else is looked at here."""
    key = first.aws.client("kms").create_key()["KeyMetadata"]
    patient = replace(first, name=f"{first.name}-{next(_NUMBERS)}", key_arn=key["Arn"])
    _make_group(patient, key_arn=patient.key_arn)
    return patient


@pytest.fixture
def serving(patient: Patient) -> Patient:
    """Let it serve."""
    sagemaker = patient.aws.client("sagemaker")
    sagemaker.create_endpoint(EndpointName=patient.name, EndpointConfigName=patient.configuration)
    patient.aws.advance(60)
    return patient


def test_logs_that_are_well_are_told_of_in_a_few_lines(patient: Patient) -> None:
    (stream,) = patient.aws.client("logs").describe_log_streams(logGroupName=patient.log_group_name)["logStreams"]
    now = since_epoch(stream["lastEventTimestamp"]) + timedelta(minutes=1)
    findings = patient.findings("logs", patient.subject(now=now))
    assert {each.status for each in findings} == {Status.OK}
    assert [each.seen for each in findings] == [
        f"log group {patient.log_group_name} exists",
        f"encrypted with {patient.key_arn}, which is enabled",
        "lines are kept for 365 days",
        f"last line 1 minute ago, in {_STREAM}",
        "no errors in the last hour",
    ]


def test_a_group_that_is_missing_is_told_and_nothing_else(first: Patient) -> None:
    logs = first.aws.client("logs")
    logs.delete_log_group(logGroupName=first.log_group_name)
    logs.create_log_group(logGroupName=f"{first.log_group_name}-of-another")
    (finding,) = first.findings("logs")
    assert (finding.check, finding.status) == ("logs.group", Status.PROBLEM)
    assert finding.seen == f"there is no log group {first.log_group_name}"
    assert finding.command == f"aws logs describe-log-groups --log-group-name-prefix {first.log_group_name}"


def test_terraform_is_blamed_and_asked_only_where_the_endpoint_is_known_to_be_its(first: Patient) -> None:
    names = replace(first.names, endpoint_config_name=first.configuration)
    (of_terraform,) = first.findings("logs", first.subject(names=names))
    (of_somebody,) = first.findings("logs")
    assert "run terraform apply" in of_terraform.next
    assert "erraform" not in of_somebody.next + of_somebody.why
    assert "SageMaker makes it when a container first writes" in of_somebody.why


@pytest.mark.parametrize("status", ["Creating", "Failed"])
def test_a_group_that_no_container_has_made_yet_is_no_problem_of_its_own(
    serving: Patient, state: dict[str, object], status: str
) -> None:
    state["EndpointStatus"] = status
    serving.aws.client("logs").delete_log_group(logGroupName=serving.log_group_name)
    (finding,) = serving.findings("logs")
    assert (finding.check, finding.status) == ("logs.group", Status.WARNING)
    assert "deleted it" not in finding.next


def test_around_a_failure_of_earlier_it_looks_by_itself_and_says_so(serving: Patient, state: dict[str, object]) -> None:
    failed = datetime.now(timezone.utc) - timedelta(hours=3)
    state |= {"FailureReason": "It did not pass the ping health check.", "LastModifiedTime": failed}
    _write(serving, "ModuleNotFoundError: No module named 'transformers'", ago=timedelta(hours=3, minutes=1))
    lately, around = (each for each in serving.findings("logs") if each.check == "logs.errors")
    assert lately.seen == "no errors in the last hour"
    assert around.seen.startswith("module missing, once in the hour before the deployment failed at 20")
    start = int((failed + timedelta(minutes=5) - timedelta(hours=1)).timestamp())
    assert f"--start-time $(( {start} * 1000 ))" in around.command


@pytest.mark.parametrize("failure", [DENIED, THROTTLED])
def test_the_logs_are_read_though_aws_does_not_tell_of_the_endpoint(serving: Patient, failure: Failure) -> None:
    _write(serving, "MemoryError")
    with serving.aws.fault("sagemaker:DescribeEndpoint", failure):
        findings = serving.findings("logs")
    assert "logs.errors" in {each.check for each in findings if each.status is Status.PROBLEM}
    assert Status.UNKNOWN not in {each.status for each in findings}


def test_where_there_is_no_endpoint_either_it_is_the_name_that_is_wrong(patient: Patient) -> None:
    patient.aws.client("logs").delete_log_group(logGroupName=patient.log_group_name)
    (finding,) = patient.findings("logs")
    assert (finding.check, finding.status) == ("logs.group", Status.UNKNOWN)
    assert f"there is no endpoint '{patient.name}'" in finding.seen


def test_a_group_without_a_key_is_told(patient: Patient) -> None:
    patient.aws.client("logs").delete_log_group(logGroupName=patient.log_group_name)
    _make_group(patient, key_arn=None)
    (finding,) = patient.complaints("logs")
    assert (finding.check, finding.status) == ("logs.key", Status.WARNING)
    assert finding.seen == f"{patient.log_group_name} is not encrypted with a key of yours"


def test_a_key_that_is_disabled_is_told(patient: Patient) -> None:
    patient.aws.client("kms").disable_key(KeyId=patient.key_arn.rpartition("/")[2])
    (finding,) = patient.complaints("logs")
    assert (finding.check, finding.status) == ("logs.key", Status.PROBLEM)
    assert finding.seen == f"key {patient.key_arn} is Disabled"
    assert finding.command == f"aws kms describe-key --key-id {patient.key_arn}"


def test_a_key_that_is_to_be_deleted_is_told_with_the_day(patient: Patient) -> None:
    key_id = patient.key_arn.rpartition("/")[2]
    answer = patient.aws.client("kms").schedule_key_deletion(KeyId=key_id, PendingWindowInDays=7)
    (finding,) = patient.complaints("logs")
    assert (finding.check, finding.status) == ("logs.key", Status.PROBLEM)
    day = answer["DeletionDate"].astimezone(timezone.utc)
    assert f"PendingDeletion: it will be deleted on {day:%Y-%m-%d}" in finding.seen


def test_a_key_that_is_gone_is_told(patient: Patient) -> None:
    gone = patient.key_arn[:-1] + ("0" if patient.key_arn[-1] != "0" else "1")
    patient.aws.client("logs").delete_log_group(logGroupName=patient.log_group_name)
    _make_group(patient, key_arn=gone)
    (finding,) = patient.complaints("logs")
    assert (finding.check, finding.status) == ("logs.key", Status.PROBLEM)
    assert finding.seen == f"key {gone} does not exist any more"


def test_a_group_that_keeps_its_lines_for_ever_is_told(patient: Patient) -> None:
    patient.aws.client("logs").delete_retention_policy(logGroupName=patient.log_group_name)
    (finding,) = patient.complaints("logs")
    assert (finding.check, finding.status) == ("logs.retention", Status.WARNING)
    assert finding.seen == f"{patient.log_group_name} keeps its lines for ever"


def test_a_group_that_nothing_was_ever_written_to_is_told(patient: Patient) -> None:
    patient.aws.client("logs").delete_log_stream(logGroupName=patient.log_group_name, logStreamName=_STREAM)
    (finding,) = patient.complaints("logs")
    assert (finding.check, finding.status) == ("logs.last_event", Status.WARNING)
    assert finding.seen == f"no container has ever written to {patient.log_group_name}"


def test_a_group_that_nothing_was_written_to_since_long_is_told(patient: Patient) -> None:
    later = datetime.now(timezone.utc) + timedelta(days=3, minutes=1)
    (finding,) = patient.complaints("logs", patient.subject(now=later))
    assert (finding.check, finding.status) == ("logs.last_event", Status.WARNING)
    assert f"(3 days ago), in {_STREAM}" in finding.seen


@pytest.mark.parametrize("lines", [[_TRACEBACK], _TRACEBACK.splitlines()], ids=["one event", "an event for each line"])
def test_a_traceback_is_folded_to_its_last_line_and_counted(patient: Patient, lines: list[str]) -> None:
    _write(patient, "INFO request 1", *lines, "INFO request 2", *lines)
    (finding,) = patient.complaints("logs")
    assert (finding.check, finding.status) == ("logs.errors", Status.WARNING)
    assert finding.seen.startswith("an error, 2 times in the last hour, last at 20")
    assert finding.seen.endswith(f"in {_STREAM}: ValueError: bad shape (3, 224)")
    assert finding.command.startswith(f"aws logs filter-log-events --log-group-name {patient.log_group_name} ")


def test_each_kind_of_error_with_a_known_cause_is_named_while_nothing_serves(patient: Patient) -> None:
    lines = {each.kind: each.example for each in reversed(PATTERNS)}
    _write(patient, *lines.values())
    findings = patient.complaints("logs")
    assert {(each.check, each.status) for each in findings} == {("logs.errors", Status.PROBLEM)}
    named = {each.seen.partition(", once in the last hour, ")[0]: each for each in findings}
    assert sorted(named) == sorted(KINDS)
    for name, kind in KINDS.items():
        advice = kind.follows or resolved(patient.subject(), kind.next)
        assert (named[name].why, named[name].next) == (kind.why, advice)
        assert shortened(groups.without_time(lines[name])) in named[name].seen


def test_what_follows_from_other_errors_is_told_after_them(patient: Patient) -> None:
    _write(
        patient,
        '10.32.0.2 - - [04/May/2026:02:51:00 +0000] "GET /ping HTTP/1.1" 502 3',
        '10.32.0.2 - - [04/May/2026:02:51:00 +0000] "GET /ping HTTP/1.1" 502 3',
        "Backend worker process died.",
        "ModuleNotFoundError: No module named 'transformers'",
    )
    told = {each.seen.partition(",")[0]: each.next for each in patient.complaints("logs")}
    assert [*told] == ["module missing", "health check refused", "worker ended"]
    assert told["worker ended"] == "The error above tells why it ended."


def test_an_error_of_no_known_kind_is_told_before_what_follows_from_others(patient: Patient) -> None:
    _write(
        patient, "ERROR it would not start", '10.32.0.2 - - "GET /ping HTTP/1.1" 502 3', "Backend worker process died."
    )
    told = [each.seen.partition(",")[0] for each in patient.complaints("logs")]
    assert told == ["an error", "health check refused", "worker ended"]


def test_what_follows_from_others_stands_by_itself_where_nothing_else_was_found(patient: Patient) -> None:
    _write(patient, "Backend worker process died.")
    (finding,) = patient.complaints("logs")
    assert finding.next == KINDS["worker ended"].next
    assert "above" not in finding.next


@pytest.mark.parametrize(
    "line", ["serve -x ERROR it would not start", "run -v FATAL no model", "x --y Error: no model"]
)
def test_a_level_behind_an_option_is_a_level(line: str) -> None:
    assert _found([line]) == [line]


@pytest.mark.parametrize(
    "line", ["serve --log-level ERROR", "serve --loglevel=ERROR -v", "serve --verbosity ERROR --port 1"]
)
def test_a_level_that_an_option_sets_is_none(line: str) -> None:
    assert _found([line]) == []


@pytest.mark.parametrize(("name", "line"), _EXAMPLES)
def test_each_way_of_telling_a_known_kind_is_asked_for_and_recognized(name: str, line: str) -> None:
    assert re.search(commands.LOG_PATTERN[1:-1], line)
    assert [each.kind for each in groups.grouped(_lines([line]))] == [name]


def test_each_pattern_is_of_a_kind_and_cites_where_it_was_seen() -> None:
    assert {each.kind for each in PATTERNS} == {*KINDS}
    assert {each.source[:8] for each in PATTERNS} == {"https://"}
    assert all(each.compiled.search(each.example) for each in PATTERNS)


@pytest.mark.parametrize("line", _OF_A_LEVEL)
def test_an_error_of_no_known_kind_is_one_by_its_level_in_every_dialect(line: str) -> None:
    assert re.search(commands.LOG_PATTERN[1:-1], line)
    assert [(each.kind, each.count) for each in groups.grouped(_lines([line]))] == [(None, 1)]


@pytest.mark.parametrize("colour", ["\x1b[31m", "\x1b[1;31m", "#033[31m"])
def test_a_level_in_colour_is_a_level(patient: Patient, colour: str) -> None:
    _write(patient, f"{colour}ERROR{colour[:-3]}0m it would not start")
    (finding,) = patient.complaints("logs")
    assert finding.seen.endswith(": ERROR it would not start")


@pytest.mark.parametrize(("server", "line"), [(name, line) for name, lines in HEALTHY.items() for line in lines])
def test_nothing_that_a_healthy_server_prints_is_an_error(server: str, line: str) -> None:
    assert server
    assert _found([line]) == []


def test_errors_from_before_the_span_do_not_count(patient: Patient) -> None:
    _write(patient, "ERROR once upon a time", ago=timedelta(hours=2))
    assert not patient.complaints("logs")
    (finding,) = patient.complaints("logs", patient.subject(since=timedelta(hours=3)))
    assert "ERROR once upon a time" in finding.seen


def test_lines_that_are_no_errors_are_left_alone(patient: Patient) -> None:
    _write(patient, "INFO 0 errors", "ErrorHandler registered", "timeout=60", '"GET /ping HTTP/1.1" 200', "no fatality")
    assert not patient.complaints("logs")


@pytest.mark.parametrize("line", _HARMLESS)
def test_what_a_server_that_is_well_says_is_no_error(line: str) -> None:
    assert _found([line]) == []


@pytest.mark.parametrize(
    "line",
    [
        "ERROR if the client sends INFO",
        "Error rate: 0.05%",
        "Error: 0 bytes were read",
        "Error: 0x1f",
        "KeyError: 0",
        "Download failed: 0.5 of 4 GB loaded",
        "Download failed: 1",
        "Error rate: 0.00%, but ValueError: bad shape",
        "ValueError: 'INFO' is no level",
        "2026-05-04T02:51:00,123 [WARN ] W-9000-model_1.0 o.p.s.w.BatchAggregator - Load model failed, error: no",
        "2026-05-04T02:51:00,123 [INFO ] W-9000-model-stdout c.a.m.m.w.WorkerLifeCycle - OSError: Unable to load",
        "INFO 05-04 02:51:00 Backend worker monitoring thread interrupted or backend worker process died.",
    ],
)
def test_an_error_is_one_whatever_else_its_line_names(line: str) -> None:
    assert _found([line]) == [line]


def test_the_pattern_is_one_that_cloudwatch_and_a_shell_take() -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html."""
    assert len(commands.LOG_PATTERN) <= 1024
    assert not re.search(r"['(){}\\\s]", commands.LOG_PATTERN)  # a blank would end the term
    assert f"--filter-pattern '{commands.LOG_PATTERN}' " in commands.FILTER_LOG_EVENTS


def test_health_checks_that_are_answered_are_not_even_read() -> None:
    assert not re.search(
        commands.LOG_PATTERN[1:-1], '10.32.0.2 - - [04/May/2026:02:51:00 +0000] "GET /ping HTTP/1.1" 200 4'
    )


def test_a_known_error_is_a_warning_while_the_endpoint_serves(serving: Patient) -> None:
    _write(serving, "MemoryError", "MemoryError")
    _write(serving, "MemoryError", ago=timedelta(minutes=40))
    (finding,) = serving.complaints("logs")
    assert (finding.check, finding.status) == ("logs.errors", Status.WARNING)
    assert finding.seen.startswith("out of memory, 3 times in the last hour, last at 20")


def test_a_known_error_that_keeps_coming_is_a_problem_even_then(serving: Patient) -> None:
    _write(serving, "MemoryError", "MemoryError", "MemoryError")
    (finding,) = serving.complaints("logs")
    assert (finding.check, finding.status) == ("logs.errors", Status.PROBLEM)


@pytest.fixture
def state(serving: Patient) -> Iterator[dict[str, object]]:
    """Let AWS's true answer about the endpoint differ as a test says."""
    changes: dict[str, object] = {}

    def say(parsed: dict[str, object], **_: object) -> None:
        parsed.update(changes)

    events = serving.subject().aws.sagemaker.meta.events
    events.register("after-call.sagemaker.DescribeEndpoint", say)
    yield changes
    events.unregister("after-call.sagemaker.DescribeEndpoint", say)


@pytest.mark.parametrize("status", ["Updating", "SystemUpdating", "RollingBack"])
def test_a_known_error_is_a_warning_while_an_endpoint_that_serves_is_worked_on(
    serving: Patient, state: dict[str, object], status: str
) -> None:
    state["EndpointStatus"] = status
    _write(serving, "torch.cuda.OutOfMemoryError: CUDA out of memory", ago=timedelta(minutes=40))
    (finding,) = serving.complaints("logs")
    assert (finding.check, finding.status) == ("logs.errors", Status.WARNING)


@pytest.mark.parametrize(("minutes", "status"), [(20, Status.WARNING), (60, Status.PROBLEM)])
def test_a_known_error_counts_fully_from_the_deployments_beginning_on(
    serving: Patient, state: dict[str, object], minutes: int, status: Status
) -> None:
    started = datetime.now(timezone.utc) - timedelta(minutes=minutes)
    state |= {
        "EndpointStatus": "Updating",
        "PendingDeploymentSummary": {"EndpointConfigName": serving.configuration, "StartTime": started},
    }
    _write(serving, "torch.cuda.OutOfMemoryError: CUDA out of memory", ago=timedelta(minutes=40))
    (finding,) = serving.complaints("logs")
    assert (finding.check, finding.status) == ("logs.errors", status)


def test_a_known_error_is_a_problem_while_the_endpoint_is_created(serving: Patient, state: dict[str, object]) -> None:
    state["EndpointStatus"] = "Creating"
    _write(serving, "MemoryError", ago=timedelta(minutes=40))
    (finding,) = serving.complaints("logs")
    assert (finding.check, finding.status) == ("logs.errors", Status.PROBLEM)


def test_the_command_looks_as_far_back_as_the_doctor_did_whenever_it_is_pasted(patient: Patient) -> None:
    _write(patient, "ERROR once upon a time", ago=timedelta(days=2))
    now = datetime.now(timezone.utc)
    (finding,) = patient.complaints("logs", patient.subject(now=now, since=timedelta(days=7)))
    start = int((now - timedelta(days=7)).timestamp())
    assert f" --start-time $(( {start} * 1000 )) " in finding.command


def test_a_long_line_is_cut(patient: Patient) -> None:
    _write(patient, "ERROR cannot read " + "x" * 5000)
    (finding,) = patient.complaints("logs")
    assert "ERROR cannot read xxx" in finding.seen
    assert finding.seen.endswith("x…")
    assert len(finding.seen) < 300


def test_the_most_frequent_errors_are_shown_and_the_others_counted(patient: Patient) -> None:
    kinds = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"]
    _write(patient, *(f"ERROR {kind} {n}" for times, kind in enumerate(kinds, 1) for n in range(times)))
    *shown, rest = patient.complaints("logs")
    assert [each.seen.rpartition("ERROR ")[2].split()[0] for each in shown] == kinds[:1:-1]
    assert rest.seen == "2 errors of other kinds besides, 3 times in all"


@pytest.mark.parametrize(("bound", "value"), [("MOST_LINES", 10), ("MOST_PAGES", 1)])
def test_a_bound_that_was_hit_is_said(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, bound: str, value: int
) -> None:
    _write(patient, *(f"ERROR old {n}" for n in range(15)), ago=timedelta(minutes=50))
    _write(patient, *(f"ERROR new {n}" for n in range(15)))
    monkeypatch.setattr(log_lines, "MOST_LINES", 10)
    monkeypatch.setattr(log_lines, bound, value)
    error, part = patient.complaints("logs")
    assert "ERROR new" in error.seen
    assert (part.check, part.status) == ("logs.errors", Status.UNKNOWN)
    assert part.seen == "of the last hour only the newest part was read: 10 lines that may speak of errors"


def test_all_pages_are_read_within_the_bounds(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(patient, *(f"ERROR old {n}" for n in range(4)), ago=timedelta(minutes=50))
    _write(patient, *(f"ERROR new {n}" for n in range(5)))
    monkeypatch.setattr(log_lines, "MOST_LINES", 10)
    new, old = patient.complaints("logs")
    assert ("5 times" in new.seen, "4 times" in old.seen) == (True, True)


@pytest.mark.parametrize(
    ("operation", "others"),
    [
        ("logs:DescribeLogGroups", 2),
        ("logs:DescribeLogStreams", 4),
        ("logs:FilterLogEvents", 4),
        ("kms:DescribeKey", 4),
    ],
)
def test_a_call_that_is_denied_says_which_permission_it_needs(patient: Patient, operation: str, others: int) -> None:
    with patient.aws.fault(operation, DENIED):
        findings = patient.findings("logs")
    assert [each.seen for each in findings if each.status is Status.UNKNOWN] == [f"needs {operation}"]
    assert [each.status for each in findings].count(Status.OK) == others


def test_a_chain_of_tracebacks_is_one_error() -> None:
    chained = [
        *_TRACEBACK.splitlines(),
        "",
        "During handling of the above exception, another exception occurred:",
        "",
        "Traceback (most recent call last):",
        '  File "/opt/ml/code/serve.py", line 30, in handle',
        "RuntimeError: prediction failed",
    ]
    assert _found(chained) == ["RuntimeError: prediction failed"]


def test_a_traceback_is_folded_behind_what_a_server_puts_before_each_line() -> None:
    before = "2026-05-04T02:51:00,{:03} [INFO ] W-9000-model_1.0-stdout MODEL_LOG - "
    lines = [before.format(number) + line for number, line in enumerate(_TRACEBACK.splitlines())]
    assert _found(lines) == ["ValueError: bad shape (3, 224)"]


def test_tracebacks_of_two_containers_are_told_apart() -> None:
    lines = _TRACEBACK.splitlines()
    mixed = [line for pair in zip(_lines(lines, stream="a"), _lines(lines, stream="b"), strict=True) for line in pair]
    assert [(each.stream, each.text) for each in groups.errors(mixed)] == [
        ("a", "ValueError: bad shape (3, 224)"),
        ("b", "ValueError: bad shape (3, 224)"),
    ]


def test_a_traceback_without_its_end_is_still_an_error() -> None:
    assert _found(["Traceback (most recent call last):"]) == ["Traceback (most recent call last):"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ERROR request 17 took 3.5 s", "ERROR request 18 took 12.25 s"),
        ("ValueError: at 0x7f3a91", "ValueError: at 0x7f3a00"),
        ("ERROR from 10.0.1.17:51234", "ERROR from 10.0.2.4:80"),
        ("ERROR id 123e4567-e89b-12d3-a456-426614174000", "ERROR id 00000000-e89b-12d3-a456-426614174fff"),
        ("ERROR on i-0123456789abcdef0", "ERROR on i-0fedcba9876543210"),
        ("[2026-05-04 02:51:00 +0000] [7] [ERROR] no", "[2026-05-04 02:52:10 +0000] [12] [ERROR] no"),
        ("2026/05/04 02:51:00 [error] 25#25: *3 broken", "2026/05/04 02:52:00 [error] 26#26: *44 broken"),
    ],
)
def test_errors_that_differ_in_numbers_and_addresses_alone_are_alike(one: str, other: str) -> None:
    (alike,) = groups.grouped(_lines([one, other]))
    assert (alike.count, alike.last.text) == (2, other)


def test_errors_that_differ_in_words_are_not_alike() -> None:
    assert len(groups.grouped(_lines(["KeyError: 'text'", "KeyError: 'image'"]))) == 2


def test_known_kinds_come_first() -> None:
    lines = _lines(["ERROR other", "ERROR other", "MemoryError"])
    assert [each.kind for each in groups.grouped(lines)] == [kind_of("MemoryError"), None]


def _found(lines: Sequence[str]) -> list[str]:
    return [each.text for each in groups.errors(_lines(lines))]


def _lines(texts: Sequence[str], *, stream: str = _STREAM) -> list[Line]:
    return [
        Line(time=_NOW + timedelta(milliseconds=number), stream=stream, text=text) for number, text in enumerate(texts)
    ]


def _make_group(patient: Patient, *, key_arn: str | None) -> None:
    logs, name = patient.aws.client("logs"), patient.log_group_name
    logs.create_log_group(logGroupName=name, **({"kmsKeyId": key_arn} if key_arn else {}))
    logs.put_retention_policy(logGroupName=name, retentionInDays=365)
    logs.create_log_stream(logGroupName=name, logStreamName=_STREAM)
    _write(patient, "Server is up")


def _write(patient: Patient, *messages: str, ago: timedelta = timedelta(minutes=1)) -> None:
    """Let a container write lines, in this order."""
    start = int((datetime.now(timezone.utc) - ago).timestamp() * 1000)
    patient.aws.client("logs").put_log_events(
        logGroupName=patient.log_group_name,
        logStreamName=_STREAM,
        logEvents=[{"timestamp": start + number, "message": message} for number, message in enumerate(messages)],
    )
