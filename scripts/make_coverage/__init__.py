"""Writes docs/coverage.md: every setting of AWS's requests, the provider's argument and the input that gives it.

`make coverage` runs it. AWS's settings come from botocore's service models (`aws`), the provider's arguments from the
sources of its bindings (`provider`). Which input gives which argument is found out (`inputs`): `programs` state every
input, each is put back to its default, or changed, by itself, and the arguments that change with it are those that it
gives. What the provider has and no input gives needs one of the `reasons`; one that nothing needs is an error too.
"""
