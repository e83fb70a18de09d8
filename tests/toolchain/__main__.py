"""Say which Terraform and which providers the tests and the demo use."""

import sys

from .installed import InstalledTerraform, TerraformNotFoundError
from .providers import Providers, ProvidersNotFoundError


def main() -> int:
    """Print a line on each; 1 when one is not to be had."""
    try:
        terraform = InstalledTerraform.find()
        print(f"Terraform {terraform.version} ({terraform.platform})")
        print(f"Providers {Providers.find().describe()}")
    except (TerraformNotFoundError, ProvidersNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
