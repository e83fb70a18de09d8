"""An `aws` that does what a test says: for what the real one does only when it is too late, or in another version."""

import fcntl
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .scene import BASH, Outcome, Run, edited

ORPHAN = "eni-0123456789abcdef0"
GROUP = "sg-01234567"
EXECUTION_ROLE_ID = "AROA0123456789ABCDEF0"
_OURS = rf"\ttrue\t{EXECUTION_ROLE_ID}:SageMaker\t1\t{GROUP}\t"
_REST = r"\tsubnet-1\tsentiment-endpoint-1\t[]\n"
# What describe-network-interfaces answers of an interface that waits to be deleted, and of one to be marked.
AVAILABLE = rf"{ORPHAN}\tavailable\tinterface{_OURS}-\t-\t-\tnull{_REST}"
ATTACHED = rf"{ORPHAN}\tin-use\tinterface{_OURS}eni-attach-0123456789abcdef0\t-\t-\tfalse{_REST}"
CREDENTIALS = r"printf 'A\tsecret\ttoken\tend\n'"
_DEFAULTS = {
    "describe_network_interfaces": "echo end",
    "describe_security_groups": "printf '[\"Network interfaces of a SageMaker endpoint: no ingress\"]\\nend\\n'",
}


@dataclass(frozen=True, kw_only=True)
class FakeCli:
    """A folder with an `aws` in it: a POSIX shell script that writes a line into `journal` at each call."""

    folder: Path

    @property
    def journal(self) -> list[str]:
        return (self.folder / "journal").read_text().splitlines()

    def answers(self, *, noted: str = "", first: str = "", **answers: str) -> None:
        """State the commands that answer a call, by the operation's name; `noted` is the line to write."""
        cases = {"describe_endpoint": refusal("ValidationException", "Could not find it"), **_DEFAULTS, **answers}
        lines = [f"    *' {name.replace('_', '-')} '*) {answer} ;;" for name, answer in cases.items()]
        command = self.folder / "aws"
        command.write_text(
            "\n".join(
                [
                    "#!/bin/sh",
                    f'echo "{noted}" >>"$JOURNAL"',
                    first,
                    'case " $* " in',
                    *lines,
                    "esac",
                    "",
                ]
            )
        )
        command.chmod(0o755)

    def run(
        self, mode: str, changes: Mapping[str, str] | None = None, *, edits: Mapping[str, str] | None = None
    ) -> Outcome:
        """Run the script with this `aws`, and somebody at the keyboard; `edits` are made in a copy of it."""
        done = subprocess.run(
            [BASH, edited(self.folder, edits or {}), mode],
            env=self._environment(changes or {}),
            input="123456\n",
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Outcome(code=done.returncode, log=done.stderr)

    @contextmanager
    def running(
        self, mode: str, changes: Mapping[str, str] | None = None, *, edits: Mapping[str, str] | None = None
    ) -> Iterator[Run]:
        """Run it for a minute at most."""
        reading, writing = os.pipe()
        inherited = fcntl.fcntl(writing, fcntl.F_DUPFD, 100)  # the script uses low ones itself
        os.close(writing)
        with (
            os.fdopen(reading) as all_processes,
            subprocess.Popen(
                [BASH, edited(self.folder, edits or {}), mode],
                env=self._environment(changes or {}),
                stderr=subprocess.PIPE,
                text=True,
                pass_fds=[inherited],
            ) as process,
        ):
            os.close(inherited)
            limit = threading.Timer(60, process.kill)
            limit.start()
            try:
                yield Run(process, all_processes=all_processes)
            finally:
                limit.cancel()
                process.kill()

    def tool(self, name: str, script: str) -> None:
        """Put another command before the one on PATH; `$REAL` in it is that one."""
        command = self.folder / name
        command.write_text(f"#!/bin/sh\nREAL={shutil.which(name)}\n{script}\n")
        command.chmod(0o755)

    def until_noted(self, line: str) -> None:
        """Wait until the journal has this line."""
        for _ in range(200):
            if (self.folder / "journal").exists() and line in self.journal:
                return
            time.sleep(0.1)
        raise AssertionError(f"{line!r} was never noted")

    def scratch(self) -> list[Path]:
        """Return the script's temporary directories."""
        return [path for path in self.folder.iterdir() if path.is_dir()]

    def _environment(self, changes: Mapping[str, str]) -> dict[str, str]:
        environment = {
            "PATH": f"{self.folder}{os.pathsep}{os.environ['PATH']}",
            "TMPDIR": str(self.folder),
            "JOURNAL": str(self.folder / "journal"),
            "ENI_CLEANUP_SECURITY_GROUP_ID": GROUP,
            "ENI_CLEANUP_EXECUTION_ROLE_ID": EXECUTION_ROLE_ID,
            "ENI_CLEANUP_REGION": "eu-west-1",
            "ENI_CLEANUP_ENDPOINT_NAME": "sentiment",
            "ENI_CLEANUP_INTERVAL": "1",
            "ENI_CLEANUP_SETTLE": "1",
        }
        return environment | dict(changes)


def rows(*each: str) -> str:
    """Return the command that answers describe-network-interfaces with these."""
    return f"printf '{''.join(each)}end\\n'"


def refusal(code: str, words: str) -> str:
    """Return the command that fails as the AWS CLI does."""
    return f"echo 'An error occurred ({code}) when calling the operation: {words}' >&2; exit 254"


def is_running(pid: str) -> bool:
    """Tell whether there is such a process, soon: one that was killed may be about to go."""
    for _ in range(50):
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return False
        time.sleep(0.1)
    return True
