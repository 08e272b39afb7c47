"""A draft is saved as one types, goes on in another browser, and is nobody else's."""

import re

import harness
from report_steps import goes, saved, until


def check(site):
    with site.visitor("en") as first:
        site.sign_in(first, "sato-0")
        first.goto(site.base + "/report")
        first.get_by_role("radio").nth(2).check()
        first.locator("#text").fill("somebody got in from 45.83.22.109, draft-of-sato")
        first.locator("#files").set_input_files(
            {"name": "proxy 一覧.txt", "mimeType": "text/plain", "buffer": b"GET http://kaiun-post.net/x\n"})
        first.locator("#attached li").wait_for()
        goes(first, 2)
        saved(first)
        assert first.locator("#files").evaluate("f => f.files.length") == 0
        site.look(first, "draft-saved-en-wide")
        # Loading it again, or in another language, loses nothing.
        first.reload()
        assert first.locator("#text").input_value().endswith("draft-of-sato")
        first.locator(".languages a").click()
        first.wait_for_load_state()
        assert first.locator("html").get_attribute("lang") == "ja"
        assert first.locator("#text").input_value().endswith("draft-of-sato")
        first.locator(".languages a").click()
        first.wait_for_load_state()

        with site.visitor("ja", harness.PHONE) as second:
            site.sign_in(second, "sato-1")
            second.goto(site.base + "/report")
            site.look(second, "draft-offered-ja-phone")
            second.goto(site.base + "/reports")
            assert "draft-of-sato" in second.locator(".drafts").inner_text()
            site.look(second, "drafts-ja-phone")
            second.locator(".drafts a").first.click()
            second.wait_for_url("**/report?draft=*")
            assert second.locator("#text").input_value().endswith("draft-of-sato")
            assert second.get_by_role("radio").nth(2).is_checked()
            assert "proxy 一覧.txt" in second.locator("#attached").inner_text()
            # The panel is there before anybody types.
            assert second.locator("#panel .goes").count() == 2
            second.locator("#text").fill("somebody got in from 45.83.22.109 and 45.83.22.110, draft-of-sato")
            goes(second, 3)
            saved(second)

            # The first window knows less by now, and says so before it writes over it.
            first.locator("#text").press("End")
            first.locator("#text").type(" once more")
            first.locator("#notice-server [data-keep]").wait_for()
            site.look(first, "draft-elsewhere-en-wide")
            kept = first.locator("#text").input_value()
            first.locator("#notice-server a").click()
            until(first, "document.getElementById('text').value.includes('45.83.22.110')")
            assert "once more" in kept

            # Nobody else has it: not a colleague, not another member.
            draft = re.search(r"draft=([^&]+)", first.url).group(1)
            for who in ("colleague", "other"):
                with site.visitor("en") as stranger:
                    site.sign_in(stranger, who)
                    answer = stranger.goto(f"{site.base}/report?draft={draft}")
                    assert answer.status == 404, answer.status
                    for path in ("/report", "/reports"):
                        stranger.goto(site.base + path)
                        assert "draft-of-sato" not in stranger.content()
                        assert stranger.locator(".drafts").count() == 0

            # Sent from the phone; the other window cannot save it again.
            second.locator("button.primary").click()
            second.wait_for_url("**/reports/r-*")
            second.goto(site.base + "/reports")
            assert second.locator(".drafts").count() == 0
            first.locator("#text").fill("too late")
            first.locator("#notice-server a").wait_for()
            assert "/reports/r-" in first.locator("#notice-server a").get_attribute("href")
            first.goto(site.base + "/reports")
            assert first.locator(".drafts").count() == 0

            # A draft is deleted by hand.
            second.goto(site.base + "/report")
            second.locator("#text").fill("another one")
            saved(second)
            second.goto(site.base + "/reports")
            second.locator(".drafts button").click()
            until(second, "document.querySelectorAll('.drafts').length == 0")

            # An empty form that is sent says so, and leaves no draft behind.
            second.goto(site.base + "/report")
            second.locator("button.primary").click()
            second.locator("main p[role=alert]").first.wait_for()
            second.goto(site.base + "/reports")
            assert second.locator(".drafts").count() == 0


harness.run(check)
