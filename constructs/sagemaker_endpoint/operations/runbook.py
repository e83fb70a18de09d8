"""The commands to run when something is wrong, with the endpoint's own names in place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from sagemaker_endpoint.engine.expressions import expression
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.rules.checks import deferred
from sagemaker_endpoint_runbook.commands import SECTIONS, names_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Runbook:
    """What the commands name: in `names` by the places that they have for it, as the endpoint's parts state it."""

    region: str
    endpoint_name: str
    names: Mapping[str, Sequence[str]]
    model_data_urls: Sequence[str] = ()

    @classmethod
    def of(
        cls, identity: Identity, names: Iterable[Mapping[str, Sequence[str]]], model_data_urls: Sequence[str]
    ) -> "Runbook":
        """Gather the names that the endpoint's parts state."""
        gathered = {place: each for of_part in names for place, each in of_part.items()}
        return cls(
            region=identity.account.region,
            endpoint_name=identity.endpoint_name,
            names=gathered,
            model_data_urls=model_data_urls,
        )

    def sections(self) -> dict[str, list[str]]:
        """Give the commands of each section, in the order in which to work through them.

        A section that names what there is none of is left out: a serverless endpoint has no network interfaces.
        Those that name what only AWS knows are left out: the doctor and the runbook's page have them.
        """
        names: dict[str, Sequence[str]] = {
            "endpoint": [self.endpoint_name],
            "start": ["$(( $(date +%s) - 3600 ))"],
            "period": ["300"],
            **self.names,
        }
        found = {}
        for section in SECTIONS:
            of_archives = [command for command in section.commands if _names_an_archive(command)]
            lines = [line for command in section.commands for line in _lines(command, names)]
            if lines or of_archives:
                found[section.title] = [*lines, *self._archives(of_archives)]
        return found

    def text(self) -> str:
        """Give all of it as one text, a heading a section."""
        head = f"# Runbook of the SageMaker endpoint {self.endpoint_name} in {self.region}"
        lines = [head, f"export AWS_DEFAULT_REGION={self.region}"]
        for title, commands in self.sections().items():
            lines += ["", f"# {title}", *commands]
        return "\n".join(lines)

    def _archives(self, commands: Sequence[str]) -> Iterator[str]:
        """Give the commands for each archive of model data; a URL that Terraform finds null has none."""
        for url in self.model_data_urls if commands else ():
            if not deferred(url):
                bucket, _, key = url.removeprefix("s3://").partition("/")
                yield from (command.format(bucket=bucket, key=key) for command in commands)
                continue
            # One call for all lines: Terraform's `format` takes it for a mistake if an argument is left unused.
            lines = expression("".join(f"{command}\n" for command in commands).format(bucket="%[1]s", key="%[2]s"))
            bucket_and_key = 'regex("^s3://([^/]+)/(.*)$", url)'
            each = f"[for url in compact([{expression(url)}]) : format({lines}, {bucket_and_key}...)]"
            yield f'${{trimspace(join("", {each}))}}'


def _lines(command: str, names: dict[str, Sequence[str]]) -> Iterator[str]:
    """Give a command once for each combination of the names that it has places for; not at all if one is unknown."""
    places = sorted(names_in(command))
    if all(place in names for place in places):
        for values in product(*(names[place] for place in places)):
            yield command.format(**dict(zip(places, values, strict=True)))


def _names_an_archive(command: str) -> bool:
    return bool(names_in(command)) and names_in(command) <= {"bucket", "key"}
