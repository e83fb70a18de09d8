"""The Python snippets of the README and of the guides."""

import re

from tests.toolchain import REPOSITORY

GUIDES = ("callers", "variants", "deployments", "scaling", "alarms", "testing", "overrides")
ALONE = ("testing", "overrides")
"""Those whose snippets are programs of their own."""
CONTINUES = "# continues the ten lines\n"


def _snippets(page: str) -> list[str]:
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


[TEN_LINES] = _snippets("README.md")
OF_GUIDES = {
    f"{guide}-{number}": snippet
    for guide in GUIDES
    for number, snippet in enumerate(_snippets(f"docs/{guide}.md"), start=1)
}


def program(snippet: str) -> str:
    """Give a snippet as a program: one that continues the ten lines stands behind them."""
    return TEN_LINES + snippet if snippet.startswith(CONTINUES) else snippet
