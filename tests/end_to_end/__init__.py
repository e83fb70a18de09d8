"""Stacks from synthesis to destruction: real Terraform and providers, on the embedded AWS.

The tests of a module share one stack, since applying takes long. Each moves it on from where it is by
`Deployment.change`, which does nothing where the stack is so already; the last one destroys it.
"""
