//! Prints the catalog that a profile stands for: `cargo run --example resolve PROFILE`. Reads nothing outside the profile's folder.

use std::error::Error;
use std::path::Path;

use oscal::resolve::{Frame, resolve};
use oscal::{Document, Layout, Loader};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("name a profile")?;
    let path = Path::new(&path);
    let name = path.file_name().ok_or("name a file")?.to_string_lossy().into_owned();
    let loader = Loader::new(path.parent().unwrap_or(Path::new(".")))?;
    let Document::Profile(profile) = loader.document(&name)? else { return Err("that is no profile".into()) };
    let frame = Frame {
        uuid: profile.uuid,
        last_modified: profile.metadata.last_modified.clone(),
        oscal_version: "1.2.3".parse()?,
        tool: "example".parse()?,
    };
    let resolved = resolve(&profile, &name, &frame, &mut |place| loader.document(place))?;
    resolved.warnings.iter().for_each(|warning| eprintln!("{warning}"));
    print!("{}", Document::Catalog(Box::new(resolved.catalog)).to_json(Layout::Pretty));
    Ok(())
}
