//! Globs over control ids: `*` any characters, `?` one, `[a-c]` one of a set, `[!a-c]` one outside it.

/// Whether the whole of `text` fits the pattern. An empty pattern fits nothing.
pub(in crate::resolve) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    !pattern.is_empty() && fits(&pattern, &text)
}

/// Tries the rest after the last star only: an earlier star never needs to give way again.
fn fits(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p + 1, t));
            p += 1;
        } else if let Some(width) = one(&pattern[p..], text[t]) {
            p += width;
            t += 1;
        } else if let Some((after, from)) = star {
            star = Some((after, from + 1));
            (p, t) = (after, from + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// How many characters of the pattern stand for this one character of the text, if they do.
fn one(pattern: &[char], c: char) -> Option<usize> {
    match pattern.first()? {
        '?' => Some(1),
        '[' => {
            let close = pattern.iter().skip(2).position(|c| *c == ']')? + 2;
            let inside = &pattern[1..close];
            let (negated, set) = match inside.split_first() {
                Some(('!', rest)) => (true, rest),
                _ => (false, inside),
            };
            (in_set(set, c) != negated).then_some(close + 1)
        }
        literal => (*literal == c).then_some(1),
    }
}

fn in_set(set: &[char], c: char) -> bool {
    match set {
        [from, '-', to, rest @ ..] => (*from..=*to).contains(&c) || in_set(rest, c),
        [first, rest @ ..] => *first == c || in_set(rest, c),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_marks_and_sets_fit_what_they_say() {
        for (pattern, text) in
            [("*", "ac-1"), ("ac-*", "ac-2.1"), ("ac-?", "ac-2"), ("*-1*.2", "ac-11.1.2"), ("[a-b]c-1", "ac-1"), ("ac-[!2]", "ac-1")]
        {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("", ""), ("", "ac-1"), ("ac-?", "ac-12"), ("ac", "ac-1"), ("[a-b]c-1", "cc-1"), ("ac-[!2]", "ac-2"), ("[a", "a")]
        {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
