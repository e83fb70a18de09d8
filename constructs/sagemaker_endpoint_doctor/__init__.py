"""The runbook as a command: looks at a SageMaker endpoint and all it rests on, and says what is wrong.

It reads only, needs neither CDKTF nor Terraform, and comes with ``pip install "cdktf-sagemaker-endpoint[doctor]"``.
`commands` is the one part that needs no extra: the commands of the runbook, which the library prints as an output.
"""
