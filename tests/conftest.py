"""What every test relies on."""

import signal
import threading


def pytest_configure() -> None:
    """Have interrupts count: what a shell starts behind `&` ignores them, and so would all that the tests start."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
