"""From a paste to what another member's tools fetch; every state of the form and of the report's page."""

import base64
import json
import time
import urllib.request

import harness
from report_steps import PASTE, goes, saved, until

def served(site, path):
    request = urllib.request.Request(site.base + path)
    request.add_header("Authorization", "Basic " + base64.b64encode(b":" + site.told["key"].encode()).decode())
    request.add_header("Accept", "application/taxii+json;version=2.1")
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


def check(site):
    n = 0
    for language in ("en", "ja"):
        for width, size in (("wide", harness.DESKTOP), ("phone", harness.PHONE)):
            with site.visitor(language, size) as page:
                site.sign_in(page, f"sato-{n}")
                n += 1
                page.goto(site.base + "/report")
                site.look(page, f"report-empty-{language}-{width}")
                # The world's clock is not the browser's.
                page.locator("#noticed").fill("2026-11-23T11:40" if language == "ja" else "2026-11-23T02:40")
                page.get_by_role("radio").nth(1).check()
                page.locator("#text").fill(PASTE)
                goes(page, 4)
                panel = page.locator("#panel")
                for removed in ("10.1.20.7", "mx.kaku-heavy.co.jp", "https://www.google.com/"):
                    assert panel.locator("del", has_text=removed).count() == 1, removed
                assert panel.locator(".why").count() >= 3, "no reasons"
                # The part that may number a victim is struck out beside what goes.
                assert panel.locator("del", has_text="uid=8f3a91c2").count() == 1
                assert "ransom" in panel.inner_text() or "ランサム" in panel.inner_text()
                assert panel.locator(".clocks li").count() > 0, panel.inner_text()
                assert page.locator("#panel-short").inner_text() in ("4 shared, 3 kept back", "共有 4 件、非共有 3 件")
                if width == "phone":
                    bar = page.locator(".others-bar")
                    assert bar.is_visible()
                    page.evaluate("scrollTo(0, 0)")
                    bar.click()
                    until(page, "document.getElementById('others').getBoundingClientRect().top < 200")
                else:
                    assert not page.locator(".others-bar").is_visible()
                saved(page)
                site.look(page, f"report-filled-{language}-{width}")
                page.locator("details.further summary").click()
                site.look(page, f"report-further-{language}-{width}")
                if language == "en" and width == "wide":
                    before = served(site, "/feeds/ipv4.txt")
                    assert "45.83.22.109" not in before
                    page.locator("button.primary").click()
                    page.wait_for_url("**/reports/r-*")
                    deadline = time.time() + 20
                    while "45.83.22.109" not in served(site, "/feeds/ipv4.txt"):
                        assert time.time() < deadline, "not served"
                        time.sleep(0.3)
                    objects = json.loads(served(
                        site, "/taxii2/noroshi/collections/signals/objects/?match[type]=indicator"))["objects"]
                    names = {o["name"] for o in objects}
                    assert {"45.83.22.109", "https://cdn-teikei.org/up/check.php", "billing@kaiun-post.net"} <= names, names
                    assert "uid" not in json.dumps(objects)
                    page.reload()
                    site.look(page, f"report-sent-{language}-{width}")
                else:
                    page.goto(site.base + "/reports")
                    site.look(page, f"reports-{language}-{width}")
                    if page.locator(".list a").count():
                        page.locator(".list a").first.click()
                        page.wait_for_url("**/reports/r-*")
                        site.look(page, f"report-sent-{language}-{width}")
                        page.locator("a.action").click()
                        page.wait_for_url("**/report?continues=*")
                        page.locator("#text").fill("hxxp://second-stage[.]org/x")
                        goes(page, 1)
                        site.look(page, f"report-continued-{language}-{width}")
                        page.locator("button.primary").click()
                        page.wait_for_url("**/reports/r-*")
                        assert page.locator(".timeline li").count() >= 2


harness.run(check)
