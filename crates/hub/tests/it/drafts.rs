//! Drafts of reports: kept for one account, seen by nobody else, gone when they should be.

use axum::body::{Body, Bytes};
use axum::http::Method;
use futures::future::join_all;
use futures::stream;
use noroshi_hub::access::Role;
use noroshi_hub::admin;

use crate::place::Place;
use crate::world::{Actor, Answer, DAY, Member, SECOND, World};

crate::on_both_engines![
    a_draft_is_one_accounts_and_ends_with_its_report,
    revisions_follow_each_other,
    a_draft_is_forgotten_after_fourteen_days,
    a_draft_is_as_large_as_a_report_may_be,
    pressed_twenty_times_at_once_it_is_filed_once,
    what_is_kept_while_it_is_sent_is_not_lost,
    nothing_typed_is_no_draft,
    sent_again_after_the_answer_was_lost,
    a_file_that_went_away_is_told,
    two_hundred_megabytes_lose_no_word,
];

/// The fields of a form, and a token.
fn form(who: &Actor, key: &str, more: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut body = String::new();
    let own = [("_csrf", "", who.header("x-csrf-token")), ("idempotency", "", key)];
    for (name, file, value) in own.iter().chain(more) {
        let file = match *file {
            "" => String::new(),
            file => format!("; filename=\"{file}\"\r\nContent-Type: text/plain"),
        };
        body += &format!(
            "--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n"
        );
    }
    body += "--b--\r\n";
    body.into_bytes()
}

const FORM: [(&str, &str); 1] = [("content-type", "multipart/form-data; boundary=b")];

pub(crate) async fn post(
    who: &Actor,
    path: &str,
    key: &str,
    more: &[(&str, &str, &str)],
) -> Answer {
    who.send(Method::POST, path, &FORM, Body::from(form(who, key, more))).await
}

async fn save(who: &Actor, key: &str, text: &str, revision: &str) -> Answer {
    post(who, "/report/draft", key, &[("text", "", text), ("revision", "", revision)]).await
}

/// How the form names the first file of a list.
fn attached(list: &str) -> String {
    let value = list.split("name=\"attached\" value=\"").nth(1).unwrap();
    value.split('"').next().unwrap().to_owned()
}

/// Keeps a draft with one file.
pub(crate) async fn keep(who: &Actor, key: &str, text: &str, file: (&str, &str)) {
    assert_eq!(save(who, key, text, "0").await.status, 200);
    let added = post(who, "/report/files", key, &[("files", file.0, file.1)]).await;
    assert_eq!(added.status, 200, "{}", added.text());
}

async fn count(w: &World, table: &str) -> i64 {
    w.rows().await.into_iter().find(|(t, _)| *t == table).unwrap().1
}

async fn people(w: &World) -> (Member, Actor, Actor) {
    let member = w.member("Aozora").await;
    let own = w.person(Role::Member, Some(&member.id)).await;
    let colleague = w.person(Role::Member, Some(&member.id)).await;
    (member, own, colleague)
}

async fn a_draft_is_one_accounts_and_ends_with_its_report(place: &Place) {
    let w = World::new(place).await;
    let (member, own, colleague) = people(&w).await;
    let other = w.member("Bashouan").await;
    let other = w.person(Role::Member, Some(&other.id)).await;
    let before = (count(&w, "audit").await, w.tick().await.released);
    assert_eq!(save(&own, "d1", "draft-words 45.77.9.1", "0").await.status, 200);
    let added = post(&own, "/report/files", "d1", &[("files", "一覧.txt", "45.77.9.2")]).await;
    assert!(added.text().contains("一覧.txt"), "{}", added.text());
    let attached = attached(&added.text());
    let page = own.get("/report?draft=d1").await.text();
    assert!(page.contains("draft-words 45.77.9.1") && page.contains("一覧.txt"), "{page}");
    assert!(own.get("/reports").await.text().contains("draft-words"));
    // Nobody else: by its name, in a list, in the trail, or by a tick.
    for stranger in [&colleague, &other, &member.actor] {
        assert_eq!(stranger.get("/report?draft=d1").await.status, 404);
        for path in ["/report", "/reports"] {
            assert!(!stranger.get(path).await.text().contains("draft-words"), "{path}");
        }
    }
    w.clock.advance(60 * SECOND);
    assert_eq!((count(&w, "audit").await, w.tick().await.released), before);
    for role in [Role::Desk, Role::Operator] {
        let who = w.person(role, None).await;
        let path = if role == Role::Desk { "/desk" } else { "/operator" };
        assert!(!who.get(path).await.text().contains("draft-words"));
        assert_eq!(who.get("/report?draft=d1").await.status, 404);
    }
    // The same name is another draft in another account.
    assert_eq!(save(&colleague, "d1", "of the colleague", "0").await.status, 200);
    let delete = format!("_csrf={}", colleague.header("x-csrf-token"));
    let form = "application/x-www-form-urlencoded";
    assert_eq!(colleague.post("/report/drafts/d1/delete", form, delete).await.status, 303);
    assert!(own.get("/report?draft=d1").await.text().contains("draft-words"));
    // Forged, it is neither saved nor deleted.
    let forged = own.post("/report/drafts/d1/delete", form, "_csrf=x").await;
    assert_eq!(forged.status, 403);
    let bare = [("text", "", "forged"), ("_csrf", "", "wrong")];
    assert_eq!(post(&own, "/report/draft", "d1", &bare).await.status, 403);
    // Sent, it is a report with its file, and a draft no more.
    let sent = post(
        &own,
        "/report",
        "d1",
        &[
            ("text", "", "draft-words 45.77.9.1"),
            ("revision", "", "1"),
            ("attached", "", &attached),
            ("do", "", "send"),
        ],
    )
    .await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let place = sent.headers.get("location").unwrap().to_str().unwrap().to_owned();
    let page = own.get(&place).await.text();
    assert!(page.contains("45.77.9.1") && page.contains("45.77.9.2"), "{page}");
    assert_eq!(count(&w, "report_draft").await, 0);
    assert_eq!(count(&w, "report_draft_file").await, 0);
    let again = own.get("/report?draft=d1").await;
    assert_eq!(again.headers.get("location").unwrap(), place.as_str());
    // What a page saves that did not hear of it makes no draft of it again.
    let late = save(&own, "d1", "too late", "1").await;
    assert!(late.status == 409 && late.text().contains(&place), "{}", late.text());
    let late = post(&own, "/report/files", "d1", &[("files", "b.txt", "x")]).await;
    assert_eq!((late.status.as_u16(), count(&w, "report_draft").await), (409, 0));
}

async fn revisions_follow_each_other(place: &Place) {
    let w = World::new(place).await;
    let (_, own, _) = people(&w).await;
    assert!(save(&own, "d", "one", "0").await.text().contains("value=\"1\""));
    assert!(save(&own, "d", "two", "1").await.text().contains("value=\"2\""));
    let stale = save(&own, "d", "from another window", "1").await;
    assert!(stale.status == 409 && stale.text().contains("data-keep=\"2\""), "{}", stale.text());
    assert!(own.get("/report?draft=d").await.text().contains("two"));
    // Nor is it sent over what the other window wrote.
    let send =
        |revision| [("text", "", "45.77.9.1"), ("revision", "", revision), ("do", "", "send")];
    let stale = post(&own, "/report", "d", &send("1")).await;
    assert!(stale.status == 409 && stale.text().contains("45.77.9.1"), "{}", stale.text());
    assert!(stale.text().contains("name=\"revision\" id=\"form-revision\" value=\"2\""));
    assert_eq!(post(&own, "/report", "d", &send("2")).await.status, 303);
}

async fn a_draft_is_forgotten_after_fourteen_days(place: &Place) {
    let w = World::new(place).await;
    let (_, own, _) = people(&w).await;
    let days = |n: i64| n * DAY - SECOND;
    save(&own, "old", "old words", "0").await;
    post(&own, "/report/files", "old", &[("files", "a.txt", "x")]).await;
    w.later(days(13)).await;
    let own = again(&w, &own).await;
    save(&own, "young", "young words", "0").await;
    assert!(own.get("/reports").await.text().contains("old words"));
    w.clock.advance(2 * DAY);
    let own = again(&w, &own).await;
    // Unseen at once, and gone with the next tick.
    assert_eq!(own.get("/report?draft=old").await.status, 404);
    assert!(!own.get("/reports").await.text().contains("old words"));
    w.tick().await;
    assert_eq!((count(&w, "report_draft").await, count(&w, "report_draft_file").await), (1, 0));
    assert!(own.get("/report?draft=young").await.text().contains("young words"));
}

/// The same person, signed in anew.
async fn again(w: &World, who: &Actor) -> Actor {
    let cookie = who.header("cookie").trim_start_matches("noroshi=").to_owned();
    let digest = noroshi_seal::Token::parse(&cookie).unwrap().digest();
    let find = move |tx: &mut noroshi_store::Tx<'_>| {
        const SQL: &str = "SELECT account FROM session WHERE digest = $1";
        tx.query_one(SQL, &[digest.as_slice().into()], |r| r.text(0))
    };
    let account = w.hub.vault().read("test.account", find).await.unwrap().unwrap();
    let link = admin::sign_in_link(&w.hub, &account).await.unwrap();
    let token = noroshi_seal::Token::parse(link.rsplit('/').next().unwrap()).unwrap();
    let session = noroshi_hub::access::use_link(&w.hub, &token).await.unwrap().unwrap();
    w.actor(vec![
        ("cookie", format!("noroshi={}", session.token.expose().as_str())),
        ("x-csrf-token", session.csrf),
    ])
}

async fn a_draft_is_as_large_as_a_report_may_be(place: &Place) {
    let w = World::with(place, |c| c.limits.report_bytes = 64 * 1024).await;
    let (_, own, _) = people(&w).await;
    let half = "x".repeat(40 * 1024);
    let add = |name| [("files", name, half.as_str())];
    assert_eq!(post(&own, "/report/files", "d", &add("a")).await.status, 200);
    let second = post(&own, "/report/files", "d", &add("b")).await;
    assert!(second.status == 413 && second.text().contains("data-notice"), "{}", second.text());
    assert_eq!(count(&w, "report_draft_file").await, 1);
    assert_eq!(save(&own, "d", &half, "0").await.status, 413);
    // Taken out, there is room.
    let list = post(&own, "/report/files", "d", &[("files", "small", "1")]).await.text();
    let first = list.split("data-remove=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let left = post(&own, &format!("/report/files/{first}/remove"), "d", &[]).await.text();
    assert!(left.contains("small") && !left.contains("data-remove=\"{first}\""), "{left}");
    assert_eq!(save(&own, "d", &half, "0").await.status, 200);
    // Ten drafts, fifty files, names that no form was given.
    for n in 0..9 {
        assert_eq!(save(&own, &format!("d{n}"), "x", "0").await.status, 200);
    }
    assert_eq!(save(&own, "d-eleventh", "x", "0").await.status, 400);
    assert_eq!(save(&own, "a/../b", "x", "0").await.status, 400);
    for n in 1..50 {
        let one = format!("{n}.txt");
        assert_eq!(post(&own, "/report/files", "d", &[("files", &one, "1")]).await.status, 200);
    }
    assert_eq!(post(&own, "/report/files", "d", &[("files", "51", "1")]).await.status, 400);
    assert_eq!(count(&w, "report_draft").await, 10);
}

async fn pressed_twenty_times_at_once_it_is_filed_once(place: &Place) {
    let w = World::new(place).await;
    let (_, own, _) = people(&w).await;
    save(&own, "d", "45.77.9.1", "0").await;
    let list = post(&own, "/report/files", "d", &[("files", "a.txt", "45.77.9.2")]).await.text();
    let attached = attached(&list);
    let fields = [
        ("text", "", "45.77.9.1"),
        ("revision", "", "1"),
        ("attached", "", attached.as_str()),
        ("do", "", "send"),
    ];
    let all = join_all((0..20).map(|_| post(&own, "/report", "d", &fields))).await;
    let places: std::collections::BTreeSet<_> = all
        .iter()
        .map(|a| {
            assert_eq!(a.status, 303, "{}", a.text());
            a.headers.get("location").unwrap().to_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!((places.len(), count(&w, "report").await), (1, 1));
}

async fn what_is_kept_while_it_is_sent_is_not_lost(place: &Place) {
    let w = World::new(place).await;
    let (_, own, _) = people(&w).await;
    // Long enough to be read for a while, in which a file arrives from the phone.
    let long = format!("45.77.9.1 {}", "a line of a log that says nothing\n".repeat(20_000));
    let mut late = 0;
    for round in 0..6_u64 {
        let key = format!("d{round}");
        save(&own, &key, &long, "0").await;
        let (sender, name) = (own.clone(), key.clone());
        let text = long.clone();
        let sending = async move {
            let fields = [("text", "", text.as_str()), ("revision", "", "1"), ("do", "", "send")];
            post(&sender, "/report", &name, &fields).await
        };
        let filing = post(&own, "/report/files", &key, &[("files", "phone.txt", "45.77.9.2")]);
        // Once surely the file first; then whoever is quicker.
        let (file, sent) = if round == 0 {
            (filing.await, sending.await)
        } else {
            let sending = tokio::spawn(sending);
            tokio::time::sleep(std::time::Duration::from_millis(20 * round)).await;
            (filing.await, sending.await.unwrap())
        };
        let left = count(&w, "report_draft_file").await;
        match (sent.status.as_u16(), file.status.as_u16()) {
            // It was quicker than the file, and the phone was told.
            (303, 409) => assert_eq!(left, 0, "{round}"),
            // The file was quicker: nothing is sent, the page shows the file and says what to do.
            (409, 200) => {
                late += 1;
                assert_eq!((left, count(&w, "report_draft").await), (1, 1), "{round}");
                let page = sent.text();
                assert!(page.contains("changed in another window"), "{round}");
                // Pressed again where it is seen, it goes.
                let named = attached(&page);
                let fields = [
                    ("text", "", long.as_str()),
                    ("revision", "", "1"),
                    ("attached", "", named.as_str()),
                    ("do", "", "send"),
                ];
                let again = post(&own, "/report", &key, &fields).await;
                assert_eq!(again.status, 303, "{}", again.text());
                let report = again.headers.get("location").unwrap().to_str().unwrap().to_owned();
                assert!(own.get(&report).await.text().contains("45.77.9.2"));
            }
            other => panic!("{round}: {other:?}, {left} files left"),
        }
    }
    assert!(late > 0, "the file that came first was filed over or lost");
}

async fn nothing_typed_is_no_draft(place: &Place) {
    let w = World::new(place).await;
    let (_, own, _) = people(&w).await;
    let blank = [("text", "", " \n"), ("zone", "", "jst"), ("revision", "", "0")];
    let saved = post(&own, "/report/draft", "d", &blank).await;
    assert_eq!((saved.status.as_u16(), count(&w, "report_draft").await), (200, 0));
    assert!(saved.text().contains("value=\"0\""), "{}", saved.text());
    for wish in ["save", "send", "remove:f-none"] {
        let answer = post(&own, "/report", "d", &[&blank[..], &[("do", "", wish)]].concat()).await;
        assert!(answer.status.is_client_error(), "{wish}: {}", answer.text());
    }
    assert_eq!(post(&own, "/report/files/f-none/remove", "d", &[]).await.status, 200);
    assert_eq!((count(&w, "report_draft").await, count(&w, "report").await), (0, 0));
    // One choice is something; and what is a draft already may be emptied.
    let chosen = [("happened", "", "mail"), ("revision", "", "0")];
    assert_eq!(post(&own, "/report/draft", "d", &chosen).await.status, 200);
    assert!(save(&own, "d", "", "1").await.text().contains("value=\"2\""));
    assert_eq!(count(&w, "report_draft").await, 1);
}

async fn sent_again_after_the_answer_was_lost(place: &Place) {
    let w = World::new(place).await;
    let (_, own, _) = people(&w).await;
    // Only a file, in the draft that ends with the report: nothing to compare but its key.
    let list = post(&own, "/report/files", "d", &[("files", "a.txt", "45.77.9.2")]).await.text();
    let attached = attached(&list);
    let fields = [("text", "", ""), ("attached", "", attached.as_str()), ("do", "", "send")];
    let first = post(&own, "/report", "d", &fields).await;
    let second = post(&own, "/report", "d", &fields).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303), "{}", second.text());
    assert_eq!(first.headers.get("location"), second.headers.get("location"));
    // Words alone become a story in the report; sent again they are the same report, too.
    let words = [("text", "", "サーバーの動作がおかしい"), ("do", "", "send")];
    let first = post(&own, "/report", "e", &words).await;
    let second = post(&own, "/report", "e", &words).await;
    assert_eq!(first.headers.get("location"), second.headers.get("location"));
    assert_eq!(count(&w, "report").await, 2);
}

async fn a_file_that_went_away_is_told(place: &Place) {
    let w = World::new(place).await;
    let (_, own, colleague) = people(&w).await;
    let list = post(&own, "/report/files", "d", &[("files", "a.txt", "45.77.9.2")]).await.text();
    let attached = attached(&list);
    let fields =
        [("text", "", "45.77.9.1"), ("attached", "", attached.as_str()), ("do", "", "send")];
    // Somebody else at the same screen has no such file: nothing is sent without it.
    let sent = post(&colleague, "/report", "d", &fields).await;
    assert!(sent.status == 409 && sent.text().contains("a.txt"), "{}", sent.text());
    assert_eq!(count(&w, "report").await, 0);
    // And a form says for whom it was shown.
    let page = own.get("/report?draft=d").await.text();
    let person = page.split("name=\"person\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let fields = [("text", "", "45.77.9.1"), ("person", "", person), ("do", "", "send")];
    let sent = post(&colleague, "/report", "other", &fields).await;
    assert!(sent.status == 409 && sent.text().contains("45.77.9.1"), "{}", sent.text());
    for path in ["/report/panel", "/report/draft", "/report/files"] {
        assert_eq!(post(&colleague, path, "other", &fields).await.status, 409, "{path}");
    }
    assert_eq!((count(&w, "report").await, count(&w, "report_draft").await), (0, 1));
}

async fn two_hundred_megabytes_lose_no_word(place: &Place) {
    let w = World::new(place).await;
    let (_, own, _) = people(&w).await;
    let began = std::time::Instant::now();
    let start = form(&own, "d", &[("text", "", "typed before"), ("do", "", "send")]);
    let start = start[..start.len() - b"--b--\r\n".len()].to_vec();
    let head =
        b"--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"disk.img\"\r\n\r\n";
    let tail =
        b"\r\n--b\r\nContent-Disposition: form-data; name=\"impact\"\r\n\r\nencrypted\r\n--b--\r\n";
    let piece = Bytes::from(vec![0_u8; 64 * 1024]);
    let pieces = [Bytes::from(start), Bytes::from_static(head)]
        .into_iter()
        .chain(std::iter::repeat_n(piece, 200 * 16))
        .chain([Bytes::from_static(tail)]);
    let body = Body::from_stream(stream::iter(pieces.map(Ok::<_, std::io::Error>)));
    let length = [FORM[0], ("content-length", "209715999")];
    let answer = own.send(Method::POST, "/report", &length, body).await;
    assert_eq!(answer.status, 413);
    let page = answer.text();
    for kept in ["typed before", "disk.img"] {
        assert!(page.contains(kept), "{kept}");
    }
    eprintln!("200 MiB in {:?}", began.elapsed());
    assert_eq!(count(&w, "report").await, 0);
    // Nobody signed in: the same, as long as it was surely our own form.
    let body = || {
        Body::from(form(&w.anonymous(), "d", &[("text", "", "typed before"), ("do", "", "send")]))
    };
    let ours = [FORM[0], ("origin", "http://127.0.0.1:8844")];
    let kept = w.anonymous().send(Method::POST, "/report", &ours, body()).await;
    assert!(kept.status == 401 && kept.text().contains("typed before"), "{}", kept.text());
    assert!(kept.text().contains("name=\"idempotency\" value=\"d\""), "{}", kept.text());
    for other in [
        vec![FORM[0]],
        vec![FORM[0], ("origin", "https://evil.example")],
        vec![FORM[0], ("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:8844")],
    ] {
        let plain = w.anonymous().send(Method::POST, "/report", &other, body()).await;
        assert_eq!(plain.status, 401);
        assert!(!plain.text().contains("typed before"), "another site's text is shown");
    }
    // Going on from there with no token shows the form; it sends nothing.
    let go_on = [("text", "", "typed before"), ("do", "", "go-on"), ("_csrf", "", "")];
    let page = own
        .send(Method::POST, "/report", &FORM, Body::from(form(&w.anonymous(), "d", &go_on)))
        .await;
    assert!(page.status == 200 && page.text().contains("typed before"), "{}", page.text());
    let send = [("text", "", "typed before"), ("do", "", "send")];
    let page = own
        .send(Method::POST, "/report", &FORM, Body::from(form(&w.anonymous(), "d", &send)))
        .await;
    assert!(page.status == 403 && page.text().contains("typed before"), "{}", page.text());
    assert_eq!(count(&w, "report").await, 0);
}
