//! Reports with marks of their victim planted in them, and what each practice makes of their bytes.

use noroshi_seal::SeededEntropy;
use noroshi_stix::{DomainName, Kind, ObjectType, Observable, StixId, Timestamp, Tlp};
use serde_json::json;

use super::twister::Twister;
use super::world::{Incident, World};
use crate::AnonymityError;
use crate::context::ContextFacts;
use crate::gate::Gate;
use crate::register::{MemberId, Register, RegisterMember};
use crate::report::Report;
use crate::signal::Emission;
use crate::warning::WarningLists;

/// What is done with the bytes of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handling {
    /// Read into typed values, gated, built anew.
    Rebuilt,
    /// Passed on as they are, the author's name taken out.
    Passed,
    /// Written anew without free text; indicators as they are.
    Cleaned,
}

/// How many tools members write reports with.
pub(super) const TOOLS: usize = 6;

/// The firms of a world with names, domains and networks, and a gate that knows them.
pub(super) struct Specimens {
    register: Register,
    gate: Gate,
    tool_of: Vec<usize>,
    creator: Option<StixId>,
    chance: Twister,
}

/// One report, handled.
pub(super) struct Specimen {
    /// What was released.
    pub(super) bytes: Vec<u8>,
    /// How many marks of the victim were in it.
    pub(super) planted: usize,
    /// How many indicators of the attacker alone it had, and how many of them were released.
    pub(super) attackers: (usize, usize),
}

const SYLLABLES: [&str; 24] = [
    "kur", "aki", "mor", "ten", "zan", "hiro", "gal", "vex", "ruo", "sab", "nim", "dok", "pel",
    "ost", "fyr", "juk", "wim", "yaz", "tru", "elb", "cho", "ima", "uno", "bas",
];

/// Kinds of place a mark can be planted in; `{}` is the mark.
const PLACES: [(Kind, &str); 23] = [
    (Kind::Host, "mail.{domain}"),
    (Kind::Host, "dc01.corp.{domain}"),
    (Kind::Email, "ceo@{domain}"),
    (Kind::Email, "{word}.accounts@{lure}.net"),
    (Kind::Domain, "{word}-vpn-login.net"),
    (Kind::Domain, "{hex}.{lure}.net"),
    (Kind::Url, "https://{lure}.net/{word}/invoice.php"),
    (Kind::Url, "https://{lure}.net/t?victim={domain}"),
    (Kind::Url, "https://{lure}.net/b/{base64}"),
    (Kind::Url, "https://{lure}.net/h?x={hex}"),
    (Kind::Url, "https://{lure}.net/%{percent}"),
    (Kind::Ipv4, "{address}"),
    (Kind::FileName, "{word}_quotation.docx"),
    (Kind::FileName, "{kanji}御中.xls"),
    (Kind::FileName, "{wide}.lnk"),
    (Kind::Mutex, "C:\\Users\\{word}-admin\\run"),
    (Kind::Mutex, "Global\\{word}_run"),
    (Kind::Mutex, "{capitals}"),
    (Kind::Mutex, "run-{base64}"),
    (Kind::FileName, "{hex}.bin"),
    (Kind::FileName, "x_{base64}.tmp"),
    (Kind::RegistryKey, "HKEY_LOCAL_MACHINE\\Software\\{word}\\Agent"),
    (Kind::FileName, "{lookalike}.dll"),
];

impl Specimens {
    /// Names everybody.
    ///
    /// # Errors
    /// None for a world that was made; what a register or gate cannot hold otherwise.
    pub(super) fn of(world: &World) -> Result<Self, AnonymityError> {
        let mut chance = Twister::new(world.seed.wrapping_add(9_000));
        let mut members = Vec::new();
        for i in 0..world.firms.len() {
            members.push(member(i, &mut chance)?);
        }
        let tool_of = world.firms.iter().map(|_| chance.below(TOOLS)).collect();
        let register = Register::new(members)?;
        let gate = Gate::new(&register, &WarningLists::builtin())?;
        let creator = ObjectType::new("identity").map(|t| StixId::deterministic(t, b"hub"));
        Ok(Self { register, gate, tool_of, creator, chance })
    }

    /// The register of the names.
    pub(super) fn register(&self) -> &Register {
        &self.register
    }

    /// Which tool each firm writes with.
    pub(super) fn tool_of(&self) -> &[usize] {
        &self.tool_of
    }

    /// One report on this incident, handled.
    pub(super) fn make(&mut self, incident: &Incident, handling: Handling) -> Specimen {
        let attackers = self.attackers();
        let planted = self.planted(incident.victim);
        let tool = self.tool_of.get(incident.victim).copied().unwrap_or(0);
        let all: Vec<(Kind, String)> = attackers.iter().chain(&planted).cloned().collect();
        match handling {
            Handling::Rebuilt => self.rebuilt(&attackers, &planted),
            Handling::Passed | Handling::Cleaned => {
                let bytes =
                    if handling == Handling::Passed { written(tool, &all) } else { cleaned(&all) };
                let attackers = (attackers.len(), attackers.len());
                Specimen { bytes, planted: planted.len(), attackers }
            }
        }
    }

    /// What a report without any mark looks like, written with a tool and handled.
    pub(super) fn look(&mut self, tool: usize, handling: Handling) -> Vec<u8> {
        let attackers = self.attackers();
        match handling {
            Handling::Rebuilt => self.rebuilt(&attackers, &[]).bytes,
            Handling::Passed => written(tool, &attackers),
            Handling::Cleaned => cleaned(&attackers),
        }
    }

    /// What a member is called, or the same turned round: a name of its inside that no register
    /// holds.
    pub(super) fn mark(&self, victim: usize, internal: bool) -> Option<String> {
        let brand = self.register.members().get(victim)?.brands.first()?;
        Some(if internal { brand.chars().rev().collect() } else { brand.clone() })
    }

    /// What is released of one value, nothing included; `None` where it is no such value.
    pub(super) fn release(&self, kind: Kind, value: &str) -> Option<Vec<u8>> {
        Observable::parse(kind, value).ok()?;
        Some(self.rebuilt(&[], &[(kind, value.to_owned())]).bytes)
    }

    /// Through the real gate and the real emission.
    fn rebuilt(&self, attackers: &[(Kind, String)], planted: &[(Kind, String)]) -> Specimen {
        let parse = |(kind, text): &(Kind, String)| Observable::parse(*kind, text).ok();
        let clean: Vec<Observable> = attackers.iter().filter_map(parse).collect();
        let marked = planted.iter().filter_map(parse);
        let all: Vec<Observable> = clean.iter().cloned().chain(marked).collect();
        let report = Report::new(MemberId::new("m"), all, ContextFacts::new()).gate(&self.gate);
        let entropy = SeededEntropy::new(1);
        let mut bytes = Vec::new();
        for signal in report.signals() {
            let Some(creator) = &self.creator else { continue };
            let tick = Timestamp::from_micros(1_790_000_000_000_000);
            let release = signal.emit(&Emission {
                id: signal.fresh_id(&entropy),
                creator,
                created: tick,
                tick,
                valid_until: Some(tick.plus_days(30)),
                tlp: Tlp::Green,
                revoked: false,
            });
            bytes.extend_from_slice(release.json());
            bytes.push(b'\n');
        }
        let given = |o: &&Observable| report.passed().iter().any(|p| p.given == **o);
        let released = clean.iter().filter(given).count();
        Specimen { bytes, planted: planted.len(), attackers: (clean.len(), released) }
    }

    /// What belongs to the attacker alone.
    fn attackers(&mut self) -> Vec<(Kind, String)> {
        let lure = lure(&mut self.chance);
        let mut byte = || self.chance.below(200) + 10;
        let address = format!("93.{}.{}.{}", byte(), byte(), byte());
        let digest: String = (0..32).map(|_| format!("{:02x}", byte())).collect();
        vec![
            (Kind::Domain, format!("{lure}.net")),
            (Kind::Ipv4, address),
            (Kind::Sha256, digest),
            (Kind::Url, format!("https://cdn.{lure}.net/gate.php")),
        ]
    }

    /// One mark of each of two kinds of place.
    fn planted(&mut self, victim: usize) -> Vec<(Kind, String)> {
        let Some(member) = self.register.members().get(victim) else { return Vec::new() };
        let word = member.brands.first().cloned().unwrap_or_default();
        let domain = member.domains.first().map(|d| d.as_str().to_owned()).unwrap_or_default();
        let address = member.networks.first().map(|n| n.network().to_string()).unwrap_or_default();
        let kanji = member.names.get(1).cloned().unwrap_or_default();
        let wide = |c: char| char::from_u32(c as u32 + 0xfee0).unwrap_or(c);
        let lure = lure(&mut self.chance);
        [self.chance.below(PLACES.len()), self.chance.below(PLACES.len())]
            .into_iter()
            .filter_map(|i| PLACES.get(i))
            .map(|(kind, template)| {
                let hex: String = domain.bytes().map(|b| format!("{b:02x}")).collect();
                let percent: Vec<String> = word.bytes().map(|b| format!("{b:02x}")).collect();
                let text = template
                    .replace("{word}", &word)
                    .replace("{domain}", &domain)
                    .replace("{lure}", &lure)
                    .replace("{base64}", &base64(domain.as_bytes()))
                    .replace("{hex}", &hex)
                    .replace("{percent}", &percent.join("%"))
                    .replace("{address}", &address.replace(".0", ".7"))
                    .replace("{kanji}", &kanji)
                    .replace("{wide}", &word.chars().map(wide).collect::<String>())
                    .replace("{capitals}", &word.to_uppercase())
                    .replace("{lookalike}", &word.replace('a', "а").replace('o', "0"));
                (*kind, text)
            })
            .collect()
    }
}

fn member(i: usize, chance: &mut Twister) -> Result<RegisterMember, AnonymityError> {
    let mut word = String::new();
    for _ in 0..3 {
        word.push_str(SYLLABLES.get(chance.below(SYLLABLES.len())).unwrap_or(&"x"));
    }
    // The number in letters makes every name one of a kind.
    let tail: String = format!("{i:03}").bytes().map(|b| char::from(b - b'0' + b'k')).collect();
    let word = format!("{word}{tail}");
    let text = format!("{word}.co.jp");
    let domain =
        DomainName::parse(&text).ok_or(AnonymityError::BadDomain { position: i + 1, text })?;
    let network = format!("45.{}.{}.0/24", 10 + i / 200, 10 + i % 200);
    let network = network
        .parse()
        .map_err(|_| AnonymityError::BadNetwork { position: i + 1, text: network })?;
    Ok(RegisterMember {
        id: MemberId::new(format!("f{i:04}")),
        names: vec![format!("{word} Holdings, Inc."), format!("架空{word}株式会社")],
        label_path: vec!["x".into()],
        weight: 1,
        joined: Timestamp::default(),
        left: None,
        domains: vec![domain],
        networks: vec![network],
        brands: vec![word],
    })
}

/// A name no member has: other letters.
fn lure(chance: &mut Twister) -> String {
    const LETTERS: [&str; 12] =
        ["qo", "qi", "xu", "xa", "zy", "vy", "qa", "xe", "vu", "zi", "qe", "xo"];
    (0..5).filter_map(|_| LETTERS.get(chance.below(LETTERS.len())).copied()).collect()
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let joined = chunk.iter().fold(0_usize, |all, b| all << 8 | usize::from(*b));
        let joined = joined << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            let index = joined >> (18 - 6 * place) & 63;
            out.extend(ALPHABET.get(index).map(|b| char::from(*b)));
        }
    }
    out
}

/// As a tool writes it: each has its own ways.
fn written(tool: usize, indicators: &[(Kind, String)]) -> Vec<u8> {
    let list: Vec<String> =
        indicators.iter().map(|(_, v)| serde_json::to_string(v).unwrap_or_default()).collect();
    let list = list.join(", ");
    match tool {
        0 => format!("{{\"info\":\"phishing\",\"timestamp\":\"1790000000\",\"values\":[{list}]}}"),
        1 => format!("{{\"values\": [{list}], \"created\": \"2026-11-23T10:11:12.123456Z\"}}"),
        2 => format!("{{\n  \"created\": \"2026-11-23T10:11:12Z\",\n  \"values\": [{list}]\n}}"),
        3 => {
            format!("{{\"created\":\"2026-11-23T19:11:12+09:00\",\"values\":[{list}],\"x_soc\":1}}")
        }
        4 => format!("{{\r\n\t\"values\": [{list}],\r\n\t\"count\": {}\r\n}}", indicators.len()),
        _ => format!(
            "{{\"lang\":\"ja\",\"created\":\"2026-11-23T10:11:12.000Z\",\"values\":[{list}]}}"
        ),
    }
    .into_bytes()
}

fn cleaned(indicators: &[(Kind, String)]) -> Vec<u8> {
    let values: Vec<&String> = indicators.iter().map(|(_, value)| value).collect();
    json!({"created": "2026-11-23T00:00:00.000Z", "values": values}).to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_can_be_reported() {
        let world = World::make(1, 10);
        let mut specimens = Specimens::of(&world).unwrap();
        let mut kinds = std::collections::BTreeSet::new();
        for victim in 0..400 {
            for (kind, text) in specimens.planted(victim) {
                assert!(Observable::parse(kind, &text).is_ok(), "{kind} {text}");
                kinds.insert(kind.to_string());
            }
        }
        assert!(kinds.len() >= 8, "{kinds:?}");
    }
}
