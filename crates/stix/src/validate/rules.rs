//! The rules, one file each.

mod combinations;
mod custom_names;
mod deprecated;
mod deterministic_ids;
mod dictionaries;
mod dictionary_values;
mod empty_values;
mod extensions;
mod external_references;
mod formats;
mod hashes;
mod identifier;
mod kill_chains;
mod languages;
mod markings;
mod object_type;
mod patterns;
mod references;
mod relationships;
mod required;
mod reserved_names;
mod spec_version;
mod time_order;
mod timestamp_precision;
mod tlp;
mod uuid_versions;
mod value_types;
mod vocabularies;

use super::finding::Findings;
use super::subject::Subject;

/// A rule looks at an object and says what it finds.
pub(super) type Rule = fn(&Subject<'_>, &mut Findings);

/// Every rule, those first whose findings explain others.
pub(super) const RULES: [Rule; 28] = [
    object_type::check,
    spec_version::check,
    identifier::check,
    uuid_versions::check,
    required::check,
    value_types::check,
    empty_values::check,
    vocabularies::check,
    references::check,
    combinations::check,
    time_order::check,
    timestamp_precision::check,
    hashes::check,
    formats::check,
    dictionaries::check,
    dictionary_values::check,
    reserved_names::check,
    custom_names::check,
    deprecated::check,
    extensions::check,
    external_references::check,
    kill_chains::check,
    markings::check,
    tlp::check,
    languages::check,
    patterns::check,
    relationships::check,
    deterministic_ids::check,
];
