"""Where Terraform's providers come from: the registry, or local mirrors where it is out of reach."""

from __future__ import annotations

import functools
import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .environment import CACHE
from .installed import InstalledTerraform
from .mirror import REGISTRY, USUAL_ROOTS, Mirror, look_for_mirror
from .null_provider import PLATFORM as NULL_PLATFORM
from .null_provider import fetch_null_provider

VARIABLE = "SAGEMAKER_ENDPOINT_TF_MIRROR"
"""Names a mirror to use, whether or not the registry answers."""

OVERRIDE = "providers_override.tf.json"
"""Terraform merges it over cdk.tf.json, which stays as synthesized.
https://developer.hashicorp.com/terraform/language/files/override"""

_PROBE_SECONDS = 3


class ProvidersNotFoundError(Exception):
    """Neither the registry nor a mirror has what is needed."""


@dataclass(frozen=True, kw_only=True)
class Providers:
    """`mirrors` names one for each provider, as `hashicorp/aws`; empty, they come from the registry."""

    mirrors: Mapping[str, Mirror]
    platform: str

    @staticmethod
    @functools.cache
    def find() -> Providers:
        """Choose for this machine."""
        return Providers.choose(
            InstalledTerraform.find().platform, named=os.environ.get(VARIABLE, ""), roots=USUAL_ROOTS
        )

    @staticmethod
    def choose(platform: str, *, named: str, roots: Sequence[Path]) -> Providers:
        """Take the named mirror, else the registry if it answers, else a mirror found by its shape."""
        if named:
            return Providers.from_mirror(Mirror(folder=Path(named)), platform)
        if registry_answers():
            return Providers(mirrors={}, platform=platform)
        return Providers.from_mirror(_look(roots), platform)

    @staticmethod
    def from_mirror(mirror: Mirror, platform: str) -> Providers:
        """Take AWS from `mirror`, and null too if it is there; else null comes from the package index."""
        if not mirror.versions("hashicorp/aws", platform):
            raise ProvidersNotFoundError(
                f"{mirror.folder} holds no {REGISTRY}/hashicorp/aws for {platform}. "
                f"Let {VARIABLE} name a folder that does, or unset it where the registry is in reach."
            )
        null = mirror
        if not mirror.versions("hashicorp/null", platform):
            if platform != NULL_PLATFORM:
                raise ProvidersNotFoundError(f"{mirror.folder} holds no {REGISTRY}/hashicorp/null: add it.")
            null = fetch_null_provider()
        return Providers(mirrors={"hashicorp/aws": mirror, "hashicorp/null": null}, platform=platform)

    def describe(self) -> str:
        """Say it in a line, for people."""
        if not self.mirrors:
            return f"downloaded from {REGISTRY}"
        return "from local mirrors: " + ", ".join(
            f"{provider} {mirror.versions(provider, self.platform)[0]} in {mirror.folder}"
            for provider, mirror in self.mirrors.items()
        )

    def cli_config(self) -> str:
        """Write Terraform's CLI configuration, for TF_CLI_CONFIG_FILE."""
        installation = {
            "filesystem_mirror": [
                {"path": str(mirror.folder), "include": [f"{REGISTRY}/{provider}"]}
                for provider, mirror in self.mirrors.items()
            ]
        }
        return json.dumps(
            {
                "disable_checkpoint": True,
                "provider_installation": [installation if self.mirrors else {"direct": [{}]}],
            },
            indent=2,
        )

    def environment(self) -> dict[str, str]:
        """Let one download serve every directory; mirrors are linked to as they are."""
        if self.mirrors:
            return {}
        cache = CACHE / "providers"
        cache.mkdir(parents=True, exist_ok=True)
        return {"TF_PLUGIN_CACHE_DIR": str(cache), "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "1"}

    def override(self, stack: Path) -> None:
        """Where the mirrors lack the versions that `stack`'s cdk.tf.json asks for, lay theirs over it."""
        synthesized = json.loads((stack / "cdk.tf.json").read_text(encoding="utf-8"))
        required: dict[str, dict[str, str]] = synthesized["terraform"]["required_providers"]
        changed = self._changed(required) if self.mirrors else {}
        target = stack / OVERRIDE
        if changed:
            content = {"terraform": {"required_providers": changed}}
            target.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        else:
            target.unlink(missing_ok=True)

    def _changed(self, required: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
        changed = {}
        for name, wanted in required.items():
            provider = wanted["source"].removeprefix(f"{REGISTRY}/")
            provider = provider if "/" in provider else f"hashicorp/{provider}"
            if provider not in self.mirrors:
                raise ProvidersNotFoundError(f"{provider} {wanted['version']} is in no local mirror.")
            versions = self.mirrors[provider].versions(provider, self.platform)
            if wanted["version"] not in versions:
                changed[name] = {"source": provider, "version": versions[0]}
        return changed


@functools.cache
def registry_answers() -> bool:
    """Tell whether the registry is in reach.

    https://developer.hashicorp.com/terraform/internals/remote-service-discovery
    """
    try:
        with urllib.request.urlopen(f"https://{REGISTRY}/.well-known/terraform.json", timeout=_PROBE_SECONDS):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _look(roots: Sequence[Path]) -> Mirror:
    mirror = look_for_mirror("hashicorp/aws", roots)
    if mirror:
        return mirror
    raise ProvidersNotFoundError(
        f"{REGISTRY} does not answer, and no folder under {', '.join(map(str, roots))} holds "
        f"{REGISTRY}/hashicorp/aws. Connect to the registry, or let {VARIABLE} name a local mirror "
        "(`terraform providers mirror` makes one)."
    )
