"""`make demo`: main.py's endpoint, from synthesis to a clean destroy, on an AWS that runs here.

Real Terraform, real providers and the real AWS CLI; the account is the embedded AWS. Run as
`python -m tests.demo`.
"""
