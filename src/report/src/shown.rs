//! Text as a person may be shown it. A resource can be named so that it clears a terminal, paints a row green or turns the reading
//! direction of what follows ("Trojan Source", CVE-2021-42574); such characters are shown as what they are.

use std::borrow::Cow;
use std::fmt::Write;

/// One line: characters that move the cursor, break the line or turn the direction become their escapes, such as `\u{1b}`.
pub fn shown(text: &str) -> Cow<'_, str> {
    escaped(text, acts)
}

/// Several lines: line breaks and tabs stay.
pub fn shown_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| acts(c) && c != '\n' && c != '\t')
}

fn escaped(text: &str, acts: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&acts) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match acts(c) {
            true => write!(safe, "{}", c.escape_unicode()).expect("text takes everything"),
            false => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

/// Controls (C0, DEL, C1), separators of lines, and the marks, embeddings, overrides and isolates of direction (UAX #9).
fn acts(c: char) -> bool {
    c.is_control() || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_terminal_is_shown_as_what_it_is_and_the_rest_is_left_alone() {
        assert!(matches!(shown("Müller’s bucket, 100 % — 日本"), Cow::Borrowed(_)));
        assert_eq!(shown("a\u{1b}[2Jb\u{202e}c\r\n\u{9b}"), "a\\u{1b}[2Jb\\u{202e}c\\u{d}\\u{a}\\u{9b}");
        assert_eq!(shown_lines("a\n\tb\u{7}"), "a\n\tb\\u{7}");
    }
}
