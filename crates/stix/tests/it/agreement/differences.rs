//! Where verdicts differ, and which clause of STIX 2.1 decides.

use super::mutations::Mutant;

/// Who says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// `stix2-validator`
    Validator,
    /// `stix2`
    Library,
}

/// One kind of difference.
pub(super) struct Difference {
    side: Side,
    /// Codes of errors that are errors here alone; empty where the error is there alone.
    here: &'static [&'static str],
    /// A word of what the other one says, where the error is there alone.
    there: &'static str,
    /// What the place has to end with, of `type.property`; empty for any.
    places: &'static [&'static str],
    /// The reason.
    pub(super) why: &'static str,
}

impl Difference {
    /// Whether this is the difference seen.
    pub(super) fn explains(&self, side: Side, ours: &[&str], mutant: &Mutant, said: &str) -> bool {
        let place = self.places.is_empty()
            || self.places.iter().any(|p| mutant.place.ends_with(p) || mutant.place.starts_with(p));
        side == self.side
            && place
            && if ours.is_empty() {
                self.here.is_empty() && said.contains(self.there)
            } else {
                !self.here.is_empty() && ours.iter().all(|code| self.here.contains(code))
            }
    }
}

const V: Side = Side::Validator;
const L: Side = Side::Library;

/// An error here alone.
const fn here(
    side: Side,
    here: &'static [&'static str],
    places: &'static [&'static str],
    why: &'static str,
) -> Difference {
    Difference { side, here, there: "", places, why }
}

/// An error there alone.
const fn there(
    side: Side,
    there: &'static str,
    places: &'static [&'static str],
    why: &'static str,
) -> Difference {
    Difference { side, here: &[], there, places, why }
}

/// Sections are those of STIX 2.1 (OASIS Standard, 10 June 2021).
pub(super) const OBJECTS: &[Difference] = &[
    here(
        V,
        &["reference-type", "bad-reference"],
        &["_ref", "_refs"],
        "2.9, 3.2, 6: references are identifiers, of the types the property names; it looks at few",
    ),
    here(
        V,
        &["missing-property"],
        &["extension-definition.created_by_ref"],
        "7.3: created_by_ref is required; its schema does not say so",
    ),
    here(
        V,
        &["bad-property-name"],
        &["extension-definition.extension_properties", "x509-certificate.x509_v3_extensions"],
        "3.1: names of properties have a-z, 0-9 and _; it looks at the top level only",
    ),
    here(
        V,
        &["out-of-range"],
        &["location.precision", "_byte_count", "_packets"],
        "4.10, 6.12: a distance, and numbers of bytes and packets, are not negative",
    ),
    here(
        V,
        &["wrong-type"],
        &["process.environment_variables"],
        "6.13: the value of an environment variable is a string",
    ),
    here(
        V,
        &["timestamp-precision", "bad-property-name", "reserved-name"],
        &[
            "marking-definition.created",
            "marking-definition.Custom",
            "marking-definition.ab",
            "marking-definition.severity",
        ],
        "3.1, 3.2, 3.8: rules for names and times are for every object; its schema of markings has none",
    ),
    there(
        V,
        "base64-encoded",
        &["artifact.payload_bin"],
        "2.1: binary is base64 (RFC 4648) of octets; no octets are the empty text",
    ),
    there(
        V,
        "does not match",
        &["file.magic_number_hex"],
        "2.8: hex has an even number of digits; zero is even",
    ),
    here(
        L,
        &["wrong-type", "null-value", "empty-list", "bad-timestamp", "bad-hex"],
        &[],
        "2, 2.12: values have the type of their property, lists have items; it converts, and drops the rest",
    ),
    here(
        L,
        &["bad-language", "null-value", "empty-list"],
        &[".lang", "software.languages"],
        "3.2, 6.14: languages are tags of RFC 5646; it takes any text",
    ),
    here(
        L,
        &["reserved-name"],
        &[".severity"],
        "3.8: severity is reserved; it takes custom properties of any name",
    ),
    here(
        L,
        &["bad-property-name"],
        &[
            ".Custom",
            ".ab",
            ".extension_properties",
            ".contents",
            ".definition",
            ".x509_v3_extensions",
            ".external_references",
            ".granular_markings",
            ".kill_chain_phases",
            ".values",
            ".body_multipart",
        ],
        "3.1: names of properties have 3 to 250 characters a-z, 0-9 and _",
    ),
    here(
        L,
        &["bad-value"],
        &[".value", ".mime_type", ".path_enc", ".name_enc", ".cpe"],
        "6: addresses, names, media types and so on have a form; it takes any text",
    ),
    here(
        L,
        &["missing-property"],
        &[".id", ".created", ".modified"],
        "3.2: required; it fills them in",
    ),
    here(L, &["stix-2.0"], &[".spec_version"], "3.2: required; it takes the version it was told"),
    here(
        L,
        &["missing-type", "missing-property", "bad-type", "id-type", "wrong-type", "null-value"],
        &[".type"],
        "3.1: the type is the one of the id; it takes unknown types as they are",
    ),
    here(
        L,
        &["timestamp-precision"],
        &[".created", ".modified"],
        "3.2: three digits of a second; it writes them itself",
    ),
    here(
        L,
        &["time-order"],
        &[".modified"],
        "3.2: modified is not before created; it compares nothing",
    ),
    here(L, &["out-of-range"], &[".confidence"], "3.2: between 0 and 100; it takes any number"),
    here(L, &["bad-hash"], &[".hashes"], "2.7: a hash is a string; it turns numbers into one"),
    here(
        L,
        &["bad-translation"],
        &["language-content.contents"],
        "7.1: translations are by language and property; it takes any dictionary",
    ),
    here(
        L,
        &["bad-statement"],
        &["marking-definition.definition"],
        "7.2.1: a statement is a text; it turns numbers into one",
    ),
    here(
        L,
        &["bad-relationship-type"],
        &["relationship.relationship_type"],
        "5.1: a-z, 0-9 and hyphens; it takes any text",
    ),
    here(
        L,
        &["property-needed"],
        &["artifact.encryption_algorithm", "x509-certificate.x509_v3_extensions"],
        "6.1: a key needs its algorithm; 6.18.2: at least one extension",
    ),
    there(
        L,
        "even number",
        &["file.magic_number_hex"],
        "2.8: hex has an even number of digits; zero is even",
    ),
    there(
        L,
        "StatementMarking",
        &["marking-definition.definition"],
        "7.2.1: nothing forbids more than statement in the definition",
    ),
    there(
        L,
        "valid marking type",
        &["marking-definition.definition_type"],
        "7.2.1: an open vocabulary, whose other words are deprecated: a warning here",
    ),
    there(
        L,
        "must be False",
        &["network-traffic.is_active"],
        "6.12: false beside end, where it is given at all",
    ),
];

/// The same for the published files, their STIX 2.0 upgraded.
pub(super) const PUBLISHED: &[Difference] = &[there(
    V,
    "not a valid observable property name",
    &["indicator."],
    "9.7: patterns speak of custom objects, whose property may be called id",
)];
