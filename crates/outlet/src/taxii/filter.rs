//! The filters of TAXII URLs (section 3.4): `added_after`, `limit`, `next`, `match[...]`.

use noroshi_stix::Timestamp;

use crate::collection::Collection;
use crate::cursor::Position;
use crate::params::{Params, bad_request};
use crate::problem::Problem;
use crate::shelf::{PageQuery, VersionFilter};
use crate::state::OutletConfig;

/// Most values in one `match`.
const MAX_VALUES: usize = 200;

/// Reads the filters of a request. Values in one `match`, comma-separated or in repeated
/// parameters, are alternatives; different ones must all fit. A filter that is not understood is
/// refused: to ignore it would answer more than was asked for.
pub(super) fn read(
    params: &Params,
    collection: Collection,
    config: &OutletConfig,
    clear_only: bool,
) -> Result<PageQuery, Problem> {
    let mut query = PageQuery {
        collection,
        after: place(params, collection)?,
        limit: limit(params, config)?,
        clear_only,
        ids: Vec::new(),
        types: Vec::new(),
        specs: Vec::new(),
        versions: VersionFilter::default(),
    };
    let mut versions = Vec::new();
    each_match(params, |field, values| {
        let list = match field {
            "id" => &mut query.ids,
            "type" => &mut query.types,
            "spec_version" => &mut query.specs,
            _ => &mut versions,
        };
        list.extend(values);
    })?;
    // Ids are compared as text, and ours are in lower case.
    query.ids.iter_mut().for_each(|id| id.make_ascii_lowercase());
    query.versions = version_filter(&versions, VersionFilter::newest())?;
    Ok(query)
}

/// Which versions to delete: all, unless the request says which; and of which STIX 2.0 or not.
pub(super) fn read_for_deleting(params: &Params) -> Result<(VersionFilter, Option<bool>), Problem> {
    let (mut versions, mut specs) = (Vec::new(), Vec::new());
    each_match(params, |field, values| match field {
        "version" => versions.extend(values),
        "spec_version" => specs.extend(values),
        // The object is named by the path; a filter by id or type says nothing more.
        _ => {}
    })?;
    let asks = |version: &str| specs.iter().any(|s| s == version);
    let spec_20 = match (asks("2.0"), asks("2.1")) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        (true, true) => None,
        (false, false) if specs.is_empty() => None,
        (false, false) => return Err(bad_filter("match[spec_version] is 2.0 or 2.1.")),
    };
    Ok((version_filter(&versions, VersionFilter::all())?, spec_20))
}

/// Shows every `match[...]` with its values.
fn each_match(params: &Params, mut take: impl FnMut(&str, Vec<String>)) -> Result<(), Problem> {
    let mut counts = [0_usize; FIELDS.len()];
    for (name, value) in params.query() {
        let Some(field) = name.strip_prefix("match[").and_then(|n| n.strip_suffix(']')) else {
            continue;
        };
        let Some(number) = FIELDS.iter().position(|known| *known == field) else {
            return Err(bad_filter(
                "Filters are match[id], match[type], match[version] and match[spec_version].",
            ));
        };
        let values = value.split(',').map(str::trim).filter(|v| !v.is_empty());
        let values: Vec<String> = values.map(str::to_owned).collect();
        if values.is_empty() {
            return Err(bad_filter("A match filter has no value; leave it out to get everything."));
        }
        let count = counts.get_mut(number).map_or(0, |count| {
            *count += values.len();
            *count
        });
        if count > MAX_VALUES {
            return Err(bad_filter("Give at most 200 values in one match filter."));
        }
        take(field, values);
    }
    Ok(())
}

/// What can be matched.
const FIELDS: [&str; 4] = ["id", "type", "version", "spec_version"];

fn place(params: &Params, collection: Collection) -> Result<Position, Problem> {
    let mut place = Position::START;
    if let Some(text) = params.one("added_after")? {
        let instant: Timestamp = text.parse().map_err(|_| {
            bad_request("bad-added-after", "added_after is not a timestamp")
                .detail("Write it as in 2026-11-23T03:00:00.000000Z, in UTC.")
        })?;
        place = Position::after(instant.as_micros());
    }
    if let Some(text) = params.one("next")? {
        let next = Position::from_cursor(text, collection.id()).ok_or_else(|| {
            bad_request("bad-next", "next is not a place in this collection")
                .detail("Send the value of next of the page before, unchanged, or leave it out.")
        })?;
        place = place.max(next);
    }
    Ok(place)
}

fn limit(params: &Params, config: &OutletConfig) -> Result<usize, Problem> {
    let Some(text) = params.one("limit")? else { return Ok(config.page_default) };
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    // More digits than a number holds is more than the largest page.
    let wanted = if digits { text.parse().unwrap_or(usize::MAX) } else { 0 };
    if wanted == 0 {
        return Err(bad_request("bad-limit", "limit is not a positive number")
            .detail(format!("Ask for 1 to {} objects.", config.page_max)));
    }
    Ok(wanted.min(config.page_max))
}

fn version_filter(values: &[String], unsaid: VersionFilter) -> Result<VersionFilter, Problem> {
    if values.is_empty() {
        return Ok(unsaid);
    }
    let mut filter = VersionFilter::default();
    for value in values {
        match value.as_str() {
            "all" => filter.all = true,
            "last" => filter.newest = true,
            "first" => filter.oldest = true,
            time => match time.parse::<Timestamp>() {
                Ok(instant) => filter.exact.push(instant.as_micros()),
                Err(_) => {
                    return Err(bad_filter(
                        "match[version] takes first, last, all or a timestamp.",
                    ));
                }
            },
        }
    }
    filter.exact.sort_unstable();
    Ok(filter)
}

fn bad_filter(detail: &'static str) -> Problem {
    bad_request("bad-filter", "A filter cannot be read").detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(query: &str) -> Result<PageQuery, &'static str> {
        let params = Params::from_uri(&format!("/x?{query}").parse().unwrap()).unwrap();
        let config = OutletConfig::new([0; 32]);
        read(&params, Collection::Signals, &config, false).map_err(|p| p.code())
    }

    #[test]
    fn values_add_up_over_commas_and_repetition() {
        let q = ask("match[type]=a,b&match%5Btype%5D=c&match[id]=X--1&foo=bar").unwrap();
        assert_eq!(q.types, ["a", "b", "c"]);
        assert_eq!(q.ids, ["x--1"]);
        assert_eq!(q.versions, VersionFilter::newest());
        assert_eq!(q.limit, 1000);
    }

    #[test]
    fn limits_are_numbers_from_one_and_capped() {
        assert_eq!(ask("limit=7").unwrap().limit, 7);
        assert_eq!(ask("limit=1000000000000000000000000000000").unwrap().limit, 10_000);
        for bad in ["0", "-1", "abc", "", "1.5", "%31x", "+1"] {
            assert_eq!(ask(&format!("limit={bad}")).unwrap_err(), "bad-limit", "{bad}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert_eq!(ask("match[colour]=red").unwrap_err(), "bad-filter");
        assert_eq!(ask("match[id]=").unwrap_err(), "bad-filter");
        assert_eq!(ask("match[version]=newest").unwrap_err(), "bad-filter");
        assert_eq!(ask("added_after=yesterday").unwrap_err(), "bad-added-after");
        assert_eq!(ask("next=nonsense").unwrap_err(), "bad-next");
        assert_eq!(ask("next=a&next=b").unwrap_err(), "repeated-parameter");
        let elsewhere = Position::START.to_cursor(Collection::Context.id());
        assert_eq!(ask(&format!("next={elsewhere}")).unwrap_err(), "bad-next");
    }

    #[test]
    fn a_cursor_and_added_after_both_hold() {
        let p = Position { date_added: 10, sequence: 3 };
        let next = p.to_cursor(Collection::Signals.id());
        let q = ask(&format!("added_after=1970-01-01T00:00:00Z&next={next}")).unwrap();
        assert_eq!(q.after, p);
    }
}
