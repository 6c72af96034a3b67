//! A configuration with everything that it leads to: schedules, controls, checks, channels. Read as a whole, so that a reload is right or is not.

use std::path::Path;
use std::time::Duration;

use daemon::Redactor;
use daemon::alerts::{Channel, PATIENCE};
use schedule::Schedule;

use crate::config::{self, Config};
use crate::content::{self, Content};
use crate::failure::Failure;

/// What is configured.
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// When what is due.
    pub schedules: Vec<Schedule>,
    /// The controls and checks.
    pub content: Content,
    /// Whom to tell.
    pub channels: Vec<Channel>,
}

impl Loaded {
    /// Reads everything.
    ///
    /// # Errors
    /// What is wrong, all of a file at once.
    pub fn read(path: &Path, redactor: &Redactor) -> Result<Self, Failure> {
        let config = config::read(path).map_err(Failure::Files)?;
        let schedules = schedules(&config)?;
        let content = content::load(&config.path(&config.assess.profile), &config.path(&config.assess.controls), &[])?;
        let problems = config.daemon.problems().into_iter().chain(daemon::config::problems_of_all(&config.alert));
        let problems: Vec<String> = problems.map(|problem| problem.to_string()).collect();
        if !problems.is_empty() {
            return Err(Failure::usage(format!("{}: {}", path.display(), problems.join("; "))));
        }
        let source = format!("/assize/{}", config.organization.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
        let env = |name: &str| std::env::var(name).ok();
        let open = |settings| Channel::open(settings, &source, &config.folder, &env, redactor, PATIENCE.min(Duration::from_secs(15)));
        let channels = config.alert.iter().map(open).collect::<Result<_, _>>().map_err(Failure::usage)?;
        Ok(Self { schedules, content, channels, config })
    }
}

/// The schedules of a configuration; one that has none assesses everything every day.
fn schedules(config: &Config) -> Result<Vec<Schedule>, Failure> {
    let daily = || schedule::Table { every: Some("1d".into()), jitter: Some("1h".into()), ..schedule::Table::named("daily") };
    let tables = if config.schedule.is_empty() { vec![daily()] } else { config.schedule.clone() };
    let mut wrong = Vec::new();
    let mut schedules: Vec<Schedule> = Vec::new();
    for table in &tables {
        match table.schedule() {
            Ok(schedule) if schedules.iter().any(|other| other.name == schedule.name) => {
                wrong.push(format!("two schedules are called `{}`", schedule.name));
            }
            Ok(schedule) => schedules.push(schedule),
            Err(problems) => wrong.extend(problems.iter().map(|problem| format!("schedule `{}`: {problem}", table.name))),
        }
    }
    if wrong.is_empty() { Ok(schedules) } else { Err(Failure::usage(wrong.join("; "))) }
}
