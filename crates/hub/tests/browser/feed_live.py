"""The live feed: search in both languages, filters, what comes in meanwhile, copying, downloads."""

import harness


def new_arrivals(site, page):
    """What is new waits for the button and moves nothing."""
    page.goto(site.base + "/?kind=ipv4")
    page.wait_for_selector("#live.on")
    first = page.locator("#feed tr").first.inner_text()
    page.wait_for_selector("#fresh:not([hidden])", timeout=20_000)
    assert page.locator("#feed tr").first.inner_text() == first, "the list moved by itself"
    page.locator("#fresh").click()
    top = page.locator("#feed tr").first.inner_text()
    assert "185[.]220[.]101" in top, top
    assert "kurokumo" not in page.locator("#feed").inner_text(), "the filter holds for what comes"
    assert page.locator("#fresh").is_hidden() or "185" in top
    hrefs = page.locator("#feed td.value a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert len(hrefs) == len(set(hrefs)), "an object stands there twice"


def lost_connection(site, page):
    """A break is shown, and what came meanwhile is not lost."""
    page.route("**/stream?*", lambda route: route.abort())
    page.goto(site.base + "/?q=kurokumo")
    known = set(page.locator("#feed td.value a").all_inner_texts())
    page.wait_for_selector("#live.off")
    # Two ticks pass unseen.
    page.wait_for_timeout(4_000)
    page.unroute("**/stream?*")
    page.wait_for_selector("#live.on", timeout=20_000)
    page.wait_for_selector("#fresh:not([hidden])", timeout=20_000)
    page.locator("#fresh").click()
    seen = set(page.locator("#feed td.value a").all_inner_texts())
    assert known < seen, (known, seen)
    numbers = sorted(int(text.split("[.]")[0].removeprefix("live-")) for text in seen)
    assert numbers == list(range(numbers[0], numbers[-1] + 1)), f"lost between: {numbers}"


def search(site, page, language):
    def ask(words):
        page.goto(site.base + "/")
        page.fill("#q", words)
        page.press("#q", "Enter")
        page.wait_for_load_state()
        return page.locator("#feed tr").count()

    assert ask("電力") == 11, "two characters of Japanese"
    name = page.locator("#feed td.value a").first.inner_text()
    assert ("電力" in name) == (language == "ja"), name
    assert ask("n-post[.]n") == 1, "the middle of a host, defanged"
    assert ask("hxxps://cdn-teikei[.]org") == 1
    assert ask("ransomware kaku") == 14
    assert ask("no such thing at all") == 0
    site.look(page, f"feed-nothing-{language}")


def downloads(site, page):
    page.goto(site.base + "/?q=45.83.1")
    count = page.locator("#feed tr").count()
    for text, name in (("plain list", "noroshi-indicators.txt"), ("CSV", "noroshi-indicators.csv"), ("STIX bundle", "noroshi-bundle.json")):
        with page.expect_download() as loading:
            page.get_by_role("link", name=text).click()
        loaded = loading.value
        assert loaded.suggested_filename == name, loaded.suggested_filename
        body = open(loaded.path()).read()
        assert body.count("45.83.1") >= count > 5, (name, count)


def check(site):
    for language in ("en", "ja"):
        for width, size in (("wide", harness.DESKTOP), ("phone", harness.PHONE)):
            with site.visitor(language, size) as page:
                site.sign_in(page, f"member-{language}-{width}")
                page.goto(site.base + "/")
                page.wait_for_selector("#live.on")
                site.look(page, f"feed-{language}-{width}")
                page.goto(site.base + "/?kind=ipv4&state=current&tlp=green&since=2026-11-01")
                site.look(page, f"feed-filtered-{language}-{width}")
                if width == "wide":
                    search(site, page, language)
                if (language, width) == ("en", "wide"):
                    new_arrivals(site, page)
                    site.look(page, "feed-live")
                    downloads(site, page)
                    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
                    page.goto(site.base + "/?q=kaiun-post")
                    page.locator("button.copy").first.click()
                    page.wait_for_selector("button.copy.done")
                    assert page.evaluate("navigator.clipboard.readText()") == "billing@kaiun-post.net"
                    lost_connection(site, page)
    link = site.told["links"]["member-en-wide"]
    assert link


harness.run(check)
