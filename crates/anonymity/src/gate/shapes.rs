//! Shapes that several rules look for in a text: paths, words, listed endings of names.

/// The text with every sign that stands for a backslash as one: a path from a Japanese or Korean
/// machine is written with the sign of its currency, and a copied one with look-alikes.
pub(super) fn with_backslashes(text: &str) -> String {
    let sign = |c| if matches!(c, '¥' | '₩' | '＼' | '﹨' | '∖' | '⧵') { '\\' } else { c };
    text.chars().map(sign).collect()
}

/// The end of a text, as far as a name may reach back: what repeats itself over a whole rule is not
/// read again for each repetition.
pub(super) fn tail(text: &str) -> &str {
    let mut from = text.len().saturating_sub(LONGEST_NAME);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..).unwrap_or_default()
}

/// Longest name in the DNS, in bytes (RFC 1035, section 2.3.4).
const LONGEST_NAME: usize = 255;

/// Pieces between everything that is neither letter nor digit nor one of `also`.
pub(super) fn words<'a>(text: &'a str, also: &'a [char]) -> impl Iterator<Item = &'a str> {
    text.split(move |c: char| !c.is_alphanumeric() && !also.contains(&c)).filter(|w| !w.is_empty())
}

/// The labels that stand before `.suffix` wherever it ends a name or a part of one, in a text of
/// small letters.
pub(super) fn labels_before<'a>(text: &'a str, suffix: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(suffix).filter_map(move |(at, _)| {
        let after = text.get(at + suffix.len()..).and_then(|rest| rest.chars().next());
        let before = text.get(..at)?.strip_suffix('.')?;
        let label = before.rsplit(|c: char| !c.is_alphanumeric() && !"-_".contains(c)).next()?;
        (!label.is_empty() && !after.is_some_and(char::is_alphanumeric)).then_some(label)
    })
}

/// Endings of files that stand on servers or are sent: `report.pdf` is no person and no domain.
const ENDINGS: &str = " 7z aac ai apk app asp aspx avi bak bat bin bmp bz2 cab cer cfg cfm cgi chm class cmd com \
conf config cpl crl crt css csv dat db deb der dll dmg doc docm docx dot dotm drv efi elf eml eps exe gif gz hta htc \
htm html ico img ini iso jar java jpeg jpg js jse json jsp jspx key lib lnk log lua lzh m3u8 m4a map md \
mdb mht mkv mov mp3 mp4 msc msg msi mui ocx odt one ova p12 p7b pac pak pdb pdf pem php php3 php5 php7 phtml \
pif pl png ppt pptm pptx prx ps1 psd psm1 py pyc rar rb rdp reg rpm rss rtf scr sct sh shtml sln so sql \
svc svg swf swp sys tar tgz tif tiff tmp torrent ts ttf txt url vb vba vbe vbs vhd vhdx war wasm wav \
wasm webm webp wmf wmv woff woff2 wsc wsf xap xhtml xla xll xls xlsb xlsm xlsx xml xsl xz zip ";

/// Whether a name ends like a file.
pub(super) fn is_file_ending(ending: &str) -> bool {
    let ending = ending.to_ascii_lowercase();
    !ending.is_empty()
        && ending.bytes().all(|b| b.is_ascii_alphanumeric())
        && ENDINGS.contains(&format!(" {ending} "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_endings_are_whole_words() {
        assert!(is_file_ending("PHP") && is_file_ending("7z") && is_file_ending("xz"));
        assert!(!is_file_ending("") && !is_file_ending("yamada") && !is_file_ending("ph"));
        assert!(!is_file_ending("php pl"));
    }

    #[test]
    fn every_backslash_is_one() {
        assert_eq!(with_backslashes("C:¥Users＼x"), "C:\\Users\\x");
    }
}
