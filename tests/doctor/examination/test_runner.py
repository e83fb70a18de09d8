"""Sections are examined side by side, and what one check lacks costs that check alone."""

from collections.abc import Iterator

from sagemaker_endpoint_doctor.aws.errors import WritingCallError
from sagemaker_endpoint_doctor.examination.finding import Finding, Status, ok, problem
from sagemaker_endpoint_doctor.examination.runner import examine
from sagemaker_endpoint_doctor.examination.section import Section
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.report.outcome import verdict

import pytest

from tests.doctor.patient import Patient


def fine(_: Subject) -> Iterator[Finding]:
    yield ok("all is well")


def broken(_: Subject) -> Iterator[Finding]:
    yield ok("so far")
    raise KeyError("Nothing")


def writing(_: Subject) -> Iterator[Finding]:
    yield from ()
    raise WritingCallError("s3:DeleteObject is not among the calls that the doctor makes")


def test_a_broken_check_costs_itself_alone_and_says_so(patient: Patient) -> None:
    (examined,) = examine(patient.subject(), [Section("a", "A", [broken, fine])])
    assert [(each.check, each.status) for each in examined.findings] == [
        ("a.broken", Status.OK),
        ("a.broken", Status.UNKNOWN),
        ("a.fine", Status.OK),
    ]
    assert examined.findings[1].seen == (
        "AWS's answer lacks what is always there, or the check itself is broken, please report it: KeyError: 'Nothing'"
    )


def test_a_call_that_would_write_ends_the_examination(patient: Patient) -> None:
    with pytest.raises(WritingCallError):
        examine(patient.subject(), [Section("a", "A", [fine]), Section("b", "B", [writing])])


def test_sections_come_in_their_order_and_each_is_told_of_as_it_ends(patient: Patient) -> None:
    sections = [Section(key, key.upper(), [fine]) for key in "abc"]
    ended: list[str] = []
    examined = examine(patient.subject(), sections, done=lambda each: ended.append(each.section.key))
    assert [each.section.key for each in examined] == ["a", "b", "c"]
    assert sorted(ended) == ["a", "b", "c"]


def test_a_section_that_finds_nothing_is_not_called_well(patient: Patient) -> None:
    def silent(_: Subject) -> Iterator[Finding]:
        yield from ()

    (examined,) = examine(patient.subject(), [Section("a", "A", [silent])])
    (finding,) = examined.findings
    assert (finding.check, finding.status) == ("a.nothing", Status.UNKNOWN)
    assert finding.seen == "nothing was found that could be checked"
    assert verdict(examined) is Status.UNKNOWN


def pointing(_: Subject) -> Iterator[Finding]:
    see = {key: f"Section {key.upper()} tells more." for key in "bcde"}
    yield problem("x", why="y", next="Do this.", command="", see=see)


def complaining(_: Subject) -> Iterator[Finding]:
    yield problem("x", why="y", next="Do that.", command="")


def pointing_back(_: Subject) -> Iterator[Finding]:
    yield problem("x", why="y", next="", command="", see={"a": "Section A tells more."})


def test_a_finding_points_to_the_sections_alone_that_found_something(patient: Patient) -> None:
    checks = {"a": pointing, "b": fine, "c": complaining, "d": broken}
    sections = [Section(key, key.upper(), [check]) for key, check in checks.items()]
    (finding,) = examine(patient.subject(), sections)[0].findings
    assert finding.next == "Do this. Section C tells more."
    (alone,) = examine(patient.subject(), sections[:2])[0].findings
    assert alone.next == "Do this."


def test_two_findings_never_send_their_reader_from_one_to_the_other(patient: Patient) -> None:
    sections = [Section("a", "A", [pointing]), Section("e", "E", [pointing_back])]
    assert [each.findings[0].next for each in examine(patient.subject(), sections)] == ["Do this.", ""]


def talkative(_: Subject) -> Iterator[Finding]:
    long = "AWS says a lot. " * 1000
    yield problem(long, why=long, next=long, command=f"aws {'x' * 5000}")


def test_what_others_wrote_at_length_is_cut_and_commands_are_not(patient: Patient) -> None:
    (finding,) = examine(patient.subject(), [Section("a", "A", [talkative])])[0].findings
    assert {len(finding.seen), len(finding.why), len(finding.next)} == {1500}
    assert finding.seen.endswith("…")
    assert len(finding.command) == 5004
