//! Time zones by their IANA names, out of the database that comes with the program.

use std::sync::LazyLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::Wrong;

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The zone of this name, and its name as the database spells it.
pub(crate) fn zone(name: &str) -> Result<(TimeZone, String), Wrong> {
    let found = ZONES.get(name).map_err(|_| unknown(name))?;
    let spelt = found.iana_name().unwrap_or("UTC").to_owned();
    Ok((found, spelt))
}

fn unknown(name: &str) -> Wrong {
    let wanted = name.to_lowercase();
    let near = ZONES.available().map(|known| known.to_string()).max_by(|one, other| {
        let likeness = |known: &str| strsim::jaro_winkler(&wanted, &known.to_lowercase());
        likeness(one).total_cmp(&likeness(other))
    });
    let fix = match near {
        Some(near) => format!("did you mean `{near}`? offsets such as `+02:00` are no zones"),
        None => "name one such as `Europe/Berlin`".to_owned(),
    };
    Wrong::new("zone", format!("there is no time zone `{name}`"), fix)
}

#[cfg(test)]
mod tests {
    use super::zone;

    #[test]
    fn a_zone_is_found_in_any_case_and_spelt_as_iana_does() {
        assert_eq!(zone("europe/berlin").expect("there").1, "Europe/Berlin");
        assert_eq!(zone("UTC").expect("there").1, "UTC");
    }

    #[test]
    fn a_zone_that_is_misspelt_is_told_its_neighbour() {
        let wrong = zone("Europe/Berln").expect_err("misspelt");
        assert_eq!(
            wrong.to_string(),
            "`zone`: there is no time zone `Europe/Berln`; did you mean `Europe/Berlin`? offsets such as `+02:00` are no zones"
        );
    }
}
