//! A toy cloud that can be edited: what there is, what may not be looked at, the checks, parameters and exemptions, and the clock.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use checks::{Pack, ParamType, SourceFile};
use inventory::{Gap, Item, Kind, Reach, Read, Recorded, Resource, Scope, Shape};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::exempt::{Exemption, ExemptionKind, Exemptions};
use crate::plan::{Control, Plan, Target};

/// How many plans there are to change between.
pub(super) const PLANS: usize = CHECKS.len() * PARAMS.len();

const BOX: &str = "toy.box";
const KEY: &str = "toy.key";

/// Expression, message and evidence of what checks differ in: the same checks, one that demands more, and one that says more.
const CHECKS: [(&str, &str, &str, bool); 4] = [
    ("resource.Locked", "box {{ resource.Name }} is open", "resource.Locked", true),
    ("resource.Locked && resource.Level in params.levels", "box {{ resource.Name }} is open", "resource.Locked", true),
    ("resource.Locked", "box {{ resource.Name }} of level {{ resource.Level }} is open", "resource.Level", true),
    ("resource.Locked", "box {{ resource.Name }} is open", "resource.Locked", false),
];

/// The greatest age of a key in days, and the levels that are allowed.
const PARAMS: [(&str, &[&str]); 3] = [("P10D", &["a", "b"]), ("P20D", &["a", "b"]), ("P10D", &["b", "c"])];

static ALL_PLANS: LazyLock<Vec<Plan>> = LazyLock::new(|| (0..PLANS).map(build).collect());

/// The plan of this number.
pub(super) fn plan(number: usize) -> &'static Plan {
    &ALL_PLANS[number % PLANS]
}

fn kind(id: &str, shape: Shape) -> Kind {
    let id = id.parse().unwrap();
    Kind { id, title: "thing".into(), reach: Reach::Regional, singleton: false, shape, dependencies: Vec::new() }
}

fn build(number: usize) -> Plan {
    let (pass, message, evidence, owned) = CHECKS[number / PARAMS.len()];
    let (age, levels) = PARAMS[number % PARAMS.len()];
    let kinds = [
        kind(BOX, Shape::object([("Locked", Shape::Bool), ("Name", Shape::String), ("Level", Shape::String)])),
        kind(KEY, Shape::object([("Made", Shape::String), ("Name", Shape::String)])),
    ];
    let file = |id: &str, kind: &str, rule: &str, message: &str, evidence: &str| SourceFile {
        path: format!("{id}/check.toml"),
        name: id.into(),
        text: format!(
            "title='t'\nkind='{kind}'\nseverity='high'\n{rule}\nmessage='{message}'\nwhy='w'\nfix='f'\nevidence=['{evidence}']\n"
        ),
    };
    let mut files = vec![
        file("toy-01/toy/boxes-are-locked", BOX, &format!("pass='{pass}'"), message, evidence),
        file(
            "toy-02/toy/boxes-have-levels",
            BOX,
            "when='resource.Level != \"none\"'\nwhen_reason='it has no level'\npass='resource.Level in params.levels'",
            "level {{ resource.Level }}",
            "resource.Level",
        ),
        file(
            "toy-02/toy/keys-are-young",
            KEY,
            "pass='!older_than(resource.Made, params.age)'",
            "key {{ resource.Name }} is old",
            "resource.Made",
        ),
        file("toy-03/toy/keys-are-at-home", KEY, "pass='scope.account == \"one\"'", "key {{ resource.Name }} is away", "resource.Name"),
    ];
    if owned {
        files.push(file("toy-03/toy/boxes-are-owned", BOX, "pass='has(tags.owner)'", "nobody owns {{ resource.Name }}", "resource.Name"));
    }
    let params = |_: &str| Some(BTreeMap::from([("age".to_owned(), ParamType::Duration), ("levels".to_owned(), ParamType::StringList)]));
    let pack = Pack::load(&files, &kinds, &params).unwrap_or_else(|problems| panic!("{problems:?}"));
    let control = |id: &str| Control {
        id: id.into(),
        title: id.into(),
        statement: "s".into(),
        target: Target::Objective(format!("{id}_obj")),
        objective: "o".into(),
        params: json!({ "age": age, "levels": levels }),
    };
    let controls = ["toy-01", "toy-02", "toy-03"].map(control).to_vec();
    Plan::new(controls, &pack, &BTreeSet::from(["toy".to_owned()]), &|_| true).unwrap()
}

/// Everything that a look can find.
#[derive(Clone, Debug)]
pub(super) struct Estate {
    things: BTreeMap<u8, Thing>,
    /// Lists that fail, and after how many resources.
    denied: BTreeMap<(bool, u8), u8>,
    pub(super) plan: usize,
    exempting: BTreeMap<u8, Exempting>,
    /// The same, made ready when they change: their globs are dear.
    exemptions: Exemptions,
    pub(super) now: Timestamp,
    /// A resource that its list names twice.
    twice: Option<u8>,
}

#[derive(Clone, Debug)]
struct Thing {
    is_key: bool,
    place: u8,
    name: u8,
    content: u8,
    tags: u8,
}

#[derive(Clone, Copy, Debug)]
struct Exempting {
    about: u8,
    days: i8,
    begins: i8,
    longer: bool,
}

/// One change of the estate.
#[derive(Clone, Copy, Debug)]
pub(super) enum Edit {
    Create {
        thing: u8,
        is_key: bool,
        place: u8,
        content: u8,
    },
    Change {
        thing: u8,
        content: u8,
    },
    Rename {
        thing: u8,
        name: u8,
    },
    Move {
        thing: u8,
        place: u8,
    },
    Tag {
        thing: u8,
        tags: u8,
    },
    Delete {
        thing: u8,
    },
    Deny {
        is_key: bool,
        place: u8,
        after: u8,
    },
    Allow,
    Plan {
        number: u8,
    },
    Exempt {
        number: u8,
        about: u8,
        days: i8,
        begins: i8,
        longer: bool,
    },
    Unexempt {
        number: u8,
    },
    Wait {
        hours: u16,
    },
    TurnBack {
        hours: u8,
    },
    Twice {
        thing: u8,
    },
    /// Looks at one resource only, whatever else is going on.
    Reread {
        thing: u8,
    },
    /// Forgets everything but what is stored.
    Restart,
}

impl Estate {
    pub(super) fn new() -> Self {
        Self {
            things: BTreeMap::new(),
            denied: BTreeMap::new(),
            plan: 0,
            exempting: BTreeMap::new(),
            exemptions: Exemptions::new(Vec::new()),
            now: "2026-11-23T12:00:00.25Z".parse().unwrap(),
            twice: None,
        }
    }

    pub(super) fn edit(&mut self, edit: Edit) {
        match edit {
            Edit::Create { thing, is_key, place, content } => {
                self.things.insert(thing, Thing { is_key, place: place % 3, name: 0, content, tags: 0 });
            }
            Edit::Change { thing, content } => self.thing(thing, |it| it.content = content),
            Edit::Rename { thing, name } => self.thing(thing, |it| it.name = name % 3),
            Edit::Move { thing, place } => self.thing(thing, |it| it.place = place % 3),
            Edit::Tag { thing, tags } => self.thing(thing, |it| it.tags = tags % 5),
            Edit::Delete { thing } => drop(self.things.remove(&thing)),
            Edit::Deny { is_key, place, after } => drop(self.denied.insert((is_key, place % 3), after)),
            Edit::Allow => self.denied.clear(),
            Edit::Plan { number } => self.plan = usize::from(number) % PLANS,
            Edit::Exempt { number, about, days, begins, longer } => {
                self.exempting.insert(number % 3, Exempting { about, days, begins, longer });
                self.exempt();
            }
            Edit::Unexempt { number } => {
                self.exempting.remove(&(number % 3));
                self.exempt();
            }
            Edit::Wait { hours } => self.now += SignedDuration::from_hours(i64::from(hours)),
            Edit::TurnBack { hours } => self.now -= SignedDuration::from_hours(i64::from(hours)),
            Edit::Twice { thing } => self.twice = Some(thing),
            Edit::Reread { .. } | Edit::Restart => {}
        }
    }

    fn thing(&mut self, number: u8, change: impl FnOnce(&mut Thing)) {
        if let Some(thing) = self.things.get_mut(&number) {
            change(thing);
        }
    }

    /// The resource of a number as a look at it finds it now.
    pub(super) fn read(&self, number: u8) -> Option<Resource> {
        let thing = self.things.get(&number)?;
        let kind = if thing.is_key { KEY } else { BOX };
        let unread = Gap::new("toy:Look", "AccessDenied");
        let document = match (thing.is_key, thing.content) {
            (true, content) => json!({ "Name": format!("n{}", content % 2), "Made": format!("2026-11-{:02}T06:00:00Z", 5 + content % 18) }),
            (false, content) => json!({
                "Name": "x",
                "Locked": match content % 4 { 0 => json!(true), 3 => unread.to_document(), _ => json!(false) },
                "Level": match content / 4 % 5 { 0 => json!("a"), 1 => json!("c"), 2 => json!("none"), 3 => json!("b"), _ => unread.to_document() },
            }),
        };
        let tags = match thing.tags {
            0 => Read::Known(BTreeMap::new()),
            1 => Read::Known(BTreeMap::from([("owner".into(), "ada".into())])),
            2 => Read::Known(BTreeMap::from([("team".into(), "blue".into())])),
            3 => Read::Known(BTreeMap::from([("owner".into(), "ada".into()), ("team".into(), "blue".into())])),
            _ => Read::Unknown(Gap::new("toy:ListTags", "Throttling")),
        };
        Some(Resource {
            kind: kind.parse().unwrap(),
            id: self.id(number),
            name: format!("name-{}", thing.name),
            scope: place(thing.place),
            tags,
            collected: self.now + SignedDuration::from_secs(i64::from(number)),
            document,
        })
    }

    /// The provider's own id of a number; kinds of one number are told apart by it too.
    pub(super) fn id(&self, number: u8) -> String {
        format!("toy://{number}")
    }

    /// Everything that a provider would send, in an order that `shuffle` chooses.
    pub(super) fn items(&self, shuffle: &mut dyn FnMut(usize) -> usize) -> Vec<Item> {
        let mut items = Vec::new();
        for is_key in [false, true] {
            for at in 0..3 {
                let (kind, scope) = (if is_key { KEY } else { BOX }.parse().unwrap(), place(at));
                let here = self.things.iter().filter(|(_, thing)| thing.is_key == is_key && thing.place == at);
                let mut found: Vec<Item> = here.flat_map(|(&number, _)| self.sent(number)).collect();
                match self.denied.get(&(is_key, at)) {
                    Some(&after) => {
                        found.truncate(usize::from(after % 3));
                        items.append(&mut found);
                        items.push(Item::Gap { kind, scope, gap: Gap::new("toy:List", "AccessDenied") });
                    }
                    None => {
                        let count = found.len() as u64;
                        items.append(&mut found);
                        items.push(Item::Listed { kind, scope, count });
                    }
                }
            }
        }
        for at in (1..items.len()).rev() {
            items.swap(at, shuffle(at + 1));
        }
        items
    }

    /// As a live provider sends it, or out of a recording, or out of one that somebody wrote otherwise.
    fn sent(&self, number: u8) -> Vec<Item> {
        let resource = self.read(number).expect("it is there");
        let item = match number % 3 {
            0 => Item::Resource(resource),
            form => recorded(&resource, form == 2),
        };
        let times = if self.twice == Some(number) { 2 } else { 1 };
        vec![item; times]
    }

    pub(super) fn exemptions(&self) -> &Exemptions {
        &self.exemptions
    }

    fn exempt(&mut self) {
        self.exemptions = Exemptions::new(self.exempting.iter().map(|(number, entry)| entry.exemption(*number)).collect());
    }
}

impl Exempting {
    fn exemption(self, number: u8) -> Exemption {
        let day = |days: i8| {
            let start: jiff::civil::Date = "2026-11-25".parse().unwrap();
            start + SignedDuration::from_hours(24 * i64::from(days))
        };
        let some = |yes: bool, text: &str| yes.then(|| text.to_owned());
        let about = self.about;
        Exemption {
            id: format!("E{number}"),
            kind: ExemptionKind::AcceptedRisk,
            reason: "r".into(),
            owner: "Ada".into(),
            approved_by: "Grace".into(),
            approved_on: (self.begins % 2 == 0).then(|| day(self.begins / 2)),
            expires: day(self.days + if self.longer { 5 } else { 0 }),
            control: some(about % 4 != 3, ["toy-*", "toy-01", "toy-03", ""][usize::from(about % 4)]),
            check: some(about % 4 == 3, "toy-02/toy/*"),
            provider: None,
            account: some(about / 4 % 3 == 1, "one"),
            resource: some(!(about / 12).is_multiple_of(3), ["", "toy://1*", "name-1"][usize::from(about / 12 % 3)]),
            tags: if about / 36 % 2 == 1 { BTreeMap::from([("team".into(), "bl*".into())]) } else { BTreeMap::new() },
            max_matches: 2,
        }
    }
}

fn place(number: u8) -> Scope {
    match number {
        0 => Scope::account("toy", "one").region("r1"),
        1 => Scope::account("toy", "one").region("r2"),
        _ => Scope::account("toy", "two").region("r1"),
    }
}

/// The line of a recording; `otherwise`, in a form that is not the canonical one.
pub(super) fn recorded(resource: &Resource, otherwise: bool) -> Item {
    let mut line = serde_json::to_string(resource).unwrap();
    if otherwise {
        let spaced: Value = serde_json::to_value(&resource.document).unwrap();
        let (text, pretty) = (resource.document.to_string(), serde_json::to_string_pretty(&spaced).unwrap());
        line = line.replacen(&text, &pretty, 1);
    }
    Item::Recorded(Recorded::parse(line.as_bytes(), &Arc::from(Path::new("toy.ndjson")), 1).unwrap())
}
