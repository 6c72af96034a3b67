//! Markup in XML as the Markdown that OSCAL has in JSON. Source: Metaschema specification, "Markup data types".

use super::dom::{Element, Node};

/// Whether an element is a block of markup, such as a paragraph.
pub(super) fn is_block(name: &str) -> bool {
    matches!(name, "p" | "ul" | "ol" | "pre" | "table" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr")
}

/// Markup on one line.
pub(super) fn line(nodes: &[Node]) -> String {
    let mut text = String::new();
    inline(nodes, &mut text);
    collapsed(&text)
}

/// Paragraphs, lists and the like, with an empty line between them.
pub(super) fn prose<'e>(nodes: impl Iterator<Item = &'e Node>) -> String {
    let mut blocks: Vec<String> = Vec::new();
    let mut loose = String::new();
    for node in nodes {
        match node {
            Node::Element(element) if is_block(&element.name) => {
                flush(&mut loose, &mut blocks);
                blocks.push(block(element));
            }
            other => inline(std::slice::from_ref(other), &mut loose),
        }
    }
    flush(&mut loose, &mut blocks);
    blocks.join("\n\n")
}

fn flush(loose: &mut String, blocks: &mut Vec<String>) {
    let text = collapsed(loose);
    if !text.is_empty() {
        blocks.push(text);
    }
    loose.clear();
}

fn block(element: &Element) -> String {
    match element.name.as_str() {
        "ul" | "ol" => list(element, 0),
        "pre" => format!("```\n{}\n```", element.text().trim_matches('\n')),
        "hr" => "---".into(),
        "blockquote" => prose(element.children.iter()).lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n"),
        "table" => table(element),
        "p" => line(&element.children),
        heading => {
            let level = heading.strip_prefix('h').and_then(|level| level.parse().ok()).unwrap_or(1);
            format!("{} {}", "#".repeat(level), line(&element.children))
        }
    }
}

fn list(element: &Element, level: usize) -> String {
    let items = element.elements().filter(|item| item.name == "li").enumerate();
    let item = |(at, item): (usize, &Element)| {
        let mark = if element.name == "ol" { format!("{}.", at + 1) } else { "*".to_owned() };
        let is_list = |node: &&Node| matches!(node, Node::Element(inner) if matches!(inner.name.as_str(), "ul" | "ol"));
        let own: Vec<&Node> = item.children.iter().filter(|node| !is_list(node)).collect();
        let below: Vec<String> =
            item.elements().filter(|inner| matches!(inner.name.as_str(), "ul" | "ol")).map(|inner| list(inner, level + 1)).collect();
        let text = format!("{}{mark} {}", "  ".repeat(level), prose(own.into_iter()).replace("\n\n", " "));
        std::iter::once(text).chain(below).collect::<Vec<_>>().join("\n")
    };
    items.map(item).collect::<Vec<_>>().join("\n")
}

fn table(element: &Element) -> String {
    let mut rows = Vec::new();
    for row in element.elements().flat_map(|part| if part.name == "tr" { vec![part] } else { part.elements().collect() }) {
        let cells: Vec<String> = row.elements().map(|cell| line(&cell.children)).collect();
        rows.push(format!("| {} |", cells.join(" | ")));
        if rows.len() == 1 {
            rows.push(format!("|{}", " --- |".repeat(cells.len())));
        }
    }
    rows.join("\n")
}

fn inline(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) => escaped(text, out),
            Node::Element(element) => inline_element(element, out),
        }
    }
}

fn inline_element(element: &Element, out: &mut String) {
    let attribute = |name: &str| element.attribute(name).unwrap_or_default();
    let mut within = |mark: &str| {
        out.push_str(mark);
        inline(&element.children, out);
        out.push_str(mark);
    };
    match element.name.as_str() {
        "em" | "i" => within("*"),
        "strong" | "b" => within("**"),
        "sub" => within("~"),
        "sup" => within("^"),
        "q" => within("\""),
        "code" => *out += &format!("`{}`", element.text()),
        "br" => out.push('\n'),
        "insert" => *out += &format!("{{{{ insert: {}, {} }}}}", attribute("type"), attribute("id-ref")),
        "a" => {
            out.push('[');
            inline(&element.children, out);
            *out += &format!("]({})", attribute("href"));
        }
        "img" => {
            let title = element.attribute("title").map(|title| format!(" \"{title}\"")).unwrap_or_default();
            *out += &format!("![{}]({}{title})", attribute("alt"), attribute("src"));
        }
        _ => inline(&element.children, out),
    }
}

/// Characters that Markdown would take for markup.
fn escaped(text: &str, out: &mut String) {
    for c in text.chars() {
        if matches!(c, '*' | '`' | '~' | '^' | '\\' | '"' | '[' | ']') {
            out.push('\\');
        }
        out.push(c);
    }
}

/// White space as one blank, none outside.
fn collapsed(text: &str) -> String {
    text.split([' ', '\n', '\t', '\r']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
