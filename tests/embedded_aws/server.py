"""The server process: moto with the gaps filled, on 127.0.0.1, for as long as its parent lives."""

import functools
import json
import logging
import os
import signal
import sys
import threading

import botocore.session

# moto makes many sessions; each would read the descriptions of AWS's services again.
botocore.session.create_loader = functools.cache(botocore.session.create_loader)
# moto reads these when it is imported.
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from . import gaps
from .breakdown import telling
from .controls import Control, Controls
from .faults import Faults
from .in_use import in_use
from .journal import Journal
from .lost_answers import LostAnswers
from .settings import InterfaceBehaviour, Settings


def main(settings: Settings) -> None:
    """Print the port on a line of its own, then serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted parent still has to destroy its stack
    threading.Thread(target=_end_with_parent, daemon=True).start()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = DomainDispatcherApplication(create_backend_app)
    filled = gaps.fill_all(settings)
    faults = Faults(LostAnswers(telling(filled.schedule.before(moto))))
    journal = Journal(faults, in_use=lambda: _in_use_now(filled))
    application = Controls(journal, _controls(filled, faults, journal))
    server = make_server("127.0.0.1", settings.port, application, threaded=True, request_handler=MotoRequestHandler)
    os.environ["MOTO_PORT"] = str(server.server_port)
    print(server.server_port, flush=True)  # the parent reads it
    server.serve_forever()


def _controls(filled: gaps.Gaps, faults: Faults, journal: Journal) -> dict[str, Control]:
    return {
        "GET /embedded-aws/calls": lambda _: journal.to_json(),
        "GET /embedded-aws/in-use": lambda _: json.dumps(_in_use_now(filled)),
        "DELETE /embedded-aws/calls": lambda _: journal.forget(),
        "POST /embedded-aws/advance": lambda seconds: filled.schedule.advance(float(seconds)),
        "POST /embedded-aws/interfaces": lambda text: filled.interfaces.behave(InterfaceBehaviour.from_json(text)),
        "POST /embedded-aws/deployment-failure": lambda text: filled.lifecycle.fail(**json.loads(text or "{}")),
        "POST /embedded-aws/hidden-rollbacks": filled.lifecycle.hide_rollbacks,
        "POST /embedded-aws/faults": faults.add,
        "DELETE /embedded-aws/faults": faults.lift,
    }


def _in_use_now(filled: gaps.Gaps) -> list[str]:
    filled.schedule.run_due()
    return in_use()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()  # the parent never writes: this returns when its end of the pipe closes
    os._exit(0)


if __name__ == "__main__":
    main(Settings.from_json(sys.argv[1]))
