//! The sectors of the synthetic register and how many firms each has.

/// A sub-sector with its place in the label tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sector {
    /// Super-sector.
    pub above: &'static str,
    /// Sector.
    pub sector: &'static str,
    /// Sub-sector.
    pub name: &'static str,
    /// Firms at the start.
    pub firms: usize,
}

const fn s(above: &'static str, sector: &'static str, name: &'static str, firms: usize) -> Sector {
    Sector { above, sector, name, firms }
}

/// Every sub-sector: 408 firms in all.
pub const SECTORS: [Sector; 34] = [
    s("energy", "electricity", "generation", 20),
    s("energy", "electricity", "grid", 10),
    s("energy", "electricity", "retail", 14),
    s("energy", "gas", "city-gas", 12),
    s("energy", "oil", "refining", 8),
    s("transport", "rail", "rail-JR", 7),
    s("transport", "rail", "rail-private", 16),
    s("transport", "road", "trucking", 8),
    s("transport", "sea", "shipping", 6),
    s("transport", "sea", "ports", 12),
    s("transport", "air", "airlines", 4),
    s("transport", "air", "airports", 6),
    s("comms", "telecom", "carriers", 18),
    s("comms", "broadcast", "tv-radio", 8),
    s("comms", "post", "postal", 2),
    s("finance", "banking", "banks", 30),
    s("finance", "insurance", "insurers", 14),
    s("finance", "securities", "brokers", 10),
    s("finance", "cards", "card-issuers", 10),
    s("public", "water", "waterworks", 22),
    s("public", "government", "agencies", 30),
    s("public", "medical", "hospitals", 30),
    s("manufact", "heavy", "defence-shipbuilding", 3),
    s("manufact", "heavy", "heavy-electric", 4),
    s("manufact", "heavy", "machinery", 6),
    s("manufact", "auto", "car-makers", 8),
    s("manufact", "auto", "parts", 14),
    s("manufact", "electronics", "ict", 12),
    s("manufact", "electronics", "components", 10),
    s("manufact", "materials", "chemicals", 12),
    s("manufact", "materials", "steel", 6),
    s("it", "isp", "isp", 12),
    s("it", "services", "integrators", 16),
    s("it", "services", "cloud", 8),
];

/// Regions, most firms first.
pub const REGIONS: [&str; 8] =
    ["Kanto", "Kansai", "Chubu", "Kyushu", "Tohoku", "Chugoku", "Hokkaido", "Shikoku"];

/// Words for the steps of the label tree: step, Japanese, English.
pub const STEP_WORDS: &[(&str, &str, &str)] = &[
    ("energy", "エネルギー", "energy"),
    ("electricity", "電気", "electricity"),
    ("generation", "発電", "power generation"),
    ("grid", "送配電", "power grids"),
    ("retail", "電力小売", "electricity retail"),
    ("gas", "ガス", "gas"),
    ("city-gas", "都市ガス", "city gas"),
    ("oil", "石油", "oil"),
    ("refining", "石油精製", "oil refining"),
    ("transport", "運輸", "transport"),
    ("rail", "鉄道", "rail"),
    ("rail-JR", "JR各社", "JR railways"),
    ("rail-private", "民営鉄道", "private railways"),
    ("road", "道路輸送", "road transport"),
    ("trucking", "トラック輸送", "trucking"),
    ("sea", "海運・港湾", "sea transport"),
    ("shipping", "海運", "shipping"),
    ("ports", "港湾", "ports"),
    ("air", "航空", "air transport"),
    ("airlines", "航空会社", "airlines"),
    ("airports", "空港", "airports"),
    ("comms", "通信・放送", "communications"),
    ("telecom", "電気通信", "telecommunications"),
    ("carriers", "通信事業者", "carriers"),
    ("broadcast", "放送", "broadcasting"),
    ("tv-radio", "テレビ・ラジオ", "television and radio"),
    ("post", "郵便", "post"),
    ("postal", "郵便事業", "postal services"),
    ("finance", "金融", "finance"),
    ("banking", "銀行業", "banking"),
    ("banks", "銀行", "banks"),
    ("insurance", "保険", "insurance"),
    ("insurers", "保険会社", "insurers"),
    ("securities", "証券", "securities"),
    ("brokers", "証券会社", "brokers"),
    ("cards", "クレジット", "payment cards"),
    ("card-issuers", "カード会社", "card issuers"),
    ("public", "公共", "public services"),
    ("water", "水道", "water"),
    ("waterworks", "水道事業", "waterworks"),
    ("government", "政府・行政", "government"),
    ("agencies", "行政機関", "agencies"),
    ("medical", "医療", "health care"),
    ("hospitals", "病院", "hospitals"),
    ("manufact", "製造業", "manufacturing"),
    ("heavy", "重工業", "heavy industry"),
    ("defence-shipbuilding", "防衛・造船", "defence and shipbuilding"),
    ("heavy-electric", "重電", "heavy electrical machinery"),
    ("machinery", "機械", "machinery"),
    ("auto", "自動車", "automotive"),
    ("car-makers", "自動車メーカー", "automakers"),
    ("parts", "自動車部品", "car parts"),
    ("electronics", "電機・電子", "electronics"),
    ("ict", "情報通信機器", "ICT equipment"),
    ("components", "電子部品", "components"),
    ("materials", "素材", "materials"),
    ("chemicals", "化学", "chemicals"),
    ("steel", "鉄鋼", "steel"),
    ("it", "情報サービス", "IT"),
    ("isp", "プロバイダー", "internet providers"),
    ("services", "ITサービス", "IT services"),
    ("integrators", "システム開発", "system integrators"),
    ("cloud", "クラウド", "cloud services"),
];
