//! Every statement of the hub is one both engines understand.

use crate::place::Place;
use crate::world::World;

crate::on_both_engines![every_statement_prepares];

async fn every_statement_prepares(place: &Place) {
    let w = World::new(place).await;
    w.hub.vault().prepare_all().await.unwrap();
    w.hub.shelf().store().prepare_all().await.unwrap();
}
