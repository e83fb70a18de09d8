"""The real command lines: Terraform, its providers, and the cdktf CLI, run in scratch directories.

A stack from synthesis to destruction::

    from tests.embedded_aws import EmbeddedAws
    from tests.toolchain import Project

    with EmbeddedAws() as aws:
        project = Project(directory=tmp_path, environment=aws.environment())
        project.synth()
        terraform = project.terraform(variables={"image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1"})
        terraform.init()
        assert terraform.apply().added > 0
        assert terraform.plan().is_empty
        terraform = terraform.with_variables(image="111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:2")
        assert "aws_sagemaker_model.Model" in terraform.plan().changes
        terraform.destroy()

What fails raises `CommandError`, whose text is the command's own words. Nothing is written to HOME.
`python -m tests.toolchain` says which Terraform and which providers would be used.
"""

from .cdktf_cli import CdktfCli
from .command import CommandError
from .environment import REPOSITORY, clean_environment
from .project import Project
from .providers import Providers
from .results import Applied, Diagnostic, Plan, State
from .terraform import Terraform

__all__ = [
    "REPOSITORY",
    "Applied",
    "CdktfCli",
    "CommandError",
    "Diagnostic",
    "Plan",
    "Project",
    "Providers",
    "State",
    "Terraform",
    "clean_environment",
]
