"""The desk: reviewed and released by keyboard alone, two analysts on one report, without script, and
every page of it in both languages, wide and narrow."""

import re

import harness


def focused(page):
    return page.evaluate("document.activeElement?.closest('[data-row]')?.innerText ?? document.activeElement?.innerText ?? ''")


def by_keyboard(site):
    """From the queue to the words that another member reads, without a mouse."""
    with site.visitor() as page:
        site.sign_in(page, "desk-keys")
        page.goto(site.base + "/desk")
        # Keys move the focus, which shows.
        page.keyboard.press("j")
        assert "ransomware" in focused(page).lower() or "Kaku" in focused(page), focused(page)
        first = focused(page)
        page.keyboard.press("ArrowDown")
        assert focused(page) != first, "the arrow did not move"
        page.keyboard.press("k")
        assert focused(page) == first, "k did not go back"
        site.look(page, "desk-queue-chosen")
        # The help lists the keys, and Escape leaves it.
        page.keyboard.press("?")
        assert page.locator("#keys-help[data-over]").is_visible()
        site.look(page, "desk-queue-help")
        page.keyboard.press("Escape")
        assert page.locator("#keys-help[data-over]").count() == 0
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.name") == "urgency", "the filter has the focus"
        # Letters typed into a field are letters.
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("j")
        # A kept-back value is released from the queue.
        page.goto(site.base + "/desk?show=value")
        page.keyboard.press("j")
        assert "kaku-electric-vpn" in focused(page), focused(page)
        with page.expect_navigation():
            page.keyboard.press("a")
        assert page.locator("[data-row]").count() == 0, "the value is still there"
        # The report: open, ask, approve.
        page.goto(site.base + "/desk?show=context")
        page.keyboard.press("j")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "/desk/reports/" in page.url
        page.keyboard.press("q")
        assert page.evaluate("document.activeElement.name") == "form", "the first question has the focus"
        page.keyboard.press("Space")
        with page.expect_navigation():
            page.locator("section[aria-labelledby=questions] form button").last.focus()
            page.keyboard.press("Enter")
        assert page.get_by_text("not answered").or_(page.locator("section[aria-labelledby=questions] article")).first.is_visible()
        words = page.locator("section[aria-labelledby=context] .words [lang=en]").inner_text()
        assert "reported" in words, words
        page.locator("h1").click()
        with page.expect_navigation():
            page.keyboard.press("a")
        assert "has approved" in page.locator("section[aria-labelledby=context]").inner_text()
        page.keyboard.press("t")
        page.wait_for_load_state()
        page.wait_for_selector("text=you have it")
        with page.expect_navigation():
            page.keyboard.press("u")
        assert page.url.endswith("/desk")
        page.goto(site.base + "/desk?show=mine")
        assert page.locator("[data-row]").count() > 0
        report = page.locator("[data-open]").first.get_attribute("href").split("#")[0]
        # Switched off, keys do nothing, also on the next page.
        page.locator("#keys-help summary").click()
        page.get_by_role("button", name="Switch single keys off").click()
        page.wait_for_load_state()
        page.keyboard.press("j")
        assert page.locator("[data-row].here").count() == 0, "keys are off"
        return words, report


def reporter_agrees(site, report):
    with site.visitor() as page:
        site.sign_in(page, "member")
        page.goto(site.base + report.replace("/desk", ""))
        page.get_by_role("button", name="Yes, share these words").click()
        page.wait_for_load_state()
        assert "Approved by both" in page.content()


def two_analysts(site, report):
    """Both have the page open; one decides, the other is told and goes on."""
    with site.visitor() as one, site.visitor() as two:
        site.sign_in(one, "desk-one")
        site.sign_in(two, "desk-two")
        one.goto(site.base + report)
        two.goto(site.base + report)
        assert "Looking at this report now" in two.content()
        for page, note in ((one, "vendor answers tomorrow"), (two, "ask Sato first")):
            page.get_by_text("Put aside", exact=True).first.click()
            page.locator("#hold-note").fill(note)
        one.locator("form[action$='/act/hold'] button").click()
        one.wait_for_load_state()
        assert "vendor answers tomorrow" in one.content()
        two.locator("form[action$='/act/hold'] button").click()
        two.wait_for_load_state()
        text = two.locator("main").inner_text()
        assert "A colleague was first" in text and "ask Sato first" in text, text
        site.look(two, "desk-conflict")
        two.get_by_role("button", name="Do it all the same").click()
        two.wait_for_load_state()
        assert "ask Sato first" in two.content()
        # The open page of the first hears of the second by itself.
        one.goto(site.base + report)
        one.wait_for_selector("text=Looking at this report now")


def session_ends(site, report):
    """A form sent after the session ended says what to do."""
    with site.visitor() as page:
        site.sign_in(page, "desk-three")
        page.goto(site.base + report)
        page.context.clear_cookies()
        page.locator("form[action*='/act/'] button").first.click()
        page.wait_for_load_state()
        assert "sign" in page.locator("main").inner_text().lower()


def without_script(site, report):
    with site.visitor(script=False) as page:
        page.goto(site.base + site.told["links"]["desk-plain"])
        page.locator("main form button").first.click()
        page.goto(site.base + "/desk?show=report")
        before = page.locator("[data-row]").count()
        page.get_by_role("button", name="Mark as read").first.click()
        page.wait_for_load_state()
        assert page.locator("[data-row]").count() == before - 1, "one less"
        page.goto(site.base + report)
        page.locator("#compose > summary").click()
        page.get_by_role("link", name="mail that leads to a false site").click()
        page.wait_for_load_state()
        assert page.locator("#compose-attack_type").input_value() == "phishing"
        page.get_by_role("button", name="Keep this choice and see the exact words").click()
        page.wait_for_load_state()
        assert "phishing" in page.locator("section[aria-labelledby=context] .words [lang=en]").inner_text()


def marks_show_why(site, report):
    with site.visitor() as page:
        site.sign_in(page, "desk-marks")
        page.goto(site.base + report)
        mark = page.locator("article > .marked .m.victim").first
        assert not mark.locator(".tip").is_visible()
        mark.focus()
        assert mark.locator(".tip").is_visible(), "the focus shows why"
        site.look(page, "desk-report-mark")


def every_page(site, report):
    for language in ("en", "ja"):
        for width, size in (("wide", harness.DESKTOP), ("phone", harness.PHONE)):
            with site.visitor(language, size) as page:
                site.sign_in(page, f"look-{language}-{width}")
                site_path = lambda path: page.goto(site.base + path)
                for name, path in (
                    ("queue", "/desk"), ("now", "/desk/now?hours=72"),
                    ("campaigns", "/desk/campaigns"), ("mine", "/desk?show=mine"),
                    ("confirm", report + "/context/revoke"), ("report", report),
                ):
                    site_path(path)
                    site.look(page, f"desk-{name}-{language}-{width}")
                page.locator("#compose > summary").click()
                page.locator("section[aria-labelledby=questions] summary").click()
                site.look(page, f"desk-open-{language}-{width}")
                site_path(site.told["campaign"])
                site.look(page, f"desk-campaign-{language}-{width}")
                site_path(site.told["long"])
                site.look(page, f"desk-long-{language}-{width}")
                more = page.locator("a[href*='/originals/']").first
                more.click()
                page.wait_for_load_state()
                site.look(page, f"desk-original-{language}-{width}")


def check(site):
    words, report = by_keyboard(site)
    if site.told["stage"] == "agree":
        reporter_agrees(site, report)
    else:
        raise harness.Fault("no stage")
    mail = site.told["mail"]
    two_analysts(site, mail)
    session_ends(site, mail)
    without_script(site, mail)
    marks_show_why(site, mail)
    every_page(site, mail)
    # What the batch sends is told by the test, which reads it as another member.
    print("words:" + re.sub(r"\s+", " ", words))


harness.run(check)
