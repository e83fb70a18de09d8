"""The runbook as a command: looks at a SageMaker endpoint and all it rests on, and says what is wrong.

It reads only, needs neither CDKTF nor Terraform, and comes with ``pip install "cdktf-sagemaker-endpoint[doctor]"``.
"""
