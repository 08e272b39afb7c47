"""Pages of objects, settings for tools, the situation and the desk's services, with and without script."""

import harness


def objects(site, page, name):
    page.goto(site.base + "/?kind=url")
    page.locator("#feed td.value a").first.click()
    page.wait_for_load_state()
    assert page.locator("h1.object").inner_text().startswith("hxxps://cdn-teikei")
    site.look(page, f"object-indicator-{name}")
    page.goto(site.base + "/?kind=report")
    page.locator("#feed td.value a").first.click()
    page.wait_for_load_state()
    assert page.locator(".words > div").count() == 2
    assert page.locator(".graph svg a").count() >= 1
    site.look(page, f"object-report-{name}")
    page.locator(".related a").first.click()
    page.wait_for_load_state()
    site.look(page, f"object-technique-{name}")
    page.goto(site.base + "/objects/indicator--00000000-0000-4000-8000-000000000000")
    site.look(page, f"object-missing-{name}")


def check(site):
    for language in ("en", "ja"):
        for width, size in (("wide", harness.DESKTOP), ("phone", harness.PHONE)):
            name = f"{language}-{width}"
            with site.visitor(language, size) as page:
                site.sign_in(page, f"member-{name}")
                objects(site, page, name)
                page.goto(site.base + "/connect")
                assert page.locator("button.copy:not([hidden])").count() > 20
                site.look(page, f"connect-{name}")
                page.goto(site.base + "/situation")
                assert page.locator("figure.weeks").count() == 2
                site.look(page, f"situation-{name}")
                page.emulate_media(media="print", color_scheme="light")
                site.look(page, f"situation-print-{name}")
            with site.visitor(language, size, color_scheme="dark") as page:
                site.sign_in(page, f"desk-{name}")
                page.goto(site.base + "/desk/services?service=power")
                assert page.locator("#state").input_value() == "impaired"
                site.look(page, f"services-{name}")
                page.goto(site.base + "/situation")
                site.look(page, f"situation-dark-{name}")
    with site.visitor("ja", script=False) as page:
        site.sign_in(page, "member-plain")
        page.goto(site.base + "/")
        page.fill("#q", "電力")
        page.select_option("#kind", "report")
        page.locator(".filter button.primary").click()
        page.wait_for_load_state()
        assert "kind=report" in page.url and page.locator("#feed tr").count() == 11
        assert page.locator("button.copy").first.is_hidden() if page.locator("button.copy").count() else True
        page.locator("#feed td.value a").first.click()
        page.wait_for_load_state()
        assert page.locator(".words > div").count() == 2
        page.goto(site.base + "/situation")
        assert page.locator("svg rect.bar").count() > 3
    with site.visitor("en") as page:
        page.goto(site.base + "/objects/indicator--00000000-0000-4000-8000-000000000000")
        assert "Sign in" in page.locator("h1").inner_text()
        site.look(page, "object-closed")


harness.run(check)
