//! After the story: where to look, as whom.

use anyhow::Result;
use noroshi_hub::Hub;
use noroshi_hub::access::Role;
use noroshi_hub::admin::{self, KeyWish};
use noroshi_outlet::i18n::{Speech, Value};

use crate::speech::japanese;

/// Prints the address and one sign-in link per role.
pub(super) async fn show(hub: &Hub, base: &str, speech: &Speech) -> Result<()> {
    println!("\n{}", speech.with("demo-open", &[("url", Value::from(base))]));
    for account in admin::list_accounts(hub).await? {
        let key = match account.role {
            Role::Member => "demo-link-member",
            Role::Desk => "demo-link-desk",
            Role::Operator => "demo-link-operator",
            Role::Anonymous | Role::Partner | Role::Authority => continue,
        };
        let link = admin::sign_in_link(hub, &account.id).await?;
        println!("   {}\n      {link}", speech.t(key));
    }
    commands(hub, base, speech).await?;
    println!("{}", speech.t("demo-stop"));
    Ok(())
}

/// What any member can check by itself, with a key of one that only reads.
async fn commands(hub: &Hub, base: &str, speech: &Speech) -> Result<()> {
    let members = admin::list_members(hub).await?;
    let releases = admin::release_truth(hub).await?;
    let (Some(member), Some((release, _))) = (members.first(), releases.first()) else {
        return Ok(());
    };
    let wish = KeyWish { label: "demo".to_owned(), may_read: true, may_report: false, days: 1 };
    let key = admin::create_key(hub, &member.id, &wish).await?;
    let name = member.name(japanese(speech));
    println!("{}", speech.with("demo-check", &[("member", Value::from(name))]));
    println!("      export NOROSHI_HUB={base} NOROSHI_KEY={}", key.expose());
    println!("      export NOROSHI_HUB_KEY={}", hub.signing_key().verifying_key());
    println!("      noroshi verify certificate {release}");
    println!("      noroshi redteam --hub {base}");
    Ok(())
}
