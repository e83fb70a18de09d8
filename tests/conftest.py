"""What every test relies on."""

import gc
import os
import signal
import threading
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

# The same examples in every run, however long a busy machine takes over them; nothing is kept for the next run.
settings.register_profile(
    "steady", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


def pytest_configure() -> None:
    """Have signals count: what a shell starts behind `&` or `nohup` ignores them, and so would all that tests start."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
            signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Do not look for garbage among what is imported, which stays: two fifths of the time of finding all tests."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other engine: it is run where that one is meant."""
    other = "cdktf" if os.environ.get("SAGEMAKER_ENDPOINT_ENGINE") == "cdktn" else "cdktn"
    apart = [item for item in items if item.get_closest_marker(other)]
    if apart:
        config.hook.pytest_deselected(items=apart)
        items[:] = [item for item in items if not item.get_closest_marker(other)]


def pytest_xdist_auto_num_workers() -> int:
    """Run two tests a processor and one more: many wait for Terraform, AWS or the clock. Each takes up to 2 GiB."""
    processors = os.cpu_count() or 1
    gibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return max(1, min(2 * processors + 1, gibibytes // 3))
