"""How long synthesis takes, and how much memory: `make bench`.

Everything is measured in one run and in turns, so that what else the machine does meets all alike; what counts are
the ratios. The result is written to docs/benchmark.md and docs/benchmark.svg.
"""
