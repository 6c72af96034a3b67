//! Ticks and windows: each due time once, each event once.

use ledger::{LedgerError, Looked, Owner, TickState, Trust};

use crate::stores::{at, stores};

#[test]
fn a_tick_is_claimed_once_and_what_became_of_it_is_said_once() {
    for place in stores("a_tick_is_claimed_once") {
        let (mut one, mut other) = (place.open(), place.open());
        let tick = one.write(|tx| tx.claim_tick(at(0), "daily", at(0), &Owner::this())).unwrap().unwrap();
        assert_eq!(other.write(|tx| tx.claim_tick(at(0), "daily", at(0), &Owner::this())).unwrap(), None);
        assert!(other.write(|tx| tx.claim_tick(at(0), "other", at(0), &Owner::this())).unwrap().is_some());
        assert!(one.write(|tx| tx.end_tick(at(1), tick, TickState::Done, None)).unwrap());
        assert!(!other.write(|tx| tx.end_tick(at(2), tick, TickState::Failed, None)).unwrap());
        assert_eq!(other.write(|tx| tx.claim_tick(at(3), "daily", at(0), &Owner::this())).unwrap(), None);
        let ticks = other.ticks(Some("daily"), at(-9), at(9)).unwrap();
        assert_eq!((ticks.len(), ticks[0].state, ticks[0].started, ticks[0].ended), (1, TickState::Done, Some(at(0)), Some(at(1))));
        assert_eq!(other.write(|tx| tx.last_due("daily")).unwrap(), Some(at(0)));
        assert_eq!(one.verify(&Trust::default()).unwrap().problems, Vec::<String>::new());
    }
}

#[test]
fn two_daemons_that_race_never_double_a_tick() {
    for place in stores("two_daemons_that_race") {
        place.open();
        let claimed: Vec<i64> = std::thread::scope(|threads| {
            let race = || {
                let mut ledger = place.open();
                let mut own = Vec::new();
                for hour in 0..100 {
                    match ledger.write(|tx| tx.claim_tick(at(hour), "hourly", at(hour), &Owner::this())) {
                        Ok(Some(_)) => own.push(hour),
                        Ok(None) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
                own
            };
            let racing = [threads.spawn(race), threads.spawn(race), threads.spawn(race)];
            racing.into_iter().flat_map(|one| one.join().unwrap()).collect()
        });
        let mut sorted = claimed.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..100).collect::<Vec<_>>());
        let mut ledger = place.open();
        assert_eq!(ledger.ticks(None, at(-1), at(999)).unwrap().len(), 100);
        assert_eq!(ledger.verify(&Trust::default()).unwrap().problems, Vec::<String>::new());
    }
}

#[test]
fn a_tick_whose_owner_is_gone_is_interrupted_and_not_stuck() {
    for place in stores("a_tick_whose_owner_is_gone") {
        let mut ledger = place.open();
        ledger.write(|tx| tx.claim_tick(at(0), "daily", at(0), &Owner::this())).unwrap();
        assert_eq!(ledger.write(|tx| tx.give_up_ticks(at(1))).unwrap(), []);
        ledger.tamper("UPDATE work_tick SET owner = 'elsewhere/1/1'").unwrap();
        let given_up = ledger.write(|tx| tx.give_up_ticks(at(1))).unwrap();
        assert_eq!((given_up.len(), given_up[0].state), (1, TickState::Interrupted));
        assert!(given_up[0].reason.as_ref().unwrap().contains("elsewhere"));
        assert_eq!(ledger.write(|tx| tx.unfinished_ticks("daily")).unwrap(), []);
    }
}

#[test]
fn an_event_counts_once_and_the_watermark_moves_with_what_followed() {
    for place in stores("an_event_counts_once") {
        let mut ledger = place.open();
        let looked = |hour| Looked {
            at: at(hour),
            source: "trail".into(),
            since: at(hour - 1),
            until: at(hour),
            watermark: at(hour),
            events: 1,
            changes: 1,
            gap: None,
        };
        let taken = ledger
            .write(|tx| {
                let taken =
                    [tx.take_event("trail", "e1", at(0))?, tx.take_event("trail", "e1", at(0))?, tx.take_event("other", "e1", at(0))?];
                tx.advance(&looked(1), at(-5))?;
                Ok(taken)
            })
            .unwrap();
        assert_eq!(taken, [true, false, true]);
        let failed: Result<(), LedgerError> = ledger.write(|tx| {
            assert!(tx.take_event("trail", "e2", at(1))?);
            tx.advance(&looked(2), at(-5))?;
            Err(LedgerError::Refused("something that follows".into()))
        });
        assert!(failed.is_err());
        assert_eq!(ledger.write(|tx| tx.watermark("trail")).unwrap(), Some(at(1)));
        assert!(ledger.write(|tx| tx.take_event("trail", "e2", at(1))).unwrap(), "what was taken back can be taken");
        ledger.write(|tx| tx.advance(&looked(3), at(1))).unwrap();
        assert!(ledger.write(|tx| tx.take_event("trail", "e1", at(0))).unwrap(), "what no window hands over again is forgotten");
        assert_eq!(ledger.windows(at(0), at(9)).unwrap().len(), 2);
        assert_eq!(ledger.verify(&Trust::default()).unwrap().problems, Vec::<String>::new());
    }
}
