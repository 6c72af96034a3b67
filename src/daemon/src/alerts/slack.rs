//! A message for Slack's incoming webhooks: blocks for people, within Slack's bounds, and nothing in it that Slack would take for markup.

use serde_json::{Value, json};

use super::outbox::Message;
use super::post::Post;
use super::webhook::summary;
use super::{Alert, Severity};
use crate::Secret;

/// So many are told one by one; of the others there is the number.
const SHOWN: usize = 10;
/// Slack takes 3000 characters in a section and 150 in a header; escaping may make five of one.
const LONGEST_SECTION: usize = 2_900;
const LONGEST_HEADER: usize = 140;

/// What is posted.
pub fn post(url: &Secret, message: &Message) -> Post {
    let alerts: Vec<&Alert> = message.entries.iter().map(|entry| &entry.alert).collect();
    let headline = summary(&alerts);
    let mut blocks = vec![json!({ "type": "header", "text": { "type": "plain_text", "text": cut(&plain(&headline), LONGEST_HEADER) } })];
    blocks.extend(gravest_first(&alerts).into_iter().take(SHOWN).map(section));
    if alerts.len() > SHOWN {
        blocks.push(context(&format!("and {} more; the ledger has them all", alerts.len() - SHOWN)));
    }
    blocks.push(context(&format!("assize · message {}", message.id)));
    // `text` is what notifications and screen readers show.
    let body = json!({ "text": cut(&escape(&headline), LONGEST_SECTION), "blocks": blocks }).to_string();
    Post { url: url.clone(), headers: vec![("content-type", "application/json; charset=utf-8".into())], body }
}

fn gravest_first<'a>(alerts: &[&'a Alert]) -> Vec<&'a Alert> {
    let mut sorted = alerts.to_vec();
    sorted.sort_by_key(|alert| (std::cmp::Reverse(alert.severity), alert.at, alert.id));
    sorted
}

fn section(alert: &Alert) -> Value {
    let mark = match alert.severity {
        Severity::Critical => "🔴",
        Severity::High => "🟠",
        Severity::Medium => "🟡",
        Severity::Low => "⚪",
    };
    let text = format!("{mark} *{}* {}\n{}", alert.severity.word(), escape(&plain(&alert.title)), escape(&plain(&alert.detail)));
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": cut(text.trim_end(), LONGEST_SECTION), "verbatim": true } })
}

fn context(text: &str) -> Value {
    json!({ "type": "context", "elements": [{ "type": "plain_text", "text": text }] })
}

/// The three characters by which Slack makes links and calls people.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// At most so many characters, and no half of an escaped one at the end.
fn cut(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let kept = &text[..end];
    let whole = match kept.rfind('&') {
        Some(at) if !kept[at..].contains(';') && kept.len() - at < 5 => &kept[..at],
        Some(_) | None => kept,
    };
    format!("{whole}…")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::Value;
    use uuid::Uuid;

    use super::{LONGEST_SECTION, cut, post};
    use crate::Secret;
    use crate::alerts::channel::tests::entry;
    use crate::alerts::{Entry, Message};

    fn posted(entries: Vec<Entry>) -> Value {
        let message = Message { id: Uuid::nil(), channel: "slack".into(), entries, attempts: 1 };
        serde_json::from_str(&post(&Secret::new("https://hooks.slack.com/x"), &message).body).expect("it is JSON")
    }

    #[test]
    fn a_resource_can_neither_call_everybody_nor_make_a_link() {
        let mut one = entry("1", "dat-01", "prod", Timestamp::UNIX_EPOCH);
        one.alert.title = "bucket <!channel> & <https://evil.example|log in>".into();
        let body = posted(vec![one]);
        for text in [&body["text"], &body["blocks"][1]["text"]["text"]] {
            let text = text.as_str().expect("text");
            assert!(!text.contains('<') && text.contains("&lt;!channel&gt; &amp; &lt;https"), "{text}");
        }
        assert_eq!(body["blocks"][0]["text"]["type"], "plain_text");
    }

    #[test]
    fn a_flood_stays_within_what_slack_takes() {
        let entries: Vec<Entry> = (0..500)
            .map(|n| {
                let mut one = entry(&n.to_string(), "dat-01", "prod", Timestamp::UNIX_EPOCH);
                one.alert.detail = "<&>".repeat(2_000);
                one
            })
            .collect();
        let body = posted(entries);
        let blocks = body["blocks"].as_array().expect("blocks");
        assert!(blocks.len() <= 50 && body.to_string().len() < 100_000);
        for block in blocks.iter().filter(|block| block["type"] == "section") {
            assert!(block["text"]["text"].as_str().expect("text").chars().count() <= 3_000);
        }
        assert!(body.to_string().contains("and 490 more"));
    }

    #[test]
    fn a_cut_leaves_no_half_of_an_escaped_character() {
        let text = format!("{}&amp;tail", "a".repeat(LONGEST_SECTION - 2));
        assert_eq!(cut(&text, LONGEST_SECTION), format!("{}…", "a".repeat(LONGEST_SECTION - 2)));
    }
}
