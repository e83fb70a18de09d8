"""Whether a line says by its level that it is no error."""

import re

# TorchServe and Multi Model Server put INFO before all that a worker writes to its standard output and error.
_OF_SERVER = re.compile(r"^.*?-std(out|err) \S+ - ")
_CALM = re.compile(
    r"\b(TRACE|DEBUG|INFO|NOTICE)\b|\[(trace|debug|info|notice)\]|^[DI]\d{4} "  # the last is glog's, as Triton's is
)
_STATED = re.compile(r"\blevel\W{1,4}(trace|debug|info|notice)\b", re.IGNORECASE)  # level=info, or in JSON
ERROR = re.compile(r"\b(ERROR|CRITICAL|FATAL|SEVERE|EXCEPTION)\b|\b\w*(Error|Exception)\b|\b(error|fatal|panic)\b[\]:]")

# "Error rate: 0.00%", "Download failed: 0, ok: 7"; but "KeyError: 0" and "Error: 0 bytes read" are errors.
_NONE = re.compile(
    r"\b([Ee]rrors?|[Ee]xceptions?|[Ff]ail(ed|ures?))([ _-](rate|ratio|count|total)s?)?\b[\"']?\s*[:=]\s*"
    r"0+([.]0+)?\s*(%|(?=[,;|)\]}]|$|\s\w+\s*[:=]))"
)


def without_counts_of_none(text: str) -> str:
    """Leave out where a line counts errors and finds none."""
    return _NONE.sub("", text)


def is_calm(text: str) -> bool:
    """Tell whether a line is of a level below that of warnings: the first word that tells a level counts."""
    said = _OF_SERVER.sub("", text)
    if _STATED.search(said):
        return True
    calm, error = _CALM.search(said), ERROR.search(said)
    return bool(calm and (not error or calm.start() < error.start()))
