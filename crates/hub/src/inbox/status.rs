//! What became of each object of a post, in the words a client shows (TAXII 2.1, section 4.3.1).

use noroshi_intake::{ObjectYield, ReadObject};
use noroshi_stix::Timestamp;
use noroshi_stix::taxii::{Status, StatusDetail, StatusState};

use crate::intake::{JudgedItem, why};
use crate::vault::reports::ItemVerdict;

/// Most objects that are told of one by one, taken and refused each; the counts are always whole.
const MAX_DETAILS: usize = 10_000;
/// Most indicators of one object whose reasons are told.
const MAX_REASONS: usize = 3;
/// The version of an object that has none.
const NO_VERSION: &str = "1970-01-01T00:00:00.000Z";

/// The status of a post: `read` in the order of the request, `items` as judged.
pub(super) fn of(id: [u8; 16], at: Timestamp, read: &[ReadObject], items: &[JudgedItem]) -> Status {
    let (mut successes, mut failures) = (Vec::new(), Vec::new());
    let (mut taken, mut refused) = (0, 0);
    for (n, object) in read.iter().enumerate() {
        let (list, count, message) = match &object.outcome {
            Ok(gave) => (&mut successes, &mut taken, taken_as(gave, items)),
            Err(problem) => (&mut failures, &mut refused, sentence(&problem.message)),
        };
        *count += 1;
        if list.len() < MAX_DETAILS {
            list.push(StatusDetail {
                // An object without an id goes by its place.
                id: object.id.clone().unwrap_or_else(|| format!("objects[{n}]")),
                version: object.version.clone().unwrap_or_else(|| NO_VERSION.to_owned()),
                message: Some(message),
            });
        }
    }
    Status {
        id: uuid::Builder::from_random_bytes(id).into_uuid().to_string(),
        status: StatusState::Complete,
        request_timestamp: Some(at),
        total_count: taken + refused,
        success_count: taken,
        successes,
        failure_count: refused,
        failures,
        pending_count: 0,
        pendings: Vec::new(),
    }
}

/// What is wrong with an object; some reasons come as parts of a sentence.
fn sentence(message: &str) -> String {
    if message.ends_with('.') {
        return message.to_owned();
    }
    format!("It cannot be read: {message}.")
}

/// What became of an object that was taken.
fn taken_as(gave: &ObjectYield, items: &[JudgedItem]) -> String {
    let own: Vec<&JudgedItem> = gave.found.iter().filter_map(|at| items.get(*at)).collect();
    let kept: Vec<_> = own.iter().filter(|i| i.verdict != ItemVerdict::Passed).collect();
    let out = own.len() - kept.len();
    let mut said = Vec::new();
    match (own.len(), out) {
        (0, _) => said.push(match gave.dropped.first() {
            Some(reason) => {
                format!("stored with the report; it gives no indicator: {}", reason.english())
            }
            None => "stored with the report; it holds no indicator".to_owned(),
        }),
        (_, 0) => {}
        (1, _) => said.push("goes out with the next tick".to_owned()),
        (all, out) if all == out => {
            said.push(format!("{all} indicators go out with the next tick"))
        }
        (all, out) => said.push(format!("{out} of {all} indicators go out with the next tick")),
    }
    for item in kept.iter().take(MAX_REASONS) {
        let reasons: Vec<String> = item.reasons.iter().map(|r| why(r).en).collect();
        let name =
            if own.len() > 1 { format!("{} ", item.observable.kind()) } else { String::new() };
        said.push(format!("{name}kept back: {}", reasons.join(" ")));
    }
    if kept.len() > MAX_REASONS {
        said.push(format!("{} more kept back", kept.len() - MAX_REASONS));
    }
    said.extend(
        gave.problems.iter().take(1).map(|p| format!("a part was left out: {}", p.message)),
    );
    said.join("; ")
}
