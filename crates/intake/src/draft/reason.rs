//! Why a candidate is not an indicator.

/// The reason, with a stable code and a sentence in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DropReason {
    /// A file name whose extension happens to be a top-level domain.
    FileName,
    /// A version number.
    Version,
    /// The number of a section, figure or table.
    Section,
    /// A name in source code.
    Code,
    /// A virus scanner's name for a malware family.
    DetectionName,
    /// Two sentences without a space between them, or an ordinary word.
    Prose,
    /// A path on a file system.
    Path,
    /// The identifier of a mail message.
    MessageId,
    /// Somebody the mail was sent to: the victim's side.
    Recipient,
    /// A host the mail passed on the victim's side.
    ReceivingHost,
    /// The top-level domain does not exist.
    UnknownSuffix,
    /// A public suffix such as `co.jp`, which nobody owns.
    PublicSuffix,
    /// Hexadecimal digits that are not the hash of a file: a commit, an import hash, a session.
    NotAFileHash,
    /// Shaped like an indicator but not a valid one.
    Malformed,
    /// A kind of fact that is not shared as an indicator.
    NotCarried,
    /// Said not to be the case: `!=`, `NOT`.
    Negated,
    /// Withdrawn by its author.
    Revoked,
    /// Marked as harmless by its author.
    Benign,
    /// Names the target of the attack.
    Target,
    /// Stands among remarks and references, and nothing marks it as an indicator.
    Remark,
}

impl DropReason {
    /// Every reason.
    pub const ALL: [Self; 20] = [
        Self::FileName,
        Self::Version,
        Self::Section,
        Self::Code,
        Self::DetectionName,
        Self::Prose,
        Self::Path,
        Self::MessageId,
        Self::Recipient,
        Self::ReceivingHost,
        Self::UnknownSuffix,
        Self::PublicSuffix,
        Self::NotAFileHash,
        Self::Malformed,
        Self::NotCarried,
        Self::Negated,
        Self::Revoked,
        Self::Benign,
        Self::Target,
        Self::Remark,
    ];

    /// The stable machine name.
    pub const fn code(self) -> &'static str {
        self.texts().0
    }

    /// The reason in English.
    pub const fn english(self) -> &'static str {
        self.texts().1
    }

    /// The reason in Japanese.
    pub const fn japanese(self) -> &'static str {
        self.texts().2
    }

    const fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::FileName => ("file-name", "A file name.", "ファイル名です。"),
            Self::Version => ("version", "A version number.", "バージョン番号です。"),
            Self::Section => {
                ("section", "The number of a section or figure.", "章・図表の番号です。")
            }
            Self::Code => ("code", "A name in program code.", "プログラムコード中の名前です。"),
            Self::DetectionName => (
                "detection-name",
                "A virus scanner's name for malware.",
                "ウイルス対策製品の検出名です。",
            ),
            Self::Prose => ("prose", "Ordinary words.", "通常の文章です。"),
            Self::Path => ("path", "A path on a file system.", "ファイルパスです。"),
            Self::MessageId => {
                ("message-id", "The identifier of a mail message.", "メールのMessage-IDです。")
            }
            Self::Recipient => (
                "recipient",
                "Somebody the mail was sent to; never shared.",
                "メールの受信者側の情報です。共有されません。",
            ),
            Self::ReceivingHost => (
                "receiving-host",
                "A mail server on the receiving side; never shared.",
                "受信側のメールサーバーです。共有されません。",
            ),
            Self::UnknownSuffix => (
                "unknown-suffix",
                "The top-level domain does not exist.",
                "存在しないトップレベルドメインです。",
            ),
            Self::PublicSuffix => (
                "public-suffix",
                "A public suffix, which nobody owns.",
                "誰のものでもない公開サフィックスです。",
            ),
            Self::NotAFileHash => (
                "not-a-file-hash",
                "Hexadecimal digits that are not the hash of a file.",
                "ファイルのハッシュ値ではない16進数です。",
            ),
            Self::Malformed => (
                "malformed",
                "Looks like an indicator but is not a valid one.",
                "インディケータの形をしていますが、正しい値ではありません。",
            ),
            Self::NotCarried => (
                "not-carried",
                "A kind of information that is not shared as an indicator.",
                "インディケータとして共有しない種類の情報です。",
            ),
            Self::Negated => (
                "negated",
                "The pattern says that it is not this.",
                "パターンが「これではない」と述べています。",
            ),
            Self::Revoked => ("revoked", "Withdrawn by its author.", "作成者が取り消しています。"),
            Self::Benign => {
                ("benign", "Marked as harmless by its author.", "作成者が無害と記しています。")
            }
            Self::Target => (
                "target",
                "Names the target of the attack; never shared.",
                "攻撃対象を示す情報です。共有されません。",
            ),
            Self::Remark => (
                "remark",
                "Stands among remarks or references, not among the indicators.",
                "備考や参考情報であり、インディケータとして書かれていません。",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_kebab_case() {
        let codes: std::collections::BTreeSet<_> =
            DropReason::ALL.iter().map(|r| r.code()).collect();
        assert_eq!(codes.len(), DropReason::ALL.len());
        assert!(codes.iter().all(|c| c.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
    }
}
