import pytest

from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.stage import HOUR

from .interfaces import Cost, Row, measure, table


def test_the_table_has_a_line_for_each_number_of_interfaces() -> None:
    rows = [
        Row(interfaces=number, release=Cost(seconds=1.26, calls=4), one_by_one=Cost(seconds=30, calls=number + 1))
        for number in (1, 300)
    ]
    assert table(rows).splitlines()[2:] == ["| 1 | 1.3 s | 4 | 30.0 s | 2 |", "| 300 | 1.3 s | 4 | 30.0 s | 301 |"]


@pytest.mark.end_to_end
def test_both_ways_free_the_group_and_their_calls_are_counted() -> None:
    with EmbeddedAws(transition_seconds=HOUR) as aws:
        row = measure(aws, 2)
    account, group, endpoint, deletions, first_look, last_looks = 1, 1, 1, 2, 1, 2
    assert row.release.calls == account + group + endpoint + first_look + deletions + last_looks
    assert row.one_by_one.calls == first_look + deletions
