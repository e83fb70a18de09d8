"""How many vCPUs and GPUs an instance has: CloudWatch's utilization of an endpoint is a sum over them.

Written by scripts/make_processors.py from EC2's answers as moto 5.2.5 has recorded them. Do not edit.
https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
"""

from typing import Final

# By their number, the instance types that have so many, without "ml.".
_VCPUS: Final = {
    1: "c8g.medium m8g.medium r8g.medium r7gd.medium",
    2: (
        "c4.large c5.large c6g.large c6gn.large c6i.large c6in.large c7g.large c7i.large c8g.large m5.large "
        "m6g.large m6i.large m7i.large m8g.large r5.large r6g.large r6i.large r7i.large r8g.large t2.medium "
        "t2.large c5d.large c6gd.large m5d.large m6gd.large r5d.large r6gd.large r7gd.large"
    ),
    4: (
        "c4.xlarge c5.xlarge c6g.xlarge c6gn.xlarge c6i.xlarge c6in.xlarge c7g.xlarge c7i.xlarge c8g.xlarge "
        "inf1.xlarge inf2.xlarge m4.xlarge m5.xlarge m6g.xlarge m6i.xlarge m7i.xlarge m8g.xlarge p2.xlarge "
        "r5.xlarge r6g.xlarge r6i.xlarge r7i.xlarge r8g.xlarge t2.xlarge c5d.xlarge c6gd.xlarge g4dn.xlarge "
        "g5.xlarge g6.xlarge g6e.xlarge m5d.xlarge m6gd.xlarge r5d.xlarge r6gd.xlarge r7gd.xlarge"
    ),
    8: (
        "c4.2xlarge c5.2xlarge c6g.2xlarge c6gn.2xlarge c6i.2xlarge c6in.2xlarge c7g.2xlarge c7i.2xlarge "
        "c8g.2xlarge inf1.2xlarge m4.2xlarge m5.2xlarge m6g.2xlarge m6i.2xlarge m7i.2xlarge m8g.2xlarge p3.2xlarge "
        "r5.2xlarge r6g.2xlarge r6i.2xlarge r7i.2xlarge r8g.2xlarge t2.2xlarge c5d.2xlarge c6gd.2xlarge "
        "g4dn.2xlarge g5.2xlarge g6.2xlarge g6e.2xlarge g7.2xlarge g7e.2xlarge m5d.2xlarge m6gd.2xlarge "
        "r5d.2xlarge r6gd.2xlarge r7gd.2xlarge trn1.2xlarge"
    ),
    16: (
        "c4.4xlarge c5.4xlarge c6g.4xlarge c6gn.4xlarge c6i.4xlarge c6in.4xlarge c7g.4xlarge c7i.4xlarge "
        "c8g.4xlarge m4.4xlarge m5.4xlarge m6g.4xlarge m6i.4xlarge m7i.4xlarge m8g.4xlarge r5.4xlarge r6g.4xlarge "
        "r6i.4xlarge r7i.4xlarge r8g.4xlarge c5d.4xlarge c6gd.4xlarge g4dn.4xlarge g5.4xlarge g6.4xlarge "
        "g6e.4xlarge g7.4xlarge g7e.4xlarge m5d.4xlarge m6gd.4xlarge p5.4xlarge r5d.4xlarge r6gd.4xlarge "
        "r7gd.4xlarge"
    ),
    24: "inf1.6xlarge",
    32: (
        "c6g.8xlarge c6gn.8xlarge c6i.8xlarge c6in.8xlarge c7g.8xlarge c7i.8xlarge c8g.8xlarge inf2.8xlarge "
        "m6g.8xlarge m6i.8xlarge m7i.8xlarge m8g.8xlarge p2.8xlarge p3.8xlarge r6g.8xlarge r6i.8xlarge r7i.8xlarge "
        "r8g.8xlarge c6gd.8xlarge g4dn.8xlarge g5.8xlarge g6.8xlarge g6e.8xlarge g7.8xlarge g7e.8xlarge "
        "m6gd.8xlarge r6gd.8xlarge r7gd.8xlarge"
    ),
    36: "c4.8xlarge c5.9xlarge c5d.9xlarge",
    40: "m4.10xlarge",
    48: (
        "c6g.12xlarge c6gn.12xlarge c6i.12xlarge c6in.12xlarge c7g.12xlarge c7i.12xlarge c8g.12xlarge m5.12xlarge "
        "m6g.12xlarge m6i.12xlarge m7i.12xlarge m8g.12xlarge r5.12xlarge r6g.12xlarge r6i.12xlarge r7i.12xlarge "
        "r8g.12xlarge c6gd.12xlarge g4dn.12xlarge g5.12xlarge g6.12xlarge g6e.12xlarge g7.12xlarge g7e.12xlarge "
        "m5d.12xlarge m6gd.12xlarge r5d.12xlarge r6gd.12xlarge r7gd.12xlarge"
    ),
    64: (
        "c6g.16xlarge c6gn.16xlarge c6i.16xlarge c6in.16xlarge c7g.16xlarge c7i.16xlarge c8g.16xlarge m4.16xlarge "
        "m6g.16xlarge m6i.16xlarge m7i.16xlarge m8g.16xlarge p2.16xlarge p3.16xlarge r6g.16xlarge r6i.16xlarge "
        "r7i.16xlarge r8g.16xlarge c6gd.16xlarge g4dn.16xlarge g5.16xlarge g6.16xlarge g6e.16xlarge m6gd.16xlarge "
        "r6gd.16xlarge r7gd.16xlarge"
    ),
    72: "c5.18xlarge c5d.18xlarge",
    96: (
        "c6i.24xlarge c6in.24xlarge c7i.24xlarge c8g.24xlarge inf1.24xlarge inf2.24xlarge m5.24xlarge m6i.24xlarge "
        "m7i.24xlarge m8g.24xlarge r5.24xlarge r6i.24xlarge r7i.24xlarge r8g.24xlarge dl1.24xlarge g5.24xlarge "
        "g6.24xlarge g6e.24xlarge g7.24xlarge g7e.24xlarge m5d.24xlarge p4d.24xlarge p4de.24xlarge r5d.24xlarge"
    ),
    128: "c6i.32xlarge c6in.32xlarge m6i.32xlarge r6i.32xlarge trn1.32xlarge trn1n.32xlarge",
    144: "p6e-gb200.36xlarge",
    192: (
        "c7i.48xlarge c8g.48xlarge inf2.48xlarge m7i.48xlarge m8g.48xlarge r7i.48xlarge r8g.48xlarge g5.48xlarge "
        "g6.48xlarge g6e.48xlarge g7.48xlarge g7e.48xlarge p5.48xlarge p5e.48xlarge p5en.48xlarge p6-b200.48xlarge "
        "p6-b300.48xlarge trn2.48xlarge"
    ),
}
_GPUS: Final = {
    1: (
        "p2.xlarge p3.2xlarge g4dn.xlarge g4dn.2xlarge g4dn.4xlarge g4dn.8xlarge g4dn.16xlarge g5.xlarge "
        "g5.2xlarge g5.4xlarge g5.8xlarge g5.16xlarge g6.xlarge g6.2xlarge g6.4xlarge g6.8xlarge g6.16xlarge "
        "g6e.xlarge g6e.2xlarge g6e.4xlarge g6e.8xlarge g6e.16xlarge g7.2xlarge g7.4xlarge g7.8xlarge g7e.2xlarge "
        "g7e.4xlarge g7e.8xlarge p5.4xlarge"
    ),
    2: "g7.12xlarge g7e.12xlarge",
    4: (
        "p3.8xlarge g4dn.12xlarge g5.12xlarge g5.24xlarge g6.12xlarge g6.24xlarge g6e.12xlarge g6e.24xlarge "
        "g7.24xlarge g7e.24xlarge p6e-gb200.36xlarge"
    ),
    8: (
        "p2.8xlarge p3.16xlarge g5.48xlarge g6.48xlarge g6e.48xlarge g7.48xlarge g7e.48xlarge p4d.24xlarge "
        "p4de.24xlarge p5.48xlarge p5e.48xlarge p5en.48xlarge p6-b200.48xlarge p6-b300.48xlarge"
    ),
    16: "p2.16xlarge",
}


def _by_type(by_number: dict[int, str]) -> dict[str, int]:
    return {f"ml.{name}": number for number, names in by_number.items() for name in names.split()}


VCPUS: Final = _by_type(_VCPUS)
GPUS: Final = _by_type(_GPUS)
