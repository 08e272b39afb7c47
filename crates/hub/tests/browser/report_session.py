"""A session that ends in mid-report: nothing typed is lost, with script and without."""

import harness
from report_steps import goes, saved, shown, until

TEXT = "typed while the session ended: 45.83.22.109"


def sign_in_beside(site, page, who):
    """In another tab of the same browser."""
    tab = page.context.new_page()
    tab.goto(site.base + site.told["links"][who])
    tab.locator("main form button").first.click()
    tab.wait_for_load_state()
    tab.close()


def with_script(site):
    with site.visitor("en") as page:
        site.sign_in(page, "sato-0")
        page.goto(site.base + "/report")
        page.locator("#text").fill("first")
        saved(page)
        page.context.clear_cookies()
        page.locator("#text").fill(TEXT)
        page.locator("#notice-signed-out").wait_for()
        site.look(page, "session-ended-en-wide")
        # Sending now sends nothing and loses nothing.
        page.locator("button.primary").click()
        page.wait_for_timeout(500)
        assert page.url.startswith(site.base + "/report?draft=") and page.locator("#text").input_value() == TEXT
        sign_in_beside(site, page, "sato-1")
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        page.locator("#notice-signed-out").wait_for(state="hidden")
        goes(page, 1)
        page.locator("button.primary").click()
        page.wait_for_url("**/reports/r-*")
        assert "45.83.22.109" in page.content()


def somebody_else(site):
    with site.visitor("ja", harness.PHONE) as page:
        site.sign_in(page, "sato-2")
        page.goto(site.base + "/report")
        page.locator("#text").fill("佐藤が入力したもの")
        saved(page)
        page.context.clear_cookies()
        page.locator("#text").fill("佐藤が入力したもの 45.83.22.112")
        page.locator("#notice-signed-out").wait_for()
        sign_in_beside(site, page, "other")
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        # It is not sent in the other one's name unseen.
        page.locator("#notice-server [data-notice]").wait_for()
        site.look(page, "session-other-person-ja-phone")
        page.locator("button.primary").click()
        page.wait_for_timeout(500)
        assert page.url.startswith(site.base + "/report?draft=") and page.locator("[data-take]").is_visible()
        # Only knowingly: the form is shown anew, and says so.
        page.locator("[data-take]").click()
        page.locator("main [role=alert]").first.wait_for()
        assert page.locator("#text").input_value() == "佐藤が入力したもの 45.83.22.112"
        assert "共有 1 件" in page.locator(".others-bar").inner_text()
        site.look(page, "session-taken-over-ja-phone")


def without_script(site):
    for language, size, name in (("en", harness.DESKTOP, "en-wide"), ("ja", harness.PHONE, "ja-phone")):
        with site.visitor(language, size, script=False) as page:
            site.sign_in(page, "sato-3" if language == "en" else "sato-4")
            page.goto(site.base + "/report")
            page.get_by_role("radio").nth(3).check()
            page.locator("#text").fill(TEXT + " without script")
            page.locator("#files").set_input_files(
                {"name": "a.txt", "mimeType": "text/plain", "buffer": b"45.83.22.113"})
            page.context.clear_cookies()
            page.locator("button.primary").click()
            assert page.locator("h1").is_visible() and page.locator("#text").input_value() == TEXT + " without script"
            assert page.locator("main a[target=_blank]").is_visible()
            page.screenshot(path=f"{site.pictures}/session-kept-{name}.png", full_page=True) if site.pictures else None
            # Pressed too early: still nobody, still nothing lost.
            page.locator("button[value=go-on]").click()
            assert page.locator("#text").input_value() == TEXT + " without script"
            if language == "ja":
                continue
            sign_in_beside(site, page, "sato-5")
            page.locator("button[value=go-on]").click()
            assert page.locator("button.primary").is_visible(), page.content()
            assert page.get_by_role("radio").nth(3).is_checked()
            assert page.locator("#text").input_value() == TEXT + " without script"
            assert "a.txt" in page.locator(".kept").inner_text()
            page.locator("button.primary").click()
            assert "/reports/r-" in page.url, page.url
            assert "45.83.22.113" in page.content()


def kept_page(site):
    """The page without script is looked at with script, for axe needs some."""
    with site.visitor("en") as page:
        page.goto(site.base + "/home")
        page.set_content(
            f"<form method=post action='{site.base}/report' enctype=multipart/form-data>"
            "<input name=text value=45.83.22.114><button>go</button></form>")
        page.locator("button").click()
        page.wait_for_load_state()
        site.look(page, "session-kept-page-en-wide")


def check(site):
    with_script(site)
    somebody_else(site)
    without_script(site)
    kept_page(site)


harness.run(check)
