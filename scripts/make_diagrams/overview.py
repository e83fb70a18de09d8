"""What gets built for an endpoint with instances."""

from .drawing import Arrow, Box, Kind, svg

_YOURS = Kind.YOURS
_BOXES = {
    "service": Box(column=0, row=1, title="Your service", kind=_YOURS),
    "invoke": Box(column=1, row=0, title="Policy to invoke it", detail="for your callers' roles"),
    "endpoint": Box(column=1, row=1, title="Endpoint", detail="updated in place"),
    "logs": Box(column=1, row=2, title="Log group", detail="365 days"),
    "configuration": Box(column=2, row=1, title="Endpoint configuration", detail="a new one for each change"),
    "key": Box(column=2, row=2, title="KMS key", detail="logs and volumes; rotates"),
    "role": Box(column=3, row=0, title="Execution role", detail="what the inputs name"),
    "model": Box(column=3, row=1, title="Model", detail="one for each Model(…)"),
    "group": Box(column=3, row=2, title="Security group", detail="no ingress"),
    "clean-up": Box(column=3, row=3, title="Interface clean-up", detail="no interface stays"),
    "image": Box(column=4, row=0, title="Image in ECR", kind=_YOURS),
    "data": Box(column=4, row=1, title="Model data in S3", kind=_YOURS),
    "subnets": Box(column=4, row=2, title="Private subnets", detail="in your VPC", kind=_YOURS),
}
_ARROWS = [
    Arrow("service", "endpoint", "invokes"),
    Arrow("invoke", "endpoint", "allows"),
    Arrow("endpoint", "configuration"),
    Arrow("endpoint", "logs", "logs to"),
    Arrow("logs", "key"),
    Arrow("configuration", "key", "encrypted with"),
    Arrow("configuration", "model"),
    Arrow("model", "role", "works with"),
    Arrow("role", "image", "reads"),
    Arrow("role", "data"),
    Arrow("model", "group", "stands in"),
    Arrow("group", "subnets"),
    Arrow("clean-up", "group", "frees"),
]


def drawn() -> str:
    """Draw it."""
    return svg("What gets built: an endpoint, its configuration, model, role, group, key and logs", _BOXES, _ARROWS)
