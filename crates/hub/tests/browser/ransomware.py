"""Ransomware at a power company in 2026, from the first alarm to the final reports, in Japanese and
in a browser: the company's officer at night, the ministry, another member, the commission."""

import harness

MEMBER = {
    "fact-jurisdictions": ["JP"], "fact-sectors": ["jp-espa/electricity", "jp-nco/electricity"],
    "fact-jp_espa_designated": "yes", "fact-jp_handles_personal_data": "yes",
    "fact-telecom_carrier": "no", "fact-mod_contract": "no",
}
INCIDENT = {
    "specified_event": "yes", "malicious": "yes", "personal_data": "yes", "data_subjects": "420",
    "personal_data_protected": "no", "personal_data_sensitive": "no",
    "service_disruption": "yes",
}


def typed(value):
    """An answer as a person types it into a box."""
    if isinstance(value, dict):
        return "\n".join(f"{k}: {v}" for k, v in value.items())
    if isinstance(value, list):
        records = any(isinstance(v, dict) for v in value)
        return ("\n\n" if records else "\n").join(typed(v) for v in value)
    return str(value)


def put(page, name, value):
    """Fills one field, whatever it is made of; true where the page has it."""
    field = page.locator(f"[name='{name}']:not([type=hidden])").first
    if field.count() == 0:
        return False
    if field.evaluate("f => f.tagName") == "SELECT":
        offered = field.locator("option").evaluate_all("all => all.map(o => o.value)")
        wanted = value if isinstance(value, list) else [str(value)]
        field.select_option([w for w in wanted if w in offered])
    elif field.get_attribute("type") == "datetime-local":
        field.fill(str(value)[:16])
    else:
        field.fill(typed(value))
    return True


def answer(site, page, answers):
    """Answers what the page asks until it asks nothing more that is known."""
    done = set()
    for _ in range(6):
        page.goto(f"{site.base}/reports/{site.report}/answers")
        for name, value in INCIDENT.items():
            put(page, f"incident-{name}", value)
        fresh = {n for n, v in answers.items() if n not in done and put(page, f"field-{n}", v)}
        page.locator("main form.report button.primary").last.click()
        page.wait_for_load_state()
        errors = page.locator("main .box.warn").all_inner_texts()
        assert not errors, errors
        done |= fresh
        if not fresh:
            return


def file(site, page, what, consent="none"):
    """Files a stage from the report's page."""
    page.goto(f"{site.base}/reports/{site.report}")
    page.select_option("#what", what)
    page.select_option("#pass_on", consent)
    page.locator("main button[name=do][value=file]").click()
    page.wait_for_load_state()
    errors = page.locator("main .box.warn").all_inner_texts()
    assert not errors, errors


def first_night(site, page):
    page.goto(site.base + "/duties")
    for name, value in MEMBER.items():
        assert put(page, name, value), name
    page.locator("main form.report button.primary").last.click()
    page.goto(site.base + "/report")
    harness.report(page, happened="encrypted", text=site.told["found"])
    page.wait_for_url("**/reports/r-*")
    site.report = page.url.rsplit("/", 1)[1].split("?")[0]
    # What others get is on its way before any form is filled.
    site.ask({"tick": True})
    answer(site, page, site.told["answers"])
    page.goto(f"{site.base}/reports/{site.report}")
    page.locator("main details summary").first.click()
    deadlines = page.locator("section", has=page.locator("#deadlines")).inner_text()
    assert "2026-11-27 23:59:59" in deadlines and "2026-12-23 23:59:59" in deadlines, deadlines
    file(site, page, "jp-acd/first", "national-office")
    site.look(page, "ransomware-filed-ja")


def check(site):
    with site.visitor("ja") as page:
        site.sign_in(page, "officer")
        first_night(site, page)
        page.goto(f"{site.base}/reports/{site.report}/answers")
        site.look(page, "ransomware-answers-ja")

    # The others are warned, and nothing they read says who it was.
    with site.visitor("ja") as page:
        site.sign_in(page, "neighbour")
        page.goto(site.base + "/")
        feed = page.locator("main").inner_text()
        assert "kazaana-c2" in feed and "電力" not in feed, feed

    # The ministry reads that something came, opens it with its own key, and asks.
    with site.visitor("ja", harness.PHONE) as page:
        site.sign_in(page, "ministry")
        page.goto(site.base + "/authority")
        site.look(page, "authority-ja-phone")
        filing = page.locator("main article h2").first.get_attribute("id")
        opened = site.ask({"open": filing})
        assert "架空電力株式会社" in opened["text"] and opened["pass_on"] == "national-office"
        assert "架空電力" not in page.content()
        article = page.locator("main article").first
        article.locator("textarea").fill("VPN機器の機種を知らせてください。")
        article.locator("button[value=ask]").click()
        page.wait_for_load_state()
        site.look(page, "authority-asked-ja-phone")

    site.ask({"days": 2})
    with site.visitor("ja", harness.PHONE) as page:
        site.use_link(page, site.ask({"link": "officer"}))
        page.goto(f"{site.base}/reports/{site.report}")
        assert "VPN機器の機種を知らせてください。" in page.locator("main").inner_text()
        site.look(page, "ransomware-asked-ja-phone")
        file(site, page, "jp-acd/first", "national-office")
        file(site, page, "jp-appi/first")

    # A month later everything is known; every clock stops, nothing was late.
    site.ask({"days": 25})
    with site.visitor("ja") as page:
        site.use_link(page, site.ask({"link": "officer"}))
        answer(site, page, site.told["final"])
        file(site, page, "jp-acd/detailed")
        file(site, page, "jp-appi/final-malicious")
        page.goto(f"{site.base}/reports/{site.report}")
        text = page.locator("main").inner_text()
        assert "期限超過" not in text, text
        site.look(page, "ransomware-done-ja")
        with page.expect_download() as waiting:
            page.locator("section", has=page.locator("#filings")).get_by_text("PDF").first.click()
        with open(waiting.value.path(), "rb") as pdf:
            assert pdf.read(5) == b"%PDF-"

    # The office has what was passed on with consent, twice, and nothing else.
    for who, expected in (("ministry", 3), ("commission", 2), ("office", 2)):
        with site.visitor("en") as page:
            site.use_link(page, site.ask({"link": who}))
            page.goto(site.base + "/authority")
            assert page.locator("main article").count() == expected, page.content()
            site.look(page, f"authority-{who}-en")


harness.run(check)
