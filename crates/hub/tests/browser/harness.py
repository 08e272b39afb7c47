"""A browser as people use it, and the eyes that look over its shoulder.

A check is a file with `harness.run(check)` at its end; `check(site)` gets a running hub. Every page
that is opened is watched: a violation of its content security policy, an error of a script, a
request to another host or a failed request ends the check. `site.look` also asks axe-core for faults
against WCAG 2.2 AA, measures what was transferred, and looks for a page wider than the window.
"""

import json
import os
import sys
import traceback
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import sync_playwright

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
AXE_OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# A window of 1280 at 200 %.
ZOOMED = {"width": 640, "height": 450}
# What a page may cost to fetch with nothing kept, bytes as they travel.
BUDGET = 100 * 1000
# Chromium asks its maker for nothing.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
]

# The elements the Tab key must reach: of a group of radio buttons one is enough.
USABLE = """() => {
  window.usable = () => {
    const groups = new Set();
    return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
      .filter(e => {
        if (e.disabled || e.type === "hidden" || e.tabIndex < 0 || !e.checkVisibility({ visibilityProperty: true })) return false;
        if (e.type !== "radio") return true;
        const group = (e.form ? [...document.forms].indexOf(e.form) : "") + e.name;
        const first = !groups.has(group);
        groups.add(group);
        return first;
      });
  };
  return usable().length;
}"""
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return [-1, true, ""];
  const style = getComputedStyle(e);
  // Of a date, Chromium marks the part that has the focus, where no script sees it.
  const shown = e.type?.startsWith("date") || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  const all = usable();
  let place = all.indexOf(e);
  if (place < 0 && e.type === "radio") place = all.findIndex(o => o.type === "radio" && o.name === e.name && o.form === e.form);
  return [place < 0 ? 1e6 : place, shown, e.outerHTML.slice(0, 120)];
}"""


class Fault(Exception):
    """Something a user would not accept."""


class Site:
    """A running hub: its address, one-time links, what the test wants to say to the check."""

    def __init__(self, browser, told):
        self.browser = browser
        self.base = told["base"]
        self.told = told
        self.pictures = os.environ.get("NOROSHI_PICTURES")
        self.seen = []

    def ask(self, wish):
        """Has the test do something only it can (move the clock, make a link); gives its answer."""
        print("wish: " + json.dumps(wish), flush=True)
        return json.loads(sys.stdin.readline())

    @contextmanager
    def visitor(self, language="en", size=DESKTOP, script=True, **more):
        """One person's browser: a context with its own cookies. Gives its page."""
        locale = {"en": "en-GB", "ja": "ja-JP"}[language]
        context = self.browser.new_context(
            locale=locale, viewport=size, java_script_enabled=script,
            timezone_id="Asia/Tokyo", **more,
        )
        context.set_default_timeout(30_000)
        faults = []
        page = context.new_page()
        self._watch(page, faults)
        try:
            yield page
        finally:
            context.close()
        if faults:
            raise Fault("; ".join(faults))

    def sign_in(self, page, who):
        """Opens the one-time link of `who` and goes in."""
        self.use_link(page, self.told["links"][who])

    def use_link(self, page, link):
        """Signs in with this one-time link, given without scheme and host."""
        page.goto(self.base + link)
        page.locator("main form button").first.click()
        page.wait_for_load_state()

    def look(self, page, name):
        """What a page must be, however it was reached. `name` is also the name of its picture."""
        self.seen.append(name)
        if self.pictures:
            Path(self.pictures).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{self.pictures}/{name}.png", full_page=True)
        wide = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
        if wide > 0:
            culprits = page.evaluate(
                "[...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)"
                ".slice(0, 5).map(e => e.tagName + '.' + e.className + '#' + e.id)")
            raise Fault(f"{name}: {wide} px wider than the window: {culprits}")
        cost = page.evaluate(
            "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
            ".map(e => e.transferSize).reduce((a, b) => a + b, 0)"
        )
        if cost > BUDGET:
            raise Fault(f"{name}: {cost} bytes transferred")
        page.evaluate(AXE)
        result = page.evaluate("options => axe.run(document, options)", AXE_OPTIONS)
        found = [
            f"{v['id']} ({v['impact']}) at {[n['target'] for n in v['nodes']][:4]}: {v['nodes'][0]['failureSummary']}"
            for v in result["violations"]
        ]
        if found:
            raise Fault(f"{name}: axe: " + "; ".join(found))

    def tab_through(self, page, name):
        """Everything that can be used is reached by the Tab key alone, and shows that it is."""
        page.evaluate("document.activeElement.blur()")
        wanted = page.evaluate(USABLE)
        reached = set()
        for _ in range(wanted * 8 + 20):
            page.keyboard.press("Tab")
            place, shown, what = page.evaluate(FOCUSED)
            if place < 0:
                break
            if not shown:
                raise Fault(f"{name}: {what} has the focus and does not show it")
            reached.add(place)
        if len(reached) < wanted:
            missing = page.evaluate("reached => usable().filter((_, i) => !reached.includes(i)).map(e => e.outerHTML.slice(0, 120))", sorted(reached))
            raise Fault(f"{name}: the Tab key does not reach {missing[:5]}")

    def _watch(self, page, faults):
        def message(m):
            # A connection that a check cuts, or a request that a newer one replaced, is no fault.
            cut = m.text.startswith(("htmx:sendError", "htmx:sendAbort", "htmx:afterRequest"))
            if m.type == "error" and "Failed to load resource" not in m.text and not cut:
                faults.append(f"console at {page.url}: {m.text}")

        def request(r):
            if urlsplit(r.url).scheme in ("http", "https", "ws", "wss") and not r.url.startswith(self.base):
                faults.append(f"{page.url} asked another host: {r.url}")

        def response(r):
            if r.status >= 500:
                faults.append(f"{r.status} from {r.url}")

        page.on("console", message)
        page.on("pageerror", lambda e: faults.append(f"script error at {page.url}: {e}"))
        page.on("request", request)
        page.on("response", response)
        page.expose_function("noroshiViolation", lambda text: faults.append(f"CSP: {text}"))
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation', e => "
            "noroshiViolation(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile + ':' + e.lineNumber))"
        )


def report(page, happened, text, words=False):
    """Files a report from its page: what happened, what was found."""
    page.check(f"[name=happened][value={happened}]")
    page.fill("#text", text)
    if words:
        page.locator("details", has=page.locator("[name=words]")).locator("summary").click()
        page.check("[name=words]")
    # The draft is saved before the form goes.
    with page.expect_navigation():
        page.locator("main button[name=do][value=send]").click()


def run(check):
    """Reads what the test says from standard input, runs the check, and says how it went."""
    told = json.loads(sys.stdin.readline())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["NOROSHI_TEST_CHROMIUM"], args=ARGUMENTS)
        site = Site(browser, told)
        try:
            check(site)
        except Exception:
            traceback.print_exc()
            sys.exit(1)
        finally:
            browser.close()
    print(f"all checks passed, {len(site.seen)} pages looked at")
