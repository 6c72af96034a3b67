//! A hash has the length of its algorithm.

use super::Problem;
use crate::validate::walk::Place;

pub(super) fn check(place: &Place<'_>, problems: &mut Vec<Problem>) {
    if place.key != "hashes" {
        return;
    }
    let (Some(algorithm), Some(value)) = (place.text("algorithm"), place.text("value")) else { return };
    let digits = match algorithm {
        "SHA-224" | "SHA3-224" => 56,
        "SHA-256" | "SHA3-256" => 64,
        "SHA-384" | "SHA3-384" => 96,
        "SHA-512" | "SHA3-512" => 128,
        _ => return,
    };
    if value.len() != digits || !value.bytes().all(|b| b.is_ascii_hexdigit()) {
        problems.push(Problem {
            pointer: place.pointer.to_owned(),
            constraint: "hash-length",
            message: format!("this is no {algorithm} hash"),
            fix: format!("write its {digits} hexadecimal digits"),
        });
    }
}
