"""Five megabytes, a file of 200, a double click, a lost connection."""

import tempfile
import time

import harness
from report_steps import goes, saved, shown, until


# 5 MB of a proxy's log, with 200 addresses that attack; made in the page, so that handing it over
# is not measured.
LONG_LOG = """() => {
  const lines = [];
  for (let n = 0; n < 56000; n += 1) {
    lines.push(n % 280 === 0
      ? `2026-11-21T10:02:11 10.1.20.7 CONNECT 45.83.${n / 280}.109:443 DENIED suspicious beacon interval 30s`
      : `2026-11-21T10:02:${n % 60} 10.1.${n % 250}.7 GET index page from the intranet portal number ${n} allowed`);
  }
  window.log = lines.join('\\n');
  return window.log.length;
}"""


def paste(site):
    with site.visitor("en") as page:
        site.sign_in(page, "sato-0")
        page.goto(site.base + "/report")
        assert page.evaluate(LONG_LOG) > 5_000_000
        page.locator("#text").focus()
        # The longest time in which the page did nothing else.
        page.evaluate(
            """() => { window.worst = 0; let last = performance.now();
            const step = () => { const now = performance.now(); window.worst = Math.max(window.worst, now - last);
            last = now; setTimeout(step, 0); }; step(); }""")
        requests = []
        page.on("request", lambda r: requests.append(r.url) if "/report/panel" in r.url else None)
        began = time.time()
        page.evaluate(
            """() => { const data = new DataTransfer(); data.setData('text/plain', window.log);
            const field = document.getElementById('text');
            if (field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))) {
              field.setRangeText(window.log); field.dispatchEvent(new InputEvent('input', { bubbles: true })); } }""")
        until(page, "document.querySelectorAll('#panel .goes').length > 0", 60)
        took = time.time() - began
        worst = page.evaluate("window.worst")
        page.evaluate("window.worst = 0")
        before = len(requests)
        keys = time.time()
        page.locator("#text").press("Control+End")
        page.keyboard.type("abcdefghij")
        typing = time.time() - keys
        held = page.evaluate("window.worst")
        page.wait_for_timeout(1000)
        sent = len(requests) - before
        page.locator("#attached li", has_text="pasted text 1").wait_for()
        print(f"5 MB paste: panel after {took:.2f} s, page held {worst:.0f} ms; "
              f"10 keys {typing:.2f} s, held {held:.0f} ms, {sent} requests", flush=True)
        assert sent <= 2, sent
        # Unoptimised, on a machine that does other things: what is held is the copy of the paste.
        assert worst < 1500 and held < 500 and typing < 2, (worst, held, typing)
        # What is shown is bounded, whatever was pasted.
        assert page.locator("#panel li").count() < 200
        site.look(page, "long-paste-en-wide")
        saved(page)
        page.locator("button.primary").click()
        page.wait_for_url("**/reports/r-*", timeout=60_000)


def large_file(site):
    with tempfile.NamedTemporaryFile(suffix=".img") as file:
        file.truncate(200 * 1024 * 1024)
        with site.visitor("ja", harness.PHONE) as page:
            site.sign_in(page, "sato-1")
            page.goto(site.base + "/report")
            posted = []
            page.on("request", lambda r: posted.append(r.url) if "/report/files" in r.url else None)
            page.locator("#files").set_input_files(file.name)
            row = page.locator("#uploads li")
            row.wait_for()
            assert "16 MiB" in row.inner_text(), row.inner_text()
            assert posted == [], "a file that is refused was sent"
            page.locator("#text").fill("45.83.22.109")
            goes(page, 1)
            page.locator("button.primary").click()
            page.locator("#notice-upload").wait_for()
            site.look(page, "large-file-ja-phone")
            row.locator(".cancel").click()
            assert page.locator("#uploads li").count() == 0
            # Dropped beside the field: the page stays, the file is taken.
            page.evaluate(
                """() => { const data = new DataTransfer();
                data.items.add(new File(['45.83.22.120'], 'dropped.txt', { type: 'text/plain' }));
                for (const type of ['dragover', 'drop'])
                  document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true })); }""")
            page.locator("#attached li", has_text="dropped.txt").wait_for()
            goes(page, 2)
            site.look(page, "dropped-file-ja-phone")
            page.locator("#attached button").click()
            goes(page, 1)


def double_click(site):
    with site.visitor("en") as page:
        site.sign_in(page, "sato-2")
        page.goto(site.base + "/report")
        page.locator("#text").fill("45.83.22.115")
        page.locator("button.primary").dblclick()
        page.wait_for_url("**/reports/r-*")
    # Without script nothing stops the second press but the hub.
    with site.visitor("en", script=False) as page:
        site.sign_in(page, "sato-3")
        page.goto(site.base + "/report")
        page.locator("#text").fill("45.83.22.116")
        page.locator("button.primary").dblclick()
        page.wait_for_url("**/reports/r-*")


def lost_connection(site):
    with site.visitor("en") as page:
        site.sign_in(page, "sato-4")
        page.goto(site.base + "/report")
        page.locator("#text").fill("before")
        saved(page)
        page.context.set_offline(True)
        page.locator("#text").fill("typed without a connection 45.83.22.117")
        page.locator("#files").set_input_files(
            {"name": "a.txt", "mimeType": "text/plain", "buffer": b"45.83.22.118"})
        page.locator("#notice-offline").wait_for()
        page.locator("button.primary").click()
        page.wait_for_timeout(2500)
        assert page.url.startswith(site.base + "/report"), "the page went away"
        assert shown(page, "offline")
        assert page.locator("#text").input_value().startswith("typed without")
        page.context.set_offline(False)
        # It was to be sent: it goes by itself, once, with its file.
        page.wait_for_url("**/reports/r-*", timeout=60_000)
        assert "45.83.22.117" in page.content() and "45.83.22.118" in page.content()


def check(site):
    double_click(site)
    lost_connection(site)
    large_file(site)
    paste(site)


harness.run(check)
