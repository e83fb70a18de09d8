"""The page tells all that the doctor knows."""

from scripts.make_incidents import PAGE, generated, section


def test_the_section_on_incidents_is_what_the_tables_say() -> None:
    assert section(PAGE.read_text(encoding="utf-8")) == generated(), (
        "docs/doctor.md is out of step: run `make incidents`"
    )
