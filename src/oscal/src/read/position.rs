//! Where in a document an offset lies: line and column for an editor, JSON pointer for a program.

use std::collections::HashMap;

/// Line and column of an offset, both from one; columns count bytes.
pub(super) fn line_and_column(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = &bytes[..offset.min(bytes.len())];
    let line = 1 + before.iter().filter(|b| **b == b'\n').count();
    let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    (line, (before.len() - start).max(1))
}

/// The same of many offsets, counting lines once.
pub(super) fn lines_and_columns(bytes: &[u8], offsets: &[usize]) -> Vec<(usize, usize)> {
    let breaks: Vec<usize> = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect();
    let place = |offset: &usize| {
        let offset = (*offset).min(bytes.len());
        let before = breaks.partition_point(|at| *at < offset);
        let start = before.checked_sub(1).map_or(0, |last| breaks[last] + 1);
        (before + 1, (offset - start).max(1))
    };
    offsets.iter().map(place).collect()
}

/// The offset of serde_json's line (from one) and column (bytes of the line already read).
pub(super) fn offset_of(bytes: &[u8], line: usize, column: usize) -> usize {
    let start = match line {
        0 | 1 => 0,
        _ => {
            let mut breaks = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n');
            breaks.nth(line - 2).map_or(bytes.len(), |(at, _)| at + 1)
        }
    };
    (start + column).min(bytes.len())
}

/// One level of nesting: the member of an object, or the item of an array, that is being read.
enum Frame<'a> {
    Object { key: Option<&'a [u8]> },
    Array { index: usize },
}

/// The JSON pointer to what ends at `offset`. Needs the JSON to be well formed up to there only.
pub(super) fn pointer_at(bytes: &[u8], offset: usize) -> String {
    let end = offset.min(bytes.len());
    let mut frames: Vec<Frame> = Vec::new();
    let mut at = 0;
    while at < end {
        match bytes[at] {
            b'"' => {
                let close = end_of_string(bytes, at);
                if let Some(Frame::Object { key: key @ None }) = frames.last_mut() {
                    *key = Some(&bytes[at + 1..close.min(bytes.len())]);
                }
                at = close;
            }
            b'{' => frames.push(Frame::Object { key: None }),
            b'[' => frames.push(Frame::Array { index: 0 }),
            b'}' | b']' => drop(frames.pop()),
            b',' => match frames.last_mut() {
                Some(Frame::Object { key }) => *key = None,
                Some(Frame::Array { index }) => *index += 1,
                None => {}
            },
            _ => {}
        }
        at += 1;
    }
    frames.iter().filter_map(segment).map(|segment| format!("/{segment}")).collect()
}

/// The offset of what a pointer points at; of the innermost thing on its way where it points at nothing.
pub(super) fn offset_of_pointer(bytes: &[u8], pointer: &str) -> usize {
    let mut at = skip_blank(bytes, 0);
    for segment in pointer.split('/').skip(1) {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        match inside(bytes, at, &segment) {
            Some(inner) => at = inner,
            None => break,
        }
    }
    at
}

/// The same for many pointers, in one walk.
pub(super) fn offsets_of_pointers(bytes: &[u8], pointers: &[&str]) -> Vec<usize> {
    // Everything on the way to what is wanted is looked for as well: it is the way there, and stands in for what is not there.
    let mut wanted: HashMap<&str, Option<usize>> = HashMap::new();
    let above = |pointer: &str| pointer.rfind('/');
    for pointer in pointers {
        let mut way = Some(*pointer);
        while let Some(place) = way.filter(|place| wanted.insert(place, None).is_none()) {
            way = above(place).map(|end| &place[..end]);
        }
    }
    visit(bytes, skip_blank(bytes, 0), &mut String::new(), &mut wanted);
    let nearest = |pointer: &&str| {
        let mut place = *pointer;
        loop {
            match (wanted.get(place).copied().flatten(), above(place)) {
                (Some(offset), _) => return offset,
                (None, Some(end)) => place = &place[..end],
                (None, None) => return 0,
            }
        }
    };
    pointers.iter().map(nearest).collect()
}

/// Notes where wanted things are in the value at `at`, whose pointer is `path`; the offset behind it.
fn visit(bytes: &[u8], at: usize, path: &mut String, wanted: &mut HashMap<&str, Option<usize>>) -> usize {
    let Some(found) = wanted.get_mut(path.as_str()) else { return end_of_value(bytes, at) };
    found.get_or_insert(at);
    let is_object = match bytes.get(at) {
        Some(b'{') => true,
        Some(b'[') => false,
        _ => return end_of_value(bytes, at),
    };
    let length = path.len();
    let mut at = skip_blank(bytes, at + 1);
    for index in 0.. {
        match bytes.get(at) {
            None => break,
            Some(b'}' | b']') => return at + 1,
            Some(_) => path.push('/'),
        }
        if is_object {
            let close = end_of_string(bytes, at);
            let name = bytes.get(at..=close).and_then(|name| serde_json::from_slice::<String>(name).ok());
            let Some(name) = name else { break };
            path.push_str(&name.replace('~', "~0").replace('/', "~1"));
            at = skip_blank(bytes, skip_blank(bytes, close + 1) + 1);
        } else {
            path.push_str(&index.to_string());
        }
        at = skip_blank(bytes, visit(bytes, at, path, wanted));
        path.truncate(length);
        if bytes.get(at) == Some(&b',') {
            at = skip_blank(bytes, at + 1);
        }
    }
    bytes.len()
}

/// The offset of a member's or item's value in the object or list at `at`.
fn inside(bytes: &[u8], at: usize, segment: &str) -> Option<usize> {
    let is_object = *bytes.get(at)? == b'{';
    let wanted: usize = if is_object { 0 } else { segment.parse().ok()? };
    let mut at = skip_blank(bytes, at + 1);
    let mut index = 0;
    while !matches!(bytes.get(at)?, b'}' | b']') {
        let mut is_wanted = index == wanted;
        if is_object {
            let close = end_of_string(bytes, at);
            let key: String = serde_json::from_slice(bytes.get(at..=close)?).ok()?;
            is_wanted = key == segment;
            at = skip_blank(bytes, skip_blank(bytes, close + 1) + 1);
        }
        if is_wanted {
            return Some(at);
        }
        at = skip_blank(bytes, end_of_value(bytes, at));
        if bytes.get(at) == Some(&b',') {
            at = skip_blank(bytes, at + 1);
        }
        index += 1;
    }
    None
}

fn skip_blank(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len())
}

/// The offset behind the value that begins at `from`.
fn end_of_value(bytes: &[u8], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0usize);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = end_of_string(bytes, at),
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return at,
            b'}' | b']' => depth -= 1,
            b',' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

/// The offset of the quote that closes the string opened at `open`, or the end of the bytes.
pub(super) fn end_of_string(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

fn segment(frame: &Frame<'_>) -> Option<String> {
    match frame {
        Frame::Object { key } => key.map(|key| String::from_utf8_lossy(key).replace('~', "~0").replace('/', "~1")),
        Frame::Array { index } => Some(index.to_string()),
    }
}
