"""Where and with what was measured. Names no host and no path."""

import os
import platform
import re
import subprocess
from collections.abc import Mapping
from importlib.metadata import distributions, version
from pathlib import Path

from tests.cdktn import CDKTN

_PACKAGES = ("cdktf", "cdktf-cdktf-provider-aws", "cdktf-cdktf-provider-null", "constructs", "jsii")


def machine() -> str:
    """Describe the machine: processor, cores, memory, system."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}"


def _processor() -> str:
    if platform.system() == "Darwin":
        command = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else platform.machine()


def versions(environment: Mapping[str, str]) -> str:
    """List what took part, with versions."""
    node = [environment.get("JSII_NODE", "node"), "--version"]
    said = subprocess.run(node, env=environment, capture_output=True, text=True, check=True).stdout.strip()
    packages = [f"{package} {version(package)}" for package in _PACKAGES]
    on_cdktn = [str(each) for each in CDKTN.glob("lib/python*/site-packages")]
    packages += [
        f"{each.name} {each.version}" for each in distributions(path=on_cdktn) if each.name.startswith("cdktn")
    ]
    return ", ".join([f"Python {platform.python_version()}", f"Node {said.lstrip('v')}", *packages])
