"""Runs the unit and synth tests once more, on cdktn."""

import os
import subprocess
import sys

from . import beside_cdktf

_ABOUT_THE_LIBRARY = ("access", "engine", "hosting", "network", "operations", "test_endpoint.py", "test_main.py")

if __name__ == "__main__":
    tests = [f"tests/{each}" for each in _ABOUT_THE_LIBRARY]
    options = ["-n", str(os.cpu_count() or 1), "-m", "not end_to_end", *sys.argv[1:]]
    command = [sys.executable, "-m", "pytest", *options, *tests]
    sys.exit(subprocess.run(command, check=False, env=beside_cdktf(os.environ)).returncode)
