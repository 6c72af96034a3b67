//! All items: numbers count up and are never used twice, and a finding has one open item at most.

use std::collections::BTreeMap;

use super::{FindingChange, FindingStep, IllegalChange, Item};

/// All items of a record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Register {
    items: BTreeMap<u64, Item>,
    /// The newest item of each finding: by control and account.
    newest: BTreeMap<(String, String), u64>,
}

impl Register {
    /// The register of these items, as a record keeps them.
    pub fn of(items: impl IntoIterator<Item = Item>) -> Self {
        let mut register = Self::default();
        let mut items: Vec<Item> = items.into_iter().collect();
        items.sort_by_key(|item| item.number);
        items.into_iter().for_each(|item| register.put(item));
        register
    }

    /// The register that these steps make out of nothing.
    ///
    /// # Errors
    /// At the first step that breaks a rule.
    pub fn replay<'a>(steps: impl IntoIterator<Item = &'a FindingStep>) -> Result<Self, IllegalChange> {
        let mut register = Self::default();
        steps.into_iter().try_for_each(|step| register.apply(step))?;
        Ok(register)
    }

    /// Takes a step.
    ///
    /// # Errors
    /// If it breaks a rule; the register is then as it was.
    pub fn apply(&mut self, step: &FindingStep) -> Result<(), IllegalChange> {
        if let FindingChange::Opened { reopens, .. } = &step.change {
            let refuse = |why: String| Err(IllegalChange { item: step.item, step: "opened", why });
            let newest = self.newest(&step.control, &step.account);
            match newest {
                _ if step.item <= self.last() => return refuse(format!("the last number is {}", self.last())),
                Some(item) if !item.status.is_closed() => return refuse(format!("{} is still open for the same finding", item.id())),
                _ if newest.map(|item| item.number) != *reopens => {
                    return refuse(match newest {
                        Some(item) => format!("it must name {}, which came before", item.id()),
                        None => "the finding has no item that it could reopen".into(),
                    });
                }
                Some(_) | None => {}
            }
        }
        let item = Item::after(self.items.get(&step.item), step)?;
        self.put(item);
        Ok(())
    }

    fn put(&mut self, item: Item) {
        let newest = self.newest.entry((item.control.clone(), item.account.clone())).or_insert(item.number);
        *newest = item.number.max(*newest);
        self.items.insert(item.number, item);
    }

    /// All items, in the order of their numbers.
    pub fn items(&self) -> impl ExactSizeIterator<Item = &Item> {
        self.items.values()
    }

    /// The item of this number.
    pub fn get(&self, number: u64) -> Option<&Item> {
        self.items.get(&number)
    }

    /// The items that are not closed.
    pub fn open(&self) -> impl Iterator<Item = &Item> {
        self.newest.values().map(|number| &self.items[number]).filter(|item| !item.status.is_closed())
    }

    /// The newest item of a finding, open or closed.
    pub fn newest(&self, control: &str, account: &str) -> Option<&Item> {
        self.newest.get(&(control.to_owned(), account.to_owned())).map(|number| &self.items[number])
    }

    /// The highest number that was given; nought where none was.
    pub fn last(&self) -> u64 {
        self.items.keys().next_back().copied().unwrap_or(0)
    }
}
