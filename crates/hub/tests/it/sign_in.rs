//! Attempts to sign in, on both engines: what is counted survives a restart, and many at once are many.

use noroshi_hub::access::{
    Attempt, Change, Login, Password, Role, Tries, begin_enrolment, change, code_now, sign_in,
};
use noroshi_hub::admin::{self, NewAccount};
use noroshi_hub::vault::sessions::Session;
use noroshi_hub::{Hub, access, vault};
use noroshi_seal::Token;

use crate::place::Place;
use crate::world::{SECOND, World};

crate::on_both_engines![
    a_restart_forgives_nothing,
    many_at_once_are_many,
    all_together_are_slowed_down,
    a_code_is_taken_once_even_at_once,
    an_operator_resets_and_names,
];

const PASSWORD: &str = "tall ships at dawn";

/// An account with a password; its id and the phone's secret.
async fn person(hub: &Hub, login: &str) -> (String, String) {
    let new = NewAccount { role: Role::Desk, member: None, name: "A B".to_owned() };
    let account = admin::add_account(hub, new).await.unwrap();
    let secret = enrol(hub, &account, login).await;
    (account, secret)
}

async fn session(hub: &Hub, account: &str) -> Session {
    let link = admin::sign_in_link(hub, account).await.unwrap();
    let token = Token::parse(link.rsplit('/').next().unwrap()).unwrap();
    let begun = access::use_link(hub, &token).await.unwrap().unwrap();
    let open = access::list_sessions(hub, account, Default::default(), 50).await.unwrap();
    open.into_iter().find(|s| s.csrf == begun.csrf).unwrap()
}

async fn enrol(hub: &Hub, account: &str, login: &str) -> String {
    let session = session(hub, account).await;
    let secret = begin_enrolment(hub, &session, login).await.unwrap().secret.to_string();
    let code = code_now(&secret, hub.now()).unwrap();
    let login = Login::parse(login).ok();
    let set = Change::Set { login, password: Password::typed(PASSWORD), code };
    assert_eq!(change(hub, &session, set).await.unwrap().len(), 10);
    secret
}

async fn attempt(hub: &Hub, login: &str, password: &str, code: &str) -> &'static str {
    let attempt = Attempt { login, password: Password::typed(password), code, browser: None };
    match sign_in(hub, &attempt).await.unwrap() {
        Tries::Good { .. } => "good",
        Tries::Refused => "refused",
        Tries::Wait(_) => "wait",
    }
}

async fn a_restart_forgives_nothing(place: &Place) {
    let w = World::new(place).await;
    let (_, secret) = person(&w.hub, "sato").await;
    for _ in 0..5 {
        assert_eq!(attempt(&w.hub, "sato", "x", "1").await, "refused");
    }
    let later = w.hub.now();
    drop(w);
    let w = World::new(place).await;
    assert_eq!(w.hub.now(), later, "the test's clock begins where it did");
    assert_eq!(attempt(&w.hub, "sato", "x", "1").await, "wait");
    w.clock.advance(61 * SECOND);
    let code = code_now(&secret, w.hub.now()).unwrap();
    assert_eq!(attempt(&w.hub, "sato", PASSWORD, &code).await, "good");
}

async fn many_at_once_are_many(place: &Place) {
    let w = World::new(place).await;
    let tries = (0..12).map(|_| attempt(&w.hub, "sato", "x", "1"));
    let became = futures::future::join_all(tries).await;
    assert_eq!(became.iter().filter(|b| **b == "refused").count(), 5, "{became:?}");
}

async fn all_together_are_slowed_down(place: &Place) {
    let w = World::new(place).await;
    // As if a hundred names had failed a moment ago.
    let name_of_all = |tx: &mut noroshi_store::Tx<'_>| {
        let names = tx.query("SELECT name FROM sign_in_attempt WHERE failures = 1", &[], |r| {
            r.array::<32>(0)
        })?;
        let last = noroshi_stix::Timestamp::from_micros(crate::world::START + 1_234_567);
        for name in &names {
            vault::attempts::set(tx, name, vault::attempts::Failed { failures: 100, last })?;
        }
        Ok(names.len())
    };
    assert_eq!(attempt(&w.hub, "one", "x", "1").await, "refused");
    assert_eq!(w.hub.vault().write("test.all", name_of_all).await.unwrap(), 2);
    assert_eq!(attempt(&w.hub, "another", "x", "1").await, "wait");
    w.clock.advance(11 * SECOND);
    assert_eq!(attempt(&w.hub, "another", "x", "1").await, "refused");
    assert_eq!(attempt(&w.hub, "a-third", "x", "1").await, "wait");
}

async fn a_code_is_taken_once_even_at_once(place: &Place) {
    let w = World::new(place).await;
    let (_, secret) = person(&w.hub, "sato").await;
    w.clock.advance(60 * SECOND);
    let code = code_now(&secret, w.hub.now()).unwrap();
    let tries = (0..4).map(|_| attempt(&w.hub, "sato", PASSWORD, &code));
    let became = futures::future::join_all(tries).await;
    assert_eq!(became.iter().filter(|b| **b == "good").count(), 1, "{became:?}");
}

async fn an_operator_resets_and_names(place: &Place) {
    let w = World::new(place).await;
    let (account, secret) = person(&w.hub, "sato").await;
    w.clock.advance(60 * SECOND);
    let taken = Login::parse("sato").unwrap();
    let new = NewAccount { role: Role::Operator, member: None, name: "C D".to_owned() };
    let other = admin::add_account(&w.hub, new).await.unwrap();
    assert!(admin::set_login(&w.hub, &other, &taken).await.is_err());
    admin::set_login(&w.hub, &account, &Login::parse("sato.hanako").unwrap()).await.unwrap();
    admin::set_login(&w.hub, &other, &taken).await.unwrap();
    let code = code_now(&secret, w.hub.now()).unwrap();
    assert_eq!(attempt(&w.hub, "sato", PASSWORD, &code).await, "refused");
    assert_eq!(attempt(&w.hub, "sato.hanako", PASSWORD, &code).await, "good");
    let link = admin::reset_account(&w.hub, &account).await.unwrap();
    assert!(link.contains("/sign-in/"));
    assert!(
        access::list_sessions(&w.hub, &account, Default::default(), 9).await.unwrap().is_empty()
    );
    w.clock.advance(60 * SECOND);
    let code = code_now(&secret, w.hub.now()).unwrap();
    assert_eq!(attempt(&w.hub, "sato.hanako", PASSWORD, &code).await, "refused");
    // The name stays; phone and password are new.
    let fresh = enrol(&w.hub, &account, "sato.hanako").await;
    assert_ne!(fresh, secret);
    admin::disable_account(&w.hub, &account).await.unwrap();
    assert!(admin::reset_account(&w.hub, &account).await.is_err());
    w.clock.advance(60 * SECOND);
    let code = code_now(&fresh, w.hub.now()).unwrap();
    assert_eq!(attempt(&w.hub, "sato.hanako", PASSWORD, &code).await, "refused");
    // Switched on again, what it had is good again, and once only.
    admin::enable_account(&w.hub, &account).await.unwrap();
    assert!(admin::enable_account(&w.hub, &account).await.is_err());
    assert_eq!(attempt(&w.hub, "sato.hanako", PASSWORD, &code).await, "good");
    assert_eq!(attempt(&w.hub, "sato.hanako", PASSWORD, &code).await, "refused");
}
