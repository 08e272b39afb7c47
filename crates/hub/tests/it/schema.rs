//! Every statement of the hub is one both engines understand.

use noroshi_hub::admin;
use noroshi_hub::vault::VAULT;
use noroshi_store::{Durability, Migration, Schema, Store};

use crate::place::Place;
use crate::world::World;

crate::on_both_engines![every_statement_prepares, a_vault_of_the_first_version_goes_on];

async fn every_statement_prepares(place: &Place) {
    let w = World::new(place).await;
    w.hub.vault().prepare_all().await.unwrap();
    w.hub.shelf().store().prepare_all().await.unwrap();
}

async fn a_vault_of_the_first_version_goes_on(place: &Place) {
    const FIRST: &[Migration] = VAULT.migrations.split_at(1).0;
    static OLD: Schema = Schema {
        name: VAULT.name,
        migrations: FIRST,
        statements: &[],
        durability: Durability::Full,
    };
    let vault = Store::open(&place.vault.parse().unwrap(), &OLD).await.unwrap();
    vault
        .write("test.old", |tx| {
            tx.execute(
                "INSERT INTO member (id, name_ja, name_en, label_path, weight, joined, left_at)
                VALUES ('m-1', '青空工業', 'Aozora', 'Industry', 1, 1, NULL)",
                &[],
            )?;
            let digest = [7_u8; 32];
            tx.execute(
                "INSERT INTO api_key
                (id, member, label, digest, may_read, may_report, created, expires, revoked)
                VALUES ('abcdefghijkl', 'm-1', 'x', $1, 1, 1, 1, 9000000000000000, NULL)",
                &[(&digest).into()],
            )
            .map(drop)
        })
        .await
        .unwrap();
    drop(vault);
    let w = World::new(place).await;
    let keys = admin::list_keys(&w.hub).await.unwrap();
    assert_eq!((keys.len(), keys[0].member.as_str()), (1, "m-1"));
    assert!(keys[0].fingerprint.is_none() && keys[0].holds(w.hub.now()));
}
