//! How essential services are, as the desk set it: one row for each service.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

use crate::situation::services::{Area, Service, State, Status};

super::statements! {
    PUT = "INSERT INTO service_status (service, state, area, note_ja, note_en, at, set_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (service) DO UPDATE SET state = excluded.state, area = excluded.area,
        note_ja = excluded.note_ja, note_en = excluded.note_en, at = excluded.at,
        set_by = excluded.set_by";
    REMOVE = "DELETE FROM service_status WHERE service = $1";
    EVERY = "SELECT service, state, area, note_ja, note_en, at FROM service_status ORDER BY service";
}

/// Sets the status of a service.
///
/// # Errors
/// When the vault cannot be written.
pub fn put(tx: &mut Tx<'_>, status: &Status, by: &str) -> Result<(), StoreError> {
    let params = [
        status.service.as_str().into(),
        status.state.as_str().into(),
        status.area.as_str().into(),
        (&status.note_ja).into(),
        (&status.note_en).into(),
        status.at.as_micros().into(),
        by.into(),
    ];
    tx.execute(PUT, &params).map(drop)
}

/// Takes the status of a service back.
///
/// # Errors
/// When the vault cannot be written.
pub fn remove(tx: &mut Tx<'_>, service: Service) -> Result<(), StoreError> {
    tx.execute(REMOVE, &[service.as_str().into()]).map(drop)
}

/// Every status that was set. A row that a newer noroshi wrote with words unknown here is left out.
///
/// # Errors
/// When the vault cannot be read.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Status>, StoreError> {
    Ok(tx.query(EVERY, &[], row)?.into_iter().flatten().collect())
}

fn row(r: &Row<'_>) -> Result<Option<Status>, StoreError> {
    let (service, state, area) = (r.text(0)?, r.text(1)?, r.text(2)?);
    let known = (Service::from_name(&service), State::from_name(&state), Area::from_name(&area));
    let (Some(service), Some(state), Some(area)) = known else { return Ok(None) };
    let at = Timestamp::from_micros(r.int(5)?);
    Ok(Some(Status { service, state, area, note_ja: r.text(3)?, note_en: r.text(4)?, at }))
}
