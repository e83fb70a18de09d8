"""What moto finds out anew in each request, though it is the same each time: a third of a request's time went there.

They are the folders of its services, the service behind a host, the methods of a service's class, the errors of a
service, the reader of botocore's files, and the private key of a KMS key, which only the asymmetric ones use: all keys
of a kind have the same.
"""

import functools
from collections.abc import Iterator

from moto import backends
from moto.core import errors, responses, utils
from moto.kms import models as kms
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from .patching import Answer, Handler, wrap


def fill() -> None:
    wrap(backends, "list_of_moto_modules", _kept)
    wrap(responses, "method_names_from_class", _kept)
    wrap(errors, "ErrorLookupFactory", _kept)
    wrap(utils, "create_loader", _kept)
    wrap(DomainDispatcherApplication, "get_backend_for_host", _kept)
    wrap(kms, "generate_private_key", _kept)


@functools.cache
def _kept(moto: Handler, *arguments: object) -> Answer:
    found = moto(*arguments)
    return [*found] if isinstance(found, Iterator) else found
