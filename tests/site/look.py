"""Looks at the site in a browser, run by .venv/site's Python: `look.py SITE PICTURES CHROMIUM PAGE...` prints JSON.

Of each page it tells the title, which parts are seen without scrolling, what was asked of other hosts, and what
axe-core finds that keeps people out. The pages are served on 127.0.0.1 as long as it runs.
"""

import functools
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page, sync_playwright

_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PARTS = {"heading": "article h1", "navigation": ".md-sidebar--primary", "contents": ".md-sidebar--secondary"}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it is called by
        """Say nothing."""


@contextmanager
def _served(site: str) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def _seen(page: Page, url: str, picture: Path) -> dict[str, Any]:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    _take(page, picture)
    found = Axe().run(page).response["violations"]
    return {
        "title": page.title(),
        "parts": {name: page.locator(selector).first.inner_text() for name, selector in _PARTS.items()},
        "visible": {name: page.locator(selector).first.is_visible() for name, selector in _PARTS.items()},
        "elsewhere": [each for each in asked if not each.startswith(("http://127.0.0.1:", "data:"))],
        "violations": [
            f"{each['impact']}: {each['help']}: {[node['target'] for node in each['nodes']]}" for each in found
        ],
    }


def _take(page: Page, picture: Path, attempts: int = 3) -> None:
    """Take a picture, again where Chromium refuses to: on a busy machine it does now and then, and not the next time.

    https://github.com/MarketSquare/robotframework-browser/issues/5237
    """
    try:
        page.screenshot(path=picture)
    except Error as error:
        if "Unable to capture screenshot" not in error.message or attempts == 1:
            raise
        page.wait_for_timeout(500)
        _take(page, picture, attempts - 1)


def main(site: str, pictures: str, chromium: str, *pages: str) -> None:
    """Look at the pages."""
    with _served(site) as root, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_OPTIONS)
        found = {}
        for number, name in enumerate(pages):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            found[name] = _seen(page, root + name, Path(pictures, f"{number}.png"))
            page.close()
        browser.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
