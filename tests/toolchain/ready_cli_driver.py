"""A driver of the AWS CLI made beforehand: to make one, and its tables of commands, is most of a short call's work."""

from __future__ import annotations

import contextlib
import functools
import io
import os
from typing import Any

import awscli.clidriver  # type: ignore[import-untyped] # carries no types
import botocore.client
import botocore.hooks
import botocore.session

_OPERATIONS = (  # one of each service that is called
    ("ec2", "describe-network-interfaces"),
    ("iam", "get-role"),
    ("sagemaker", "describe-endpoint"),
    ("sts", "get-caller-identity"),
)
# What is read while a driver and its tables are made, beside the configuration.
_READ = ("AWS_DATA_PATH", "AWS_DEFAULT_PROFILE", "AWS_EXECUTION_ENV", "AWS_PROFILE")


class ReadyDriver:
    """A driver that waits for its one call, which a fork of this process makes."""

    def __init__(self) -> None:
        _remember()
        _call_each_service()
        self._driver = awscli.clidriver.create_clidriver()
        commands = self._driver.create_help_command().command_table  # asked for, the tables are made
        for service, operation in _OPERATIONS:
            _ = commands[service].create_help_command().command_table[operation].arg_table
        self._config = self._driver.session.full_config
        self._environment = _environment()

    def for_call(self) -> Any:  # noqa: ANN401 - awscli carries no types
        """Give it where one that is made now, in this environment, would be the same; otherwise make one."""
        session = self._driver.session
        session._config = None  # noqa: SLF001 - nothing else has the configuration read again
        if _environment() == self._environment and session.full_config == self._config:
            return self._driver
        return awscli.clidriver.create_clidriver()


def _environment() -> list[str | None]:
    return [os.environ.get(name) for name in _READ]


def _remember() -> None:
    """Have what depends on nothing but its arguments made once: descriptions, the clients' classes, names of events."""
    botocore.session.create_loader = functools.cache(botocore.session.create_loader)
    _remember_answers(botocore.client.ClientCreator, "_load_service_model", of=["_loader"])
    _remember_answers(botocore.client.ClientCreator, "_create_client_class")
    _remember_answers(botocore.hooks.EventAliaser, "_alias_event_name")


def _remember_answers(owner: type, name: str, *, of: list[str] | None = None) -> None:
    """Have a method keep its answers, by its arguments and the attributes `of` what it is called on."""
    method = getattr(owner, name)
    answers: dict[object, object] = {}

    @functools.wraps(method)
    def remembered(self: object, *arguments: object) -> object:
        key = (*(getattr(self, attribute) for attribute in of or ()), *arguments)
        if key not in answers:
            answers[key] = method(self, *arguments)
        return answers[key]

    setattr(owner, name, remembered)


def _call_each_service() -> None:
    """Read and import what a call would, with a driver that is thrown away; no call is made."""
    driver = awscli.clidriver.create_clidriver()
    driver.session.set_credentials("-", "-")
    with contextlib.redirect_stdout(io.StringIO()):
        for service, operation in _OPERATIONS:
            driver.main([service, operation, "--generate-cli-skeleton"])
            client = driver.session.create_client(service, region_name="eu-west-1")
            client.meta.service_model.shape_for_error_code("-")  # it makes a table of all errors
