use std::collections::BTreeMap;

use engine::exempt::{
    Exemption, ExemptionChange, ExemptionKind, ExemptionRequest, ExemptionStep, Failing, Held, Origin, Phase, Standing, due_steps,
    from_files, in_force, preview,
};
use inventory::{Gap, Read, Scope};
use jiff::Timestamp;

use crate::toy::{day, exemption};

fn request() -> ExemptionRequest {
    ExemptionRequest { expires: "2026-12-31".parse().unwrap(), ..exemption(0).into() }
}

fn asked(by: &str) -> ExemptionChange {
    ExemptionChange::Requested { by: by.into(), origin: Origin::Request, request: request() }
}

fn approved(by: &str) -> ExemptionChange {
    ExemptionChange::Approved { by: by.into(), on: None, note: None }
}

fn because(by: &str) -> (String, String) {
    (by.into(), "no".into())
}

fn step(at: Timestamp, change: ExemptionChange) -> ExemptionStep {
    ExemptionStep::new("EX-1", at, change)
}

/// What the changes make, each a day after the one before; the sentence of the first that is refused.
fn folded(changes: &[ExemptionChange]) -> Result<Held, String> {
    let mut held = None;
    for (at, change) in changes.iter().enumerate() {
        let step = step(day(at as i64), change.clone());
        let written = serde_json::to_string(&step).unwrap();
        assert_eq!(serde_json::from_str::<ExemptionStep>(&written).unwrap(), step, "the record gives back what was put in: {written}");
        held = Some(Held::after(held.as_ref(), &step).map_err(|error| error.to_string())?);
    }
    let held = held.expect("there is a change");
    assert_eq!(serde_json::from_value::<Held>(serde_json::to_value(&held).unwrap()).unwrap(), held);
    Ok(held)
}

#[test]
fn whoever_asks_cannot_approve_however_the_name_is_spelled() {
    for by in ["Ada", "ada", " ADA ", "A da", "aDa\t"] {
        let refused = folded(&[asked("Ada"), approved(by)]).unwrap_err();
        assert!(refused.contains("`Ada` asked for it; somebody else must approve it"), "{refused}");
    }
    let held = folded(&[asked("Ada"), approved("Grace")]).unwrap();
    assert_eq!((held.standing, held.phase(day(1))), (Standing::Approved, Phase::Active));
    assert_eq!(held.exemption().unwrap().approved_by, "Grace");
}

#[test]
fn every_step_is_allowed_where_it_belongs_and_nowhere_else() {
    let (by, reason) = because("Grace");
    let rejected = ExemptionChange::Rejected { by: by.clone(), reason: reason.clone() };
    let revoked = ExemptionChange::Revoked { by, reason: reason.clone() };
    let withdrawn = ExemptionChange::Withdrawn { by: "ada".into(), reason };
    let all =
        [asked("Ada"), approved("Grace"), rejected, revoked, withdrawn, ExemptionChange::Warned { days: 30 }, ExemptionChange::Removed];
    let histories: [(&[usize], &[usize]); 6] =
        [(&[], &[0]), (&[0], &[1, 2, 4]), (&[0, 1], &[3]), (&[0, 2], &[0]), (&[0, 4], &[0]), (&[0, 1, 3], &[0])];
    for (history, allowed) in histories {
        for next in 0..all.len() {
            let changes: Vec<ExemptionChange> = history.iter().chain([&next]).map(|&at| all[at].clone()).collect();
            assert_eq!(folded(&changes).is_ok(), allowed.contains(&next), "{history:?} then {:?}: {:?}", all[next], folded(&changes));
        }
    }
    assert!(folded(&[asked("Ada"), ExemptionChange::Withdrawn { by: "Grace".into(), reason: String::new() }]).is_err());
    assert!(folded(&[asked("Ada"), ExemptionChange::Rejected { by: "Ada".into(), reason: String::new() }]).is_err());
    assert!(folded(&[asked(" ")]).unwrap_err().contains("say who"));
    assert!(folded(&[asked("Ada"), approved("")]).unwrap_err().contains("say who"));
}

#[test]
fn warnings_and_the_end_come_by_themselves_and_each_once() {
    let mut held = folded(&[asked("Ada"), approved("Grace")]).unwrap();
    let mut told = Vec::new();
    // Every six hours over a hundred days; the last day is the 31st of December.
    for at in (0..400).map(|step| day(0).checked_add(jiff::SignedDuration::from_hours(6 * step)).unwrap()) {
        for step in due_steps([&held], at) {
            held = Held::after(Some(&held), &step).unwrap();
            told.push((at.to_string(), step.change));
        }
        assert_eq!(due_steps([&held], at), [], "nothing is due twice at {at}");
    }
    let told: Vec<(&str, &ExemptionChange)> = told.iter().map(|(at, change)| (at.as_str(), change)).collect();
    assert_eq!(
        told,
        [
            ("2026-12-02T00:00:00Z", &ExemptionChange::Warned { days: 30 }),
            ("2026-12-25T00:00:00Z", &ExemptionChange::Warned { days: 7 }),
            ("2026-12-31T00:00:00Z", &ExemptionChange::Warned { days: 1 }),
            ("2027-01-01T00:00:00Z", &ExemptionChange::Expired),
        ]
    );
    assert_eq!((held.standing, held.phase(day(80))), (Standing::Expired, Phase::Expired));
}

#[test]
fn after_a_long_sleep_only_the_nearest_warning_is_given_and_no_end_is_early() {
    let held = folded(&[asked("Ada"), approved("Grace")]).unwrap();
    let at: Timestamp = "2026-12-28T00:00:00Z".parse().unwrap();
    let due = due_steps([&held], at);
    assert_eq!(due, [step(at, ExemptionChange::Warned { days: 7 })]);
    let held = Held::after(Some(&held), &due[0]).unwrap();
    assert!(Held::after(Some(&held), &step(at, ExemptionChange::Warned { days: 30 })).is_err(), "the nearer one made it needless");
    assert!(Held::after(Some(&held), &step(at, ExemptionChange::Expired)).unwrap_err().to_string().contains("its last day is 2026-12-31"));
}

#[test]
fn a_request_that_nobody_approves_lapses_and_cannot_be_approved_afterwards() {
    let held = folded(&[asked("Ada")]).unwrap();
    let late: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
    assert!(Held::after(Some(&held), &step(late, approved("Grace"))).unwrap_err().to_string().contains("it would have ended"));
    assert_eq!(due_steps([&held], late), [step(late, ExemptionChange::Expired)]);
    assert_eq!(in_force([&held], late), [], "it never had an effect");
}

/// Reads the files and folds what comes of it.
fn read(record: &mut BTreeMap<String, Held>, files: &[Exemption], at: Timestamp) -> Vec<String> {
    let steps = from_files(record, files, at).unwrap();
    for step in &steps {
        let held = Held::after(record.get(&step.exemption), step).unwrap();
        record.insert(step.exemption.clone(), held);
    }
    assert_eq!(from_files(record, files, at).unwrap(), [], "reading the same files again changes nothing");
    steps.iter().map(|step| serde_json::to_value(&step.change).unwrap()["what"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_added_to_edited_in_and_taken_out_of_files_is_in_the_record() {
    let mut record = BTreeMap::new();
    let entry = exemption(20);
    assert_eq!(read(&mut record, std::slice::from_ref(&entry), day(0)), ["requested", "approved"]);
    assert_eq!(in_force(record.values(), day(0)), std::slice::from_ref(&entry), "it is the very entry");
    let longer = Exemption { reason: "Still glass.".into(), ..exemption(40) };
    assert_eq!(read(&mut record, std::slice::from_ref(&longer), day(1)), ["changed"]);
    assert_eq!(in_force(record.values(), day(1)), std::slice::from_ref(&longer));
    assert_eq!(read(&mut record, &[], day(2)), ["removed"]);
    assert_eq!(in_force(record.values(), day(2)), []);
    assert_eq!(record["EX-1"].phase(day(2)), Phase::Revoked);
    assert_eq!(read(&mut record, std::slice::from_ref(&longer), day(3)), ["requested", "approved"]);
    assert_eq!(record["EX-1"].round, 2);
}

#[test]
fn an_entry_that_was_revoked_or_is_over_comes_back_only_when_it_is_edited() {
    let mut record = BTreeMap::new();
    let entry = exemption(20);
    read(&mut record, std::slice::from_ref(&entry), day(0));
    let revoked = step(day(1), ExemptionChange::Revoked { by: "Grace".into(), reason: "leak".into() });
    record.insert("EX-1".into(), Held::after(record.get("EX-1"), &revoked).unwrap());
    assert!(read(&mut record, std::slice::from_ref(&entry), day(2)).is_empty());
    assert_eq!(read(&mut record, &[exemption(30)], day(3)), ["requested", "approved"]);
    let expired = step(day(32), ExemptionChange::Expired);
    record.insert("EX-1".into(), Held::after(record.get("EX-1"), &expired).unwrap());
    assert!(read(&mut record, &[exemption(30)], day(33)).is_empty());
    assert_eq!(in_force(record.values(), day(33)).len(), 1, "it is still known, so that results can say that it ended");
    assert_eq!(read(&mut record, &[exemption(60)], day(34)), ["requested", "approved"]);
}

#[test]
fn an_entry_that_is_over_when_it_is_first_read_is_on_record_and_expires_at_once() {
    let mut record = BTreeMap::new();
    assert_eq!(read(&mut record, &[exemption(-5)], day(0)), ["requested", "approved"]);
    assert_eq!(due_steps(record.values(), day(0)), [step(day(0), ExemptionChange::Expired)]);
}

#[test]
fn files_cannot_take_the_id_of_a_request() {
    let record = BTreeMap::from([("EX-1".to_owned(), folded(&[asked("Ada")]).unwrap())]);
    let refused = from_files(&record, &[exemption(20)], day(0)).unwrap_err().to_string();
    assert!(refused.contains("give the entry another id"), "{refused}");
}

#[test]
fn an_entry_whose_owner_approves_it_is_refused() {
    let own = Exemption { approved_by: " ADA".into(), ..exemption(20) };
    assert_eq!(own.problems(), ["`approved_by` is the `owner`, `Ada`; nobody approves an exemption of their own"]);
    assert_eq!(exemption(20).problems(), Vec::<String>::new());
}

fn failing(names: &[&str], tags: Read<BTreeMap<String, String>>) -> Vec<Failing> {
    let one = |name: &&str| Failing {
        check: "toy-01/toy/boxes-are-locked".parse().unwrap(),
        scope: Scope::account("toy", "one"),
        id: format!("toy://one/{name}"),
        name: (*name).into(),
        tags: tags.clone(),
    };
    names.iter().map(one).collect()
}

#[test]
fn a_preview_says_how_much_an_exemption_would_cover_and_how_that_grew() {
    let known = || Read::Known(BTreeMap::from([("team".to_owned(), "blue".to_owned())]));
    let wide = Exemption { resource: Some("box-*".into()), ..exemption(20) };
    let names: Vec<String> = (0..14).map(|number| format!("box-{number:02}")).collect();
    let today: Vec<&str> = names.iter().map(String::as_str).chain(["other"]).collect();
    let (now, then) = (failing(&today, known()), failing(&today[..11], known()));
    assert_eq!(preview(&wide, &now, &then).to_string(), "this would cover 14 resources today, 3 more than last week");
    assert_eq!(preview(&wide, &then, &now).to_string(), "this would cover 11 resources today, 3 fewer than last week");
    let narrow = Exemption { max_matches: 5, ..wide.clone() };
    assert_eq!(preview(&narrow, &now, &now).too_broad, Some(5));
    let none = Exemption { resource: Some("no-such".into()), ..wide.clone() };
    assert!(preview(&none, &now, &then).to_string().contains("0 resources today, as many as last week; nothing that fails is like that"));
    let tagged = Exemption { tags: BTreeMap::from([("team".into(), "blue".into())]), ..wide };
    assert_eq!(preview(&tagged, &now, &then).resources.len(), 14);
    let unread = failing(&today, Read::Unknown(Gap::new("toy:ListTags", "Throttling")));
    let blind = preview(&tagged, &unread, &then);
    assert_eq!((blind.resources.len(), blind.tags_unread), (0, 14), "an exemption never rests on a guess");
}

#[test]
fn kinds_are_called_as_results_call_them() {
    let kinds = [ExemptionKind::AcceptedRisk, ExemptionKind::FalsePositive, ExemptionKind::OperationalRequirement];
    for kind in kinds {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
}
