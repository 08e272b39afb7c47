//! After the story: where to look, as whom.

use anyhow::Result;
use noroshi_hub::Hub;
use noroshi_hub::access::Role;
use noroshi_hub::admin;
use noroshi_outlet::i18n::{Speech, Value};

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
    println!("{}", speech.t("demo-stop"));
    Ok(())
}
