"""How a line of a log tells, by its level, whether it speaks of an error; and what in it is only a setting."""

import re

# TorchServe, multi-model server and DJL put INFO before all that a worker writes to its standard output and error.
_OF_SERVER = re.compile(r"^.*?-std(out|err)(:| \S+ -) ")
_CALM = re.compile(
    r"\b(TRACE|DEBUG|INFO|NOTICE)\b|\[(trace|debug|info|notice)\]"
    r"|^[DI](\d{4})?\d{4} |\d:\d\d\.\d+: [DI] "  # glog's, as Triton's is; TensorFlow's
)
_WARNING = re.compile(
    r"\bWARN(ING)?\b|\[warn(ing)?\]|^W(\d{4})?\d{4} |\d:\d\d\.\d+: W |(?i:\b(level|severity|lvl)\W{1,4}warn(ing)?\b)"
)
_TOLD = re.compile(r"\b([Ee]rror|ERROR|\w+(Error|Exception)): ")
# What fails without any level.
_FAILS = re.compile(
    r"\b(failed to|unable to|could not|couldn't|cannot|can't|error) "
    r"(load|open|start|read|bind|allocate|create|initiali[sz]e)(ing)?\b",
    re.IGNORECASE,
)
_STATED = re.compile(r"\b(level|severity|lvl)\W{1,4}(trace|debug|info|notice)\b", re.IGNORECASE)  # logfmt, JSON
ERROR = re.compile(
    r"\b(ERROR|CRITICAL|FATAL|SEVERE|EXCEPTION|PANIC)\b|\b\w*(Error|Exception)\b|\b(error|fatal|panic)\b[\]:]"
    r"|\[(crit|alert|emerg)\]|^[EF](\d{4})?\d{4} \d\d:|\bthread '[^']*' panicked\b"  # nginx; glog; Rust
    r"|(?i:\b(level|severity|lvl|levelname)\W{1,4}(error|err|critical|crit|fatal|panic|emergency|alert)\b)"
)

# "Error rate: 0.00%", "Download failed: 0, ok: 7"; but "KeyError: 0" and "Error: 0 bytes read" are errors.
_NONE = re.compile(
    r"\b([Ee]rrors?|[Ee]xceptions?|[Ff]ail(ed|ures?))([ _-](rate|ratio|count|total)s?)?\b[\"']?\s*[:=]\s*"
    r"0+([.]0+)?\s*(%|(?=[,;|)\]}]|$|\s\w+\s*[:=]))"
)
# What a program was told, on its command line, in its environment or in a dump of its configuration.
_SETTING = re.compile(
    r"(?<!\S)-(XX:|[DX])\S+|(?<!\S)--?[\w-]*(log|level|verbos)[\w-]*[ =]\S+"
    r"|(?<!\S)--?[A-Za-z][\w-]*(=\S+| (?!-|[A-Z]{4,}\b|\w*(Error|Exception):)\S+)?|\b[A-Z][A-Z0-9_]*=\S+"
    r"|\blog[ _.-]?level\W{1,4}\w+",
    re.ASCII,
)


def without_settings(text: str) -> str:
    """Leave out what a line tells of settings, and where it counts errors and finds none."""
    return _NONE.sub("", _SETTING.sub("", text))


def is_error(text: str) -> bool:
    """Tell whether a line is of an error's level or says that something failed; of a warning, whether it tells one."""
    said = without_settings(text)
    if is_calm(text):
        return False
    if _WARNING.search(_OF_SERVER.sub("", said)):
        return bool(_TOLD.search(said))
    return bool(ERROR.search(said) or _FAILS.search(said))


def is_calm(text: str) -> bool:
    """Tell whether a line is of a level below that of warnings: the first word that tells a level counts."""
    said = _OF_SERVER.sub("", text)
    if _STATED.search(said):
        return True
    calm, error = _CALM.search(said), ERROR.search(said)
    return bool(calm and (not error or calm.start() < error.start()))
