"""The case of 2011: a contractor reports targeted mail on the day it finds it, and is accused in
September of having kept it to itself. In a browser, in Japanese."""

import base64

import harness

# 2026-11-23, in days since 1970.
DAY = 20780


def load(page, path):
    """The bytes behind a link of the page that saves a file."""
    with page.expect_download() as waiting:
        page.locator(f"main a[download][href='{path}']").click()
    with open(waiting.value.path(), "rb") as file:
        return file.read()


def check(site):
    with site.visitor("ja") as page:
        site.sign_in(page, "contractor")
        page.goto(site.base + "/report")
        harness.report(page, happened="mail", text=site.told["mail"], words=True)
        words = page.locator("main pre").first.inner_text().split()
        assert len(words) == 12, words
        site.look(page, "accused-words-ja")
        page.locator("main a[href^='/reports/r-']").last.click()
        page.wait_for_url("**/reports/r-*")
        report = page.url.rsplit("/", 1)[1].split("?")[0]
        # The day is not over: the page says from when on there is a proof, and has none yet.
        assert page.locator("a[download][href$='/proof']").count() == 0
        assert words[0] not in page.content() or " ".join(words) not in page.content()

    site.ask({"days": 1})
    with site.visitor("ja", harness.PHONE) as page:
        site.use_link(page, site.ask({"link": "contractor"}))
        page.goto(f"{site.base}/reports/{report}")
        proof = load(page, f"/reports/{report}/proof").decode()
        content = load(page, f"/reports/{report}/sent/content")
        first = load(page, f"/reports/{report}/sent/2").decode()
        assert first.replace("\r\n", "\n") == site.told["mail"], first
        site.look(page, "accused-proof-ja-phone")
        # Every member has the head of that day, whoever is asked later.
        public = page.request.get(f"{site.base}/anonymity/days/2026-11-23").json()

    # In September the hub is not asked: the client checks with what it has.
    verdict = site.ask({"prove": {
        "proof": proof, "words": " ".join(words), "content": base64.b64encode(content).decode()}})
    assert verdict == {
        "content": True, "other_content": False, "words": True, "other_words": False,
        "day": DAY, "root": public["head"]["root"]}, verdict


harness.run(check)
