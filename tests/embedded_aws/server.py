"""The server process: moto with the gaps filled, on 127.0.0.1, for as long as its parent lives.

It is forked from one that has imported this module: that takes seconds, which many a test does not.
"""

import contextlib
import functools
import gc
import json
import os
import random
import signal
import socket
import threading
from multiprocessing.connection import Connection
from typing import NoReturn

gc.disable()  # what is loaded stays: to look through it for garbage takes a fifth of the time of loading
# moto reads these when it is imported.
os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"  # no browser asks
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]

from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from werkzeug.serving import BaseWSGIServer, make_server

from . import gaps
from .breakdown import telling
from .controls import Control, Controls
from .faults import Faults
from .in_use import in_use
from .journal import Journal
from .lost_answers import LostAnswers
from .preload import create_app, preload
from .request_handler import RequestHandler
from .settings import InterfaceBehaviour, Settings

preload()
gc.freeze()  # nor is it looked through in the servers, where that would copy it
gc.enable()


def serve(settings: Settings, parent: Connection) -> None:
    """Tell the parent the port, then serve until it closes the connection, or ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted parent still has to destroy its stack
    threading.Thread(target=_end_with, args=[parent], daemon=True).start()
    for each in (random, mock_random):
        each.seed()  # the servers that are forked from one process would name their resources the same
    moto = DomainDispatcherApplication(create_app)
    filled = gaps.fill_all(settings)
    faults = Faults(LostAnswers(telling(filled.schedule.before(moto))))
    journal = Journal(faults, in_use=lambda: _in_use_now(filled))
    server = _server(settings, Controls(journal, _controls(filled, faults, journal)))
    os.environ["MOTO_PORT"] = str(server.server_port)
    parent.send(server.server_port)
    server.serve_forever()


def _server(settings: Settings, application: Controls) -> BaseWSGIServer:
    """Listen on the port that is asked for, or on any where that is only preferred and is in use."""
    make = functools.partial(make_server, "127.0.0.1", app=application, threaded=True, request_handler=RequestHandler)
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", settings.preferred_port))
        except OSError:
            return make(port=settings.port)
    return make(port=settings.port or settings.preferred_port)


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


def _end_with(parent: Connection) -> NoReturn:
    with contextlib.suppress(EOFError, OSError):
        parent.recv()  # the parent sends nothing: this ends when its end closes
    os._exit(0)
