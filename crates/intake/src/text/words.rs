//! Word lists that tell names on the network from file names, code and prose.

/// Whether a sorted list has this word.
pub(super) fn has(sorted: &[&str], word: &str) -> bool {
    sorted.binary_search(&word).is_ok()
}

/// How much a top-level domain speaks for a file, where it is a file extension too.
pub(super) fn file_bias(top: &str) -> Option<i32> {
    let found = FILE_SUFFIXES.binary_search_by(|(t, _)| (*t).cmp(top)).ok()?;
    FILE_SUFFIXES.get(found).map(|(_, bias)| *bias)
}

/// Labels before a version number, as whole words.
pub(super) const VERSION_WORDS: [&str; 22] = [
    "v",
    "v.",
    "ver",
    "ver.",
    "versions",
    "osver",
    "fwver",
    "swver",
    "appver",
    "rev",
    "rev.",
    "build",
    "release",
    "firmware",
    "kernel",
    "fw",
    "bios",
    "バージョン",
    "ビルド",
    "ファームウェア",
    "リリース",
    "版数",
];

/// Labels before a version number, also as the tail of a longer word.
pub(super) const VERSION_TAILS: [&str; 3] = ["version", "Ver", "バージョンが"];

/// Labels before the number of a section, figure or table.
pub(super) const SECTION_WORDS: [&str; 24] = [
    "section", "sec.", "chapter", "clause", "article", "appendix", "annex", "figure", "fig.",
    "table", "step", "item", "§", "第", "図", "表", "別紙", "様式", "手順", "付録", "項番", "章",
    "節", "条",
];

/// Labels before a hash that is not the hash of a file.
pub(super) const OTHER_HASHES: [&str; 36] = [
    "imphash",
    "imp hash",
    "commit",
    "checkout",
    "revert",
    "cherry-pick",
    "revision",
    "tree",
    "parent",
    "blob",
    "head",
    "ja3s",
    "ja3s hash",
    "ja3s_hash",
    "thumbprint",
    "serial",
    "serial number",
    "phpsessid",
    "jsessionid",
    "sessid",
    "session",
    "session_id",
    "sessionid",
    "token",
    "csrf",
    "etag",
    "nonce",
    "guid",
    "uuid",
    "trace",
    "trace_id",
    "traceid",
    "request_id",
    "apikey",
    "拇印",
    "シリアル番号",
];

/// Words near a name that say it is one on the network.
pub(super) const NETWORK_WORDS: [&str; 22] = [
    "domain",
    "ドメイン",
    "host",
    "ホスト",
    "c2",
    "c&c",
    "command and control",
    "fqdn",
    "dns",
    "resolve",
    "通信",
    "接続",
    "宛先",
    "サイト",
    "サーバ",
    "website",
    "server",
    "beacon",
    "sinkhole",
    "registered",
    "遮断",
    "callback",
];

/// Words near a name that say it is a file.
pub(super) const FILE_WORDS: [&str; 18] = [
    "file",
    "ファイル",
    "script",
    "スクリプト",
    "attach",
    "添付",
    "archive",
    "execut",
    "run ",
    "実行",
    "展開",
    "dropped",
    "module",
    "unpack",
    "named",
    "edit",
    "圧縮",
    "保存",
];

/// First labels of a name under which programs speak of their own things.
pub(super) const CODE_HEADS: [&str; 73] = [
    "agent",
    "args",
    "array",
    "client",
    "cloud",
    "config",
    "console",
    "container",
    "context",
    "controller",
    "ctx",
    "data",
    "destination",
    "device",
    "dns",
    "document",
    "element",
    "env",
    "err",
    "error",
    "event",
    "exports",
    "file",
    "files",
    "host",
    "http",
    "item",
    "java",
    "javax",
    "json",
    "list",
    "log",
    "map",
    "math",
    "model",
    "module",
    "node",
    "np",
    "obj",
    "object",
    "options",
    "organization",
    "os",
    "package",
    "params",
    "pd",
    "process",
    "registry",
    "req",
    "request",
    "res",
    "response",
    "result",
    "router",
    "rule",
    "self",
    "server",
    "service",
    "session",
    "settings",
    "source",
    "std",
    "string",
    "sys",
    "system",
    "this",
    "threat",
    "torch",
    "url",
    "user",
    "view",
    "window",
    "winlog",
];

/// First labels of names written the other way round, as packages are.
pub(super) const REVERSED_HEADS: [&str; 20] = [
    "android",
    "cn",
    "com",
    "de",
    "dev",
    "edu",
    "fr",
    "gov",
    "io",
    "java",
    "javax",
    "jp",
    "kotlin",
    "me",
    "microsoft",
    "net",
    "org",
    "ru",
    "sun",
    "uk",
];

/// Words that open the names virus scanners give.
pub(super) const FAMILY_WORDS: [&str; 20] = [
    "adware",
    "backdoor",
    "downloader",
    "exploit",
    "generic",
    "hacktool",
    "heur",
    "msil",
    "ransom",
    "rootkit",
    "spyware",
    "trojan",
    "trojandownloader",
    "variant",
    "virus",
    "w32",
    "w64",
    "win32",
    "win64",
    "worm",
];

/// Products whose names look like domains.
pub(super) const PRODUCTS: [&str; 8] = [
    "ado.net",
    "asp.net",
    "command.com",
    "ml.net",
    "paint.net",
    "socket.io",
    "system.io",
    "vb.net",
];

/// Base names of files that everybody has.
pub(super) const FILE_BASES: [&str; 62] = [
    "app",
    "archive",
    "backup",
    "build",
    "changelog",
    "client",
    "cmd",
    "config",
    "configure",
    "contributing",
    "core",
    "data",
    "default",
    "deploy",
    "docs",
    "document",
    "exploit",
    "file",
    "guide",
    "helper",
    "image",
    "index",
    "init",
    "install",
    "invoice",
    "kernel",
    "lib",
    "libtool",
    "license",
    "loader",
    "main",
    "make",
    "makefile",
    "manage",
    "mod",
    "models",
    "module",
    "movie",
    "multi-user",
    "network",
    "note",
    "notes",
    "payload",
    "photo",
    "readme",
    "report",
    "run",
    "sample",
    "script",
    "security",
    "server",
    "setup",
    "shell",
    "start",
    "stop",
    "test",
    "tests",
    "tool",
    "update",
    "util",
    "utils",
    "views",
];

/// Top-level domains that are file extensions too, with how much they speak for a file.
pub(super) const FILE_SUFFIXES: [(&str, i32); 40] = [
    ("ac", 0),
    ("ai", 0),
    ("am", 0),
    ("app", 0),
    ("bz", 0),
    ("cab", 3),
    ("cat", 0),
    ("cc", 0),
    ("cl", 0),
    ("do", 1),
    ("docs", 2),
    ("dot", 3),
    ("in", 0),
    ("inc", 2),
    ("java", 3),
    ("la", 0),
    ("lc", 0),
    ("lk", 0),
    ("md", 2),
    ("mm", 1),
    ("mo", 0),
    ("mov", 3),
    ("ms", 0),
    ("name", 0),
    ("page", 0),
    ("pl", 0),
    ("pm", 2),
    ("properties", 3),
    ("ps", 2),
    ("pub", 1),
    ("py", 2),
    ("rs", 2),
    ("save", 2),
    ("sh", 2),
    ("so", 2),
    ("st", 0),
    ("target", 3),
    ("tf", 2),
    ("vi", 0),
    ("zip", 3),
];

/// Top-level domains that stand for the network and nothing else.
pub(super) const CLASSIC_SUFFIXES: [&str; 22] = [
    "biz", "club", "cn", "com", "de", "fr", "icu", "info", "jp", "kr", "net", "onion", "online",
    "org", "ru", "shop", "tk", "top", "tw", "uk", "vip", "xyz",
];

/// Top-level domains that are words of English prose.
pub(super) const WORD_SUFFIXES: [&str; 20] = [
    "am", "as", "at", "be", "by", "do", "how", "in", "is", "it", "me", "my", "new", "no", "now",
    "or", "so", "to", "us", "you",
];

/// English words a sentence ends with more often than a domain begins.
pub(super) const PROSE_WORDS: [&str; 70] = [
    "access", "all", "and", "any", "attack", "case", "clear", "company", "data", "day", "done",
    "down", "email", "end", "file", "fine", "found", "goes", "good", "her", "here", "him", "is",
    "it", "know", "knows", "late", "left", "made", "malware", "me", "more", "network", "no", "not",
    "now", "off", "office", "on", "one", "or", "out", "over", "report", "seen", "server", "so",
    "sure", "system", "team", "thank", "that", "them", "then", "there", "this", "time", "too",
    "up", "us", "used", "user", "was", "way", "week", "well", "what", "work", "year", "yes",
];

/// Words that come before "dot com" in prose.
pub(super) const NOT_BEFORE_DOT: [&str; 12] =
    ["the", "a", "an", "this", "that", "polka", "each", "every", "one", "in", "of", "at"];

/// Words that come after "dot com" in prose.
pub(super) const NOT_AFTER_DOT: [&str; 7] =
    ["bubble", "boom", "era", "crash", "bust", "company", "companies"];

/// Top-level domains of alternative name systems that malware uses.
pub(super) const ALTERNATIVE_SUFFIXES: [&str; 12] =
    ["bit", "bazar", "i2p", "lib", "coin", "emc", "eth", "crypto", "loki", "zil", "onion", "bbs"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searched_lists_are_sorted() {
        let lists: [&[&str]; 8] = [
            &CODE_HEADS,
            &REVERSED_HEADS,
            &FAMILY_WORDS,
            &PRODUCTS,
            &FILE_BASES,
            &CLASSIC_SUFFIXES,
            &WORD_SUFFIXES,
            &PROSE_WORDS,
        ];
        assert!(lists.iter().all(|l| l.is_sorted()));
        assert!(FILE_SUFFIXES.is_sorted());
    }
}
