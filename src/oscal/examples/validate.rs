//! Says everything that is wrong with documents: `cargo run --example validate FILE…`. Exit code 1 if anything is.

use std::process::ExitCode;

use oscal::validate::{constraints, validate};
use oscal::{ReadError, read_named};

fn main() -> ExitCode {
    let mut wrong = 0;
    for path in std::env::args().skip(1) {
        match of_file(&path) {
            Ok(lines) => {
                wrong += lines.len();
                lines.iter().for_each(|line| println!("{line}"));
            }
            Err(error) => {
                wrong += 1;
                println!("{error}");
            }
        }
    }
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A line for each problem, with the place in the file.
fn of_file(path: &str) -> Result<Vec<String>, ReadError> {
    let unread = |error: std::io::Error| ReadError {
        origin: path.to_owned(),
        line: 0,
        column: 0,
        pointer: String::new(),
        what: error.to_string(),
        fix: "correct the path".to_owned(),
    };
    let source = read_named(std::fs::File::open(path).map_err(unread)?, path)?;
    let value = source.value()?;
    let mut problems = validate(&value);
    problems.extend(constraints(&value).into_iter().map(|broken| broken.problem));
    let places = source.places_of(problems.iter().map(|problem| problem.pointer.as_str()));
    let line = |((line, column), problem): ((usize, usize), &oscal::Problem)| format!("{path}:{line}:{column}: {problem}");
    Ok(places.into_iter().zip(&problems).map(line).collect())
}
