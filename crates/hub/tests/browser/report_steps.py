"""What several checks of the report form do."""

import time

PASTE = """2026-11-21 phishing mail, sender billing@kaiun-post[.]net
C2: hxxps://cdn-teikei[.]org/up/check.php?uid=8f3a91c2 へ接続
C2 address 45[.]83[.]22[.]109, seen from 10.1.20.7
dropper sha256 4BF5122F344554C53BDE2EBB8CD2B7E3D1600AD631C385A5D7CCE23C7785459A
our mail gateway: mx.kaku-heavy.co.jp
checked against https://www.google.com/, see README.md, client version 1.0.0.0
"""


def until(page, expression, seconds=20):
    """Waits for a script's value to be true. Playwright's own way is what the pages' policy forbids."""
    end = time.time() + seconds
    while not page.evaluate(expression):
        assert time.time() < end, f"never true: {expression}"
        time.sleep(0.05)


def goes(page, count):
    """Waits for the panel to share so many indicators."""
    until(page, f"document.querySelectorAll('#panel .goes').length == {count}")


def saved(page):
    """Waits for everything typed to be on the server."""
    until(page, r"/\d\d:\d\d/.test(document.getElementById('saved').textContent)")


def shown(page, name):
    """Whether a notice is there."""
    return page.locator(f"#notice-{name}").is_visible()
