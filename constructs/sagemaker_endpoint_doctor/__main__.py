"""Lets the command be run as ``python -m sagemaker_endpoint_doctor``."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
