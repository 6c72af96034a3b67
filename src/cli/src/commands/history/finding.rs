//! What became of a finding: its items, step by step.

use std::collections::{BTreeMap, BTreeSet};

use engine::FindingItem;
use engine::finding::{FindingChange, FindingStep, Sight};
use jiff::Timestamp;
use ledger::Ledger;
use serde::Serialize;

use crate::commands::runs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::records::told as wrong;
use crate::tables::{Format, Table, print, print_json};
use crate::times;

/// A step as it is printed.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Told {
    at: Timestamp,
    run: Option<String>,
    item: String,
    was: Option<&'static str>,
    becomes: &'static str,
    exemptions: BTreeSet<String>,
    why: String,
}

/// The numbers of the items that a name means; none where it is the name of no finding.
pub fn items(ledger: &mut Ledger, name: &str) -> Result<Option<BTreeSet<u64>>, Failure> {
    let number = name.strip_prefix("V-").or_else(|| name.strip_prefix("v-")).and_then(|digits| digits.parse::<u64>().ok());
    let register = run::register(ledger).map_err(wrong)?;
    let meant = |item: &&FindingItem| Some(item.number) == number || format!("{}/{}", item.control, item.account) == name;
    let numbers: BTreeSet<u64> = register.items().filter(meant).map(|item| item.number).collect();
    match (numbers.is_empty(), number) {
        (false, _) => Ok(Some(numbers)),
        (true, Some(_)) => {
            Err(Failure::usage(format!("there is no item {name}; the last number is {}", FindingItem::id_of(register.last()))))
        }
        (true, None) => Ok(None),
    }
}

/// Tells what became of these items, oldest first.
pub fn tell(ledger: &mut Ledger, items: &BTreeSet<u64>, format: Format) -> Result<Exit, Failure> {
    let (_, steps) = run::register_before(ledger, Timestamp::MAX).map_err(wrong)?;
    let mut stand: BTreeMap<u64, FindingItem> = BTreeMap::new();
    let mut said = Vec::new();
    for step in steps.iter().filter(|step| items.contains(&step.item)) {
        let before = stand.get(&step.item);
        let after = FindingItem::after(before, step).map_err(Failure::internal)?;
        said.push(Told {
            at: step.at,
            run: step.run.map(|run| run.to_string()),
            item: after.id(),
            was: before.map(|item| item.status.as_str()),
            becomes: after.status.as_str(),
            exemptions: after.exemptions.clone(),
            why: why(step),
        });
        stand.insert(step.item, after);
    }
    if format == Format::Json {
        print_json(&said)?;
        return Ok(Exit::Clean);
    }
    let mut table = Table::new(["TIME", "RUN", "ITEM", "WAS", "BECAME", "WHY"]);
    for one in &said {
        let run = one.run.as_deref().map_or("-", runs::short);
        table.row([&times::told(one.at), run, &one.item, one.was.unwrap_or("-"), one.becomes, &one.why]);
    }
    let heads = stand.values().map(|item| format!("{} {} in {}: {}\n", item.id(), item.control, item.account, item.facts.title));
    print(&format!("{}{}", report::shown_lines(&heads.collect::<String>()), table.text()))?;
    Ok(Exit::Clean)
}

/// What a step says, in a few words.
fn why(step: &FindingStep) -> String {
    let named = |ids: &BTreeSet<String>| ids.iter().cloned().collect::<Vec<_>>().join(", ");
    match &step.change {
        FindingChange::Opened { reopens, since, facts } => {
            let again = reopens.map(|number| format!("; it failed before as {}", FindingItem::id_of(number))).unwrap_or_default();
            format!("{} since {}, due {}{again}", failures(facts.failures()), times::told(*since), times::told(facts.due))
        }
        FindingChange::Seen { facts } => format!("{}, {} of them exempt", failures(facts.failures()), facts.exempt()),
        FindingChange::Exempt { exemptions } => format!("all that fails is exempt by {}", named(exemptions)),
        FindingChange::Unexempt { ended } if ended.is_empty() => "something else fails that no exemption marks".into(),
        FindingChange::Unexempt { ended } => format!("{} does not hold any more", named(ended)),
        FindingChange::Unseen { sight } => match sight {
            Sight::Failing => "it fails".into(),
            Sight::Unknown { gap } => format!("nobody could see whether it still fails: {gap}"),
            Sight::NotAssessed => "it is not assessed any more".into(),
            Sight::NotApplicable => "its checks say that they do not apply any more".into(),
        },
        FindingChange::Resolved { passed, gone } => format!("seen to pass: {passed} of the resources pass now, {gone} are gone"),
        FindingChange::Gone { gone } => format!("all {gone} failing resources are gone"),
    }
}

fn failures(count: u64) -> String {
    crate::failure::counted(count as usize, "failure")
}
