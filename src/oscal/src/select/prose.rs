//! Prose with parameters put in: values, else what they gather (`aggregates`, as SP 800-53 does), else the choices, else the label.

use std::cell::Cell;

use crate::{HowMany, Parameter, Part, Text};

/// Whose name `aggregates` is.
const RMF_NS: &str = "http://csrc.nist.gov/ns/rmf";

/// A choice may name a parameter, and that one again; what is nested deeper stays as it is written.
const DEEPEST: usize = 8;

/// So often something is put into one prose: a few parameters that name each other could keep us busy for ever.
const MOST: u32 = 1_000;

/// In a text that is longer than this nothing more is put in: a long value that is named often would be gigabytes.
const LONGEST: usize = 1 << 20;

/// The parameters that prose may name: first those of its control, then those around it.
pub(super) struct Names<'a> {
    own: &'a [Parameter],
    around: &'a [Parameter],
    left: Cell<u32>,
}

impl<'a> Names<'a> {
    pub(super) fn new(own: &'a [Parameter], around: &'a [Parameter]) -> Self {
        Self { own, around, left: Cell::new(0) }
    }

    /// The prose of a part and of those below it, line by line.
    pub(super) fn gather(&self, part: &Part, lines: &mut Vec<String>) {
        if let Some(prose) = &part.prose {
            lines.push(self.filled(prose.as_str()));
        }
        part.parts.iter().for_each(|below| self.gather(below, lines));
    }

    /// The prose with each `{{ insert: param, ID }}` replaced.
    fn filled(&self, prose: &str) -> String {
        self.left.set(MOST);
        let mut text = String::new();
        self.fill(prose, 0, &mut text);
        text
    }

    fn fill(&self, prose: &str, depth: usize, text: &mut String) {
        let mut rest = prose;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((inside, after)) = after.split_once("}}") else { break };
            text.push_str(before);
            let insert = inside.trim().strip_prefix("insert:").and_then(|insert| insert.trim_start().strip_prefix("param"));
            let id = insert.and_then(|insert| insert.trim_start().strip_prefix(',')).map(str::trim);
            match id.and_then(|id| self.find(id)) {
                Some(parameter) if depth < DEEPEST && self.left.get() > 0 && text.len() < LONGEST => {
                    self.left.set(self.left.get() - 1);
                    self.show(parameter, depth, text);
                }
                _ => {
                    text.push_str("{{");
                    text.push_str(inside);
                    text.push_str("}}");
                }
            }
            rest = after;
        }
        text.push_str(rest);
    }

    fn find(&self, id: &str) -> Option<&Parameter> {
        self.own.iter().chain(self.around).find(|parameter| parameter.id == id)
    }

    fn show(&self, parameter: &Parameter, depth: usize, text: &mut String) {
        if !parameter.values.is_empty() {
            return self.join(parameter.values.iter().map(Text::as_str), ", ", depth, text);
        }
        let gathered = self.gathered(parameter);
        if gathered.iter().any(|one| !one.values.is_empty()) {
            let mut met = Vec::new();
            for one in gathered {
                let mut words = String::new();
                self.show(one, depth + 1, &mut words);
                if !met.contains(&words) {
                    met.push(words);
                }
            }
            text.push_str(&met.join(", "));
            return;
        }
        match parameter.select.as_ref().filter(|select| !select.choice.is_empty()) {
            Some(select) => {
                let many = select.how_many == Some(HowMany::OneOrMore);
                text.push_str(if many { "[one or more of: " } else { "[one of: " });
                self.join(select.choice.iter().map(|choice| choice.as_str().trim()), "; ", depth, text);
                text.push(']');
            }
            None => {
                text.push('[');
                self.fill(parameter.label.as_ref().map_or(parameter.id.as_str(), |label| label.as_str()), depth + 1, text);
                text.push(']');
            }
        }
    }

    /// The parameters that one gathers, as far as they are there; itself is not one of them.
    fn gathered(&self, parameter: &Parameter) -> Vec<&Parameter> {
        let named = parameter.props.iter().filter(|prop| prop.is(RMF_NS, "aggregates"));
        let found = named.filter_map(|prop| self.find(prop.value.as_str()));
        // One that gathers others itself is left out: nobody writes that, but for making a circle.
        found.filter(|one| !one.props.iter().any(|prop| prop.is(RMF_NS, "aggregates"))).collect()
    }

    fn join<'t>(&self, items: impl Iterator<Item = &'t str>, between: &str, depth: usize, text: &mut String) {
        for (at, item) in items.enumerate() {
            if at > 0 {
                text.push_str(between);
            }
            self.fill(item, depth + 1, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn filled(prose: &str, own: Value, around: Value) -> String {
        let read = |value: Value| -> Vec<Parameter> { serde_json::from_value(value).expect("parameters") };
        Names::new(&read(own), &read(around)).filled(prose)
    }

    fn gathers(ids: &[&str]) -> Value {
        ids.iter().map(|id| json!({ "name": "aggregates", "ns": RMF_NS, "value": id })).collect()
    }

    #[test]
    fn a_value_then_what_is_gathered_then_the_choices_then_the_label() {
        let params = json!([{ "id": "p", "label": "who", "props": gathers(&["a", "b"]) }, { "id": "a", "label": "first" }, { "id": "b", "label": "second" }]);
        assert_eq!(filled("Tell {{ insert: param, p }}.", params.clone(), json!([])), "Tell [who].");
        let mut some = params.clone();
        some[1]["values"] = json!(["the board"]);
        assert_eq!(filled("Tell {{insert:param,p}}.", some.clone(), json!([])), "Tell the board, [second].");
        some[2]["values"] = json!(["the board"]);
        assert_eq!(filled("Tell {{ insert: param, p }}.", some.clone(), json!([])), "Tell the board.");
        some[0]["values"] = json!(["all", "of us"]);
        assert_eq!(filled("Tell {{ insert: param, p }}.", some, json!([])), "Tell all, of us.");
    }

    #[test]
    fn a_choice_may_name_another_parameter_wherever_that_is() {
        let select =
            |many: &str| json!([{ "id": "p", "select": { "how-many": many, "choice": ["lock for {{ insert: param, q }} ", "tell"] } }]);
        let around = json!([{ "id": "q", "values": ["1 hour"] }]);
        assert_eq!(filled("{{ insert: param, p }}", select("one-or-more"), around.clone()), "[one or more of: lock for 1 hour; tell]");
        assert_eq!(filled("{{ insert: param, p }}", select("one"), json!([])), "[one of: lock for {{ insert: param, q }}; tell]");
        assert_eq!(filled("{{ insert: control, p }} {{ open", select("one"), around), "{{ insert: control, p }} {{ open");
    }

    #[test]
    fn parameters_that_name_each_other_end() {
        let twice = |id: &str, other: &str| json!({ "id": id, "values": [format!("{{{{ insert: param, {other} }}}} {{{{ insert: param, {other} }}}}")] });
        let text = filled("{{ insert: param, p }}", json!([twice("p", "q"), twice("q", "p")]), json!([]));
        assert!(text.len() < 100_000 && text.contains("{{ insert: param,"), "{}", text.len());
        let many: Vec<Value> = vec![json!("{{ insert: param, p }}"); 200];
        assert!(filled("{{ insert: param, p }}", json!([{ "id": "p", "values": many }]), json!([])).len() < 10_000_000);
        let gathering = json!([{ "id": "p", "props": gathers(&["a"]) }, { "id": "a", "values": many }]);
        assert!(filled("{{ insert: param, p }}", gathering, json!([])).len() < 10_000_000);
        let circle = json!([{ "id": "p", "label": "P", "props": gathers(&["q"]) }, { "id": "q", "label": "Q", "props": gathers(&["p"]) }]);
        assert_eq!(filled("{{ insert: param, p }}", circle, json!([])), "[P]");
    }
}
