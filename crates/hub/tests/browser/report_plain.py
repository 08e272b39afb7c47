"""The form without any script: checking, keeping a draft, files, what is too large, sending twice."""

import tempfile
import time

import harness

KAKU = "mx.kaku-heavy.co.jp and 45.83.22.109"


def check(site):
    with site.visitor("ja", harness.PHONE, script=False) as page:
        site.sign_in(page, "sato-0")
        page.goto(site.base + "/report")
        assert not page.locator("#now").is_visible()
        page.get_by_role("radio").nth(0).check()
        page.locator("#text").fill(KAKU)
        page.locator("#files").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"45.83.22.111"})
        page.locator("button[value=check].unscripted").click()
        panel = page.locator("#panel")
        assert panel.locator(".goes").count() == 2 and panel.locator("del").count() == 1, panel.inner_text()
        assert page.locator("#text").input_value() == KAKU
        assert "a.txt" in page.locator(".kept").inner_text()

        # Kept as a draft, with its file; then a file that is far too large.
        page.locator("button[value=save]").click()
        assert "draft=" in page.url, page.url
        assert page.locator("#text").input_value() == KAKU
        assert "a.txt" in page.locator("#attached").inner_text()
        with tempfile.TemporaryDirectory() as folder:
            with open(f"{folder}/disk.img", "wb") as file:
                file.truncate(200 * 1024 * 1024)
            page.locator("#files").set_input_files(f"{folder}/disk.img")
            page.locator("#text").fill(KAKU + " typed before the large file")
            began = time.time()
            page.locator("button.primary").click()
            print(f"200 MB without script: answered after {time.time() - began:.1f} s", flush=True)
        assert page.locator("[role=alert]").first.is_visible()
        assert page.locator("#text").input_value() == KAKU + " typed before the large file"
        assert "disk.img" in page.locator(".drop").inner_text()
        assert page.get_by_role("radio").nth(0).is_checked()
        assert "a.txt" in page.locator("#attached").inner_text()

        # The file is taken out again by its own button, and put in by saving.
        page.locator("#attached button").click()
        assert page.locator("#attached li").count() == 0
        assert page.locator("#text").input_value() == KAKU + " typed before the large file"

        page.locator("button.primary").click()
        assert "/reports/r-" in page.url, page.url
        sent = page.url
        # Back to a draft that is none any more: the report it became.
        page.go_back()
        assert page.url == sent, page.url


harness.run(check)
