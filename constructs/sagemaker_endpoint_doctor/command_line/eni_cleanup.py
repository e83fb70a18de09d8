"""Where the script is that cleans up network interfaces, for whoever runs it by hand as the runbook says."""

from pathlib import Path

from sagemaker_endpoint_doctor.examination.errors import CannotStartError

_NAME = "eni_cleanup.sh"


def path() -> Path:
    """Find it: in the installed package, or in the repository that this is run from.

    Raises:
        CannotStartError: It is in neither.
    """
    root = Path(__file__).resolve().parents[2]
    candidates = (root / "sagemaker_endpoint" / _NAME, root.parent / "scripts" / _NAME)
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    places = " nor in ".join(str(candidate.parent) for candidate in candidates)
    raise CannotStartError(f"{_NAME} is neither in {places}: reinstall the package.")
