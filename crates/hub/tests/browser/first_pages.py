"""Every page a role can go to from its navigation, in both languages, wide, narrow and zoomed, with the
mouse put away."""

import harness

WIDE, PHONE, ZOOMED = ("wide", harness.DESKTOP), ("phone", harness.PHONE), ("zoomed", harness.ZOOMED)
SIZES = {"en": (WIDE, PHONE), "ja": (WIDE, PHONE, ZOOMED)}


def check(site):
    for language in ("en", "ja"):
        with site.visitor(language) as page:
            for path in ("/", "/home"):
                page.goto(site.base + path)
                site.look(page, f"visitor{path.replace('/', '-')}-{language}")
    for role in site.told["roles"]:
        for language in ("en", "ja"):
            for width, size in SIZES[language]:
                with site.visitor(language, size) as page:
                    site.sign_in(page, f"{role}-{language}-{width}")
                    links = page.locator("header nav").first.locator("a").evaluate_all(
                        "all => all.map(a => a.getAttribute('href'))")
                    assert links, "no navigation"
                    for path in links:
                        page.goto(site.base + path)
                        name = f"{role}{path.replace('/', '-')}-{language}-{width}"
                        site.look(page, name)
                        if width == "wide":
                            site.tab_through(page, name)


harness.run(check)
