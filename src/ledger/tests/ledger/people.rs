//! Exemptions and findings: what the record itself refuses.

use ledger::{Event, ExemptionStep, FindingStep, Frozen, Ledger, LedgerError, Packed, Trust, hex};
use serde_json::json;

use crate::stores::{at, stores};

fn step(ledger: &mut Ledger, step: &str, by: Option<&str>) -> Result<u64, LedgerError> {
    let event = ExemptionStep {
        at: at(0),
        exemption: "EX-1".into(),
        step: step.into(),
        by: by.map(str::to_owned),
        change: json!({ "what": step }),
    };
    ledger.write(|tx| tx.append(&Event::Exemption(event)))
}

#[test]
fn whoever_asks_cannot_approve_whatever_the_spelling() {
    for place in stores("whoever_asks_cannot_approve") {
        let mut ledger = place.open();
        assert!(step(&mut ledger, "approved", Some("ciso@example.org")).is_err(), "nobody asked");
        assert!(step(&mut ledger, "requested", None).is_err());
        step(&mut ledger, "requested", Some("Ann Example")).unwrap();
        for name in ["Ann Example", "ann  EXAMPLE ", ""] {
            assert!(matches!(step(&mut ledger, "approved", Some(name)), Err(LedgerError::Refused(_))), "{name}");
        }
        // Nor past the rules of the program: the table itself refuses it.
        assert!(ledger.tamper("UPDATE exemption SET approved_by = requested_by").is_err());
        step(&mut ledger, "approved", Some("ciso@example.org")).unwrap();
        assert!(step(&mut ledger, "approved", Some("cto@example.org")).is_err());
        step(&mut ledger, "revoked", Some("ciso@example.org")).unwrap();
        step(&mut ledger, "requested", Some("Ann Example")).unwrap();
        assert_eq!(ledger.exemption_steps(Some("EX-1")).unwrap().len(), 4);
        assert_eq!(ledger.exemption_steps(None).unwrap().len(), 4);
        assert_eq!(ledger.verify(&Trust::default()).unwrap().problems, Vec::<String>::new());
    }
}

#[test]
fn numbers_only_rise_and_what_is_closed_stays_closed() {
    for place in stores("numbers_only_rise") {
        let mut ledger = place.open();
        let mut step = |item, step: &str| {
            let event = FindingStep { at: at(0), run: None, finding: "dat-01/aws/1".into(), item, step: step.into(), change: json!({}) };
            ledger.write(|tx| tx.append(&Event::Finding(event)))
        };
        step(1, "opened").unwrap();
        step(1, "seen").unwrap();
        step(1, "resolved").unwrap();
        assert!(step(1, "seen").is_err());
        assert!(step(1, "opened").is_err());
        step(7, "opened").unwrap();
        assert!(step(6, "opened").is_err());
        assert!(step(8, "gone").is_err());
        let mut steps = 0;
        ledger
            .finding_steps(&mut |_| {
                steps += 1;
                Ok(())
            })
            .unwrap();
        assert_eq!(steps, 4);
        assert_eq!(ledger.verify(&Trust::default()).unwrap().problems, Vec::<String>::new());
    }
}

#[test]
fn a_month_is_frozen_once() {
    for place in stores("a_month_is_frozen_once") {
        let mut ledger = place.open();
        let document = Packed::new(b"{}").unwrap();
        let frozen = || Event::Frozen(Frozen { at: at(0), month: "2026-11".into(), document: hex(&document.sha256) });
        ledger.write(|tx| tx.put_document(&document).and_then(|()| tx.append(&frozen()))).unwrap();
        assert!(ledger.write(|tx| tx.append(&frozen())).is_err());
        assert_eq!(ledger.frozen().unwrap(), [("2026-11".to_owned(), document.sha256)]);
    }
}
