//! What the outlet beside the hub gets of it: who is signed in, the inbox, the key for `partners`.

use std::sync::Arc;

use noroshi_outlet::{HubSide, PartnerSigner};
use noroshi_seal::{BatchHead, SignedBatchHead, random_bytes};

use crate::app::App;
use crate::hub::Hub;
use crate::inbox::HubInbox;
use crate::web::Readers;

impl App {
    /// The parts of this hub that an outlet beside it uses.
    pub fn hub_side(&self) -> HubSide {
        HubSide {
            readers: Arc::new(Readers::new(self.clone())),
            inbox: Arc::new(HubInbox::new(self.hub.clone())),
            signer: Arc::new(Signer(self.hub.clone())),
        }
    }
}

/// Signs what partners bring as the hub's own batches are signed.
struct Signer(Hub);

impl PartnerSigner for Signer {
    fn random(&self) -> [u8; 16] {
        random_bytes(self.0.entropy())
    }

    fn sign(&self, head: BatchHead) -> SignedBatchHead {
        head.sign(self.0.signing_key())
    }
}
