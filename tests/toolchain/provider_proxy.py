"""The AWS provider, with a proxy before it that gives Terraform the few schemas that a stack is about.

The schemas of all 1,500 resource types are 5 MB. Each Terraform command asks for them, and preparing and reading them
takes seconds of processor time, several times what the rest of a plan takes. The proxy asks once, and hands on those of
the types that are named in the stack's folder and its state. Whether the provider's own settings are right it asks once
for each, too. All other calls go through as they are, to the real provider and back.
https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/tfplugin5.proto

Other providers run beside it, with nothing before them: their time goes into being started, several times a command.

As a program: python -m tests.toolchain.provider_proxy DIRECTORY AWS_EXECUTABLE OTHER_EXECUTABLE... It prints what
Terraform needs to find them, reads the folders of the stacks from standard input, answers each with an empty line, and
ends with its input.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import grpc

from .running_provider import VARIABLE

# It ends with the process that started it, however that ends: standard input is then at its end.
_WATCHED = 'exec 3<&0; "$@" & provider=$!; { cat <&3 > /dev/null; kill -$0 $provider; } & wait $provider'
# What Terraform tells a provider, less a certificate for it. https://github.com/hashicorp/go-plugin/blob/main/client.go
_HANDSHAKE = {
    "TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
    "PLUGIN_PROTOCOL_VERSIONS": "5,6",
}
_ADDRESS = re.compile(rf"{VARIABLE}='(.*)'")
_TYPE = re.compile(rb"\baws_[a-z0-9_]+")
# Of protocols 5 and 6: what has the same answer whenever it is asked.
_SCHEMA = ("/GetSchema", "/GetProviderSchema")
_SAME = (*_SCHEMA, "/PrepareProviderConfig", "/ValidateProviderConfig")
_UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
_AT_ONCE = 64  # Terraform has ten resources under way, and asks for more meanwhile
_LENGTH_DELIMITED, _FIRST_FIELD = 2, b"\x0a"


class Proxy(grpc.GenericRpcHandler):
    """Hands calls on to the provider behind `channel`; `types` are those whose schemas Terraform is given."""

    def __init__(self, channel: grpc.Channel) -> None:
        self.types: frozenset[bytes] = frozenset()
        self._channel = channel
        self._answers: dict[tuple[str, bytes], bytes] = {}

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[bytes, bytes] | None:
        """Answer the provider's own calls; go-plugin's are optional, and there is nothing to say to them."""
        method = handler_call_details.method
        if not method.startswith("/tfplugin"):
            return None
        call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = self._channel.unary_unary(method)

        def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
            try:
                if not method.endswith(_SAME):
                    return call(request)
                if (method, request) not in self._answers:
                    self._answers[method, request] = call(request)
            except grpc.RpcError as error:
                failed = cast("grpc.Call", error)
                context.abort(failed.code(), failed.details() or "")
            same = self._answers[method, request]
            return b"".join(_without_other_types(same, self.types)) if method.endswith(_SCHEMA) else same

        return grpc.unary_unary_rpc_method_handler(answer)


def types_in(stack: Path) -> frozenset[bytes]:
    """Find the types that a stack's configuration and state name, and more that look like some."""
    content = json.loads((stack / "cdk.tf.json").read_text(encoding="utf-8"))
    elsewhere = content.get("terraform", {}).get("backend", {}).get("local", {}).get("path", "terraform.tfstate")
    files = [*stack.glob("*.tf.json"), *stack.glob("*.tfstate*"), *stack.glob("terraform.tfstate.d/*/*")]
    files.append(stack / elsewhere)
    return frozenset(name for file in files if file.is_file() for name in _TYPE.findall(file.read_bytes()))


def _without_other_types(schemas: bytes, types: frozenset[bytes]) -> Iterator[bytes]:
    """Give the fields of a GetProviderSchema answer, but not the entries of its maps for other types.

    https://protobuf.dev/programming-guides/encoding/
    """
    at = 0
    while at < len(schemas):
        start = at
        tag, at = _number(schemas, at)
        assert tag & 7 == _LENGTH_DELIMITED
        length, body = _number(schemas, at)
        at = body + length
        name = _key(schemas, body)
        if not name.startswith(b"aws_") or name in types:
            yield schemas[start:at]


def _key(schemas: bytes, body: int) -> bytes:
    """Give the key of a map's entry, which is its first field."""
    if schemas[body : body + 1] != _FIRST_FIELD:
        return b""
    length, start = _number(schemas, body + 1)
    return schemas[start : start + length]


def _number(schemas: bytes, at: int) -> tuple[int, int]:
    """Read a varint, seven bits a byte, the lowest first; give what follows it too."""
    number = shift = 0
    while True:
        byte = schemas[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:  # the highest bit says that more bytes follow
            return number, at


def main(directory: str, executable: str, *others: str) -> None:
    """Start the providers, serve until standard input ends, and have them end as well."""
    provider = _start("INT", executable, "-debug")
    assert provider.stdout
    (told,) = next(filter(None, map(_ADDRESS.search, provider.stdout))).groups()
    ((name, plugin),) = json.loads(told).items()
    proxy = Proxy(grpc.insecure_channel(f"unix:{plugin['Addr']['String']}", options=_UNLIMITED))
    server = grpc.server(ThreadPoolExecutor(_AT_ONCE), handlers=[proxy], options=_UNLIMITED)
    address = str(Path(directory, "provider"))
    server.add_insecure_port(f"unix:{address}")
    server.start()
    threading.Thread(target=_end_with, args=[provider], daemon=True).start()
    plugin["Addr"] = {"Network": "unix", "String": address}
    beside = {_name(other): _start_plainly(other, directory) for other in others}
    print(json.dumps({name: plugin, **beside}), flush=True)
    for stack in sys.stdin:
        proxy.types = types_in(Path(stack.rstrip("\n")))
        print(flush=True)
    assert provider.stdin
    provider.stdin.close()
    provider.wait()


def _start(end: str, *command: str, **variables: str) -> subprocess.Popen[str]:
    """Start a provider that the signal `end` ends."""
    return subprocess.Popen(
        ["sh", "-c", _WATCHED, end, *command],
        env={**os.environ, **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _start_plainly(executable: str, directory: str) -> dict[str, object]:
    """Start a provider as Terraform does, old ones having no `-debug`; its first line says where it listens."""
    provider = _start("KILL", executable, **_HANDSHAKE, TMPDIR=directory)
    assert provider.stdout
    _, version, network, address, protocol, *_ = provider.stdout.readline().strip().split("|")
    threading.Thread(target=_end_with, args=[provider], daemon=True).start()
    return {
        "Protocol": protocol,
        "ProtocolVersion": int(version),
        "Pid": provider.pid,
        "Test": True,
        "Addr": {"Network": network, "String": address},
    }


def _name(executable: str) -> str:
    """Name a provider as Terraform does, after the folders that it is in: registry, owner, name, version, platform."""
    return "/".join(Path(executable).parts[-6:-3])


def _end_with(provider: subprocess.Popen[str]) -> None:
    """End as soon as the provider does, lest Terraform wait for it."""
    provider.wait()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
