//! Free text: one line without outer blanks (`Text`), one line of markup, many lines of markup, mail addresses, base64.

use super::text_type;

text_type!(
    /// One line of text that is not empty and has no blank at either end.
    Text,
    "one line of text without a blank at either end",
    is_line,
    { "type": "string", "pattern": r"^\S(.*\S)?$" }
);

text_type!(
    /// One line of text with inline markup; neither empty nor broken.
    MarkupLine,
    "one line of text, neither empty nor with a line break",
    |text| !text.is_empty() && !text.contains('\n'),
    { "type": "string", "pattern": "^[^\n]+$" }
);

text_type!(
    /// Text with markup, over as many lines as it needs.
    Markup,
    "text",
    |_| true,
    { "type": "string" }
);

text_type!(
    /// A mail address.
    Email,
    "a mail address",
    |text| is_line(text) && text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty()),
    { "type": "string", "format": "email", "pattern": r"^\S(.*\S)?$", "allOf": [{ "pattern": "^.+@.+$" }] }
);

text_type!(
    /// A day, perhaps with an offset from UTC.
    Date,
    "a day such as 2026-11-23",
    is_date,
    { "type": "string", "pattern": r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(Z|[+-][0-9]{2}:[0-9]{2})?$" }
);

text_type!(
    /// Bytes in base64, as written.
    Base64,
    "base64 without line breaks",
    is_base64,
    { "type": "string", "pattern": "^[0-9A-Za-z+/]+={0,2}$", "contentEncoding": "base64" }
);

fn is_line(text: &str) -> bool {
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    !text.is_empty() && !text.starts_with(blank) && !text.ends_with(blank) && !text.contains(breaks_line)
}

fn breaks_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// The calendar is not asked: what the schema lets through, such as the 31st of February, is read.
fn is_date(text: &str) -> bool {
    let digits = |part: &str, len: usize| part.len() == len && part.bytes().all(|byte| byte.is_ascii_digit());
    let within = |part: &str, most: u32| digits(part, 2) && part.parse().is_ok_and(|number: u32| (1..=most).contains(&number));
    let (Some(day), Some(offset)) = (text.get(..10), text.get(10..)) else { return false };
    let is_day = matches!(day.split('-').collect::<Vec<_>>().as_slice(), [y, m, d] if digits(y, 4) && within(m, 12) && within(d, 31));
    let is_offset =
        || offset.strip_prefix(['+', '-']).and_then(|rest| rest.split_once(':')).is_some_and(|(h, m)| digits(h, 2) && digits(m, 2));
    is_day && (offset.is_empty() || offset == "Z" || is_offset())
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty() && text.len() - body.len() <= 2 && body.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
}

/// Somebody else's text on one line: each run of line breaks becomes one blank, outer blanks go.
fn on_one_line(text: &str) -> String {
    let pieces = text.split(breaks_line).map(str::trim).filter(|piece| !piece.is_empty());
    let joined = pieces.collect::<Vec<_>>().join(" ");
    joined.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned()
}

impl Base64 {
    /// The bytes; `None` where the text does not stand for whole bytes. Missing padding is forgiven.
    pub fn decoded(&self) -> Option<Vec<u8>> {
        data_encoding::BASE64_NOPAD.decode(self.as_str().trim_end_matches('=').as_bytes()).ok()
    }
}

impl Text {
    /// Somebody else's text, made to fit: line breaks become blanks and outer blanks go; `None` when nothing is left.
    pub fn fitted(text: &str) -> Option<Self> {
        on_one_line(text).parse().ok()
    }
}

impl MarkupLine {
    /// Somebody else's text, made to fit: line breaks become blanks and outer blanks go; `None` when nothing is left.
    pub fn fitted(text: &str) -> Option<Self> {
        on_one_line(text).parse().ok()
    }
}

impl From<&str> for Markup {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Markup {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<Text> for Markup {
    fn from(text: Text) -> Self {
        Self(text.0)
    }
}

impl From<MarkupLine> for Markup {
    fn from(line: MarkupLine) -> Self {
        Self(line.0)
    }
}

impl From<Text> for MarkupLine {
    fn from(text: Text) -> Self {
        Self(text.0)
    }
}

impl From<super::Token> for Text {
    fn from(token: super::Token) -> Self {
        token.as_str().parse().expect("every token is one line without blanks")
    }
}

#[cfg(test)]
mod tests {
    use super::{Base64, Email, MarkupLine, Text};

    #[test]
    fn text_has_no_outer_blanks_and_no_line_breaks() {
        for bad in ["", " a", "a ", "a\nb", "a\r\nb", "\t"] {
            assert!(bad.parse::<Text>().is_err(), "{bad:?}");
        }
        assert_eq!("a  b".parse::<Text>().expect("inner blanks are allowed"), "a  b");
        assert!("a\nb".parse::<MarkupLine>().is_err());
    }

    #[test]
    fn a_tag_value_from_a_cloud_is_made_to_fit_or_is_nothing() {
        assert_eq!(Text::fitted(" team a \n\n oncall ").expect("fits"), "team a oncall");
        assert_eq!(Text::fitted(" \n "), None);
    }

    #[test]
    fn mail_addresses_and_base64_are_checked() {
        assert!("a@b".parse::<Email>().is_ok() && "a@".parse::<Email>().is_err());
        assert!("QUJD==".parse::<Base64>().is_ok() && "QU JD".parse::<Base64>().is_err());
    }
}
