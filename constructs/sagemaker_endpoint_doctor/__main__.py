"""Lets the command be run as ``python -m sagemaker_endpoint_doctor``."""

import sys

from sagemaker_endpoint_doctor.command_line.cli import main

if __name__ == "__main__":
    sys.exit(main())
