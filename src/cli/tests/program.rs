//! The program as a person runs it, on the recorded estate: exit codes, files, messages, and what is the same in every run.

mod common;

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use common::{assess, assize, read, root, text};

#[test]
fn the_first_run_shows_passes_failures_an_unknown_and_exemptions() {
    let folder = tempfile::tempdir().unwrap();
    let done = assess(folder.path(), &[]);
    let said = text(&done.stdout);
    assert_eq!(done.status.code(), Some(3), "{said}{}", text(&done.stderr));
    for line in [
        "444 pass, 140 fail, 2 exempt, 2 unknown, 78 not applicable",
        "kms:GetKeyPolicy: AccessDeniedException (2 verdicts unknown)",
        "Exemption `EX-2026-002` ended on 2026-10-31 and is void; 2 failures were under it",
        "Exemption `EX-2026-003` matches no failure",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let html = read(&folder.path().join("out/report.html"));
    assert!(html.contains("What could not be read") && !html.contains("<script"));
    assert_eq!(read(&folder.path().join("out/verdicts.jsonl")).lines().count(), 666 + 8);
}

#[test]
fn exit_codes_are_as_documented() {
    let folder = tempfile::tempdir().unwrap();
    let code = |more: &[&str]| assess(folder.path(), more).status.code();
    assert_eq!(code(&["--check", "idm-01/*"]), Some(0));
    assert_eq!(code(&["--check", "net-07/*"]), Some(1));
    assert_eq!(code(&["--check", "net-07/*", "--fail-on", "high"]), Some(0));
    assert_eq!(code(&["--check", "key-03/*"]), Some(3));
    assert_eq!(code(&["--check", "no-such/*"]), Some(2));
    assert_eq!(code(&["--no-such-flag"]), Some(2));
    assert_eq!(code(&["--aws", "--region", "us-east-1"]), Some(4));
    assert_eq!(code(&["--snapshot", "docs"]), Some(2));
}

#[test]
fn two_runs_at_one_clock_differ_in_the_run_identifiers_alone() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assess(one.path(), &[]);
    assess(two.path(), &[]);
    for file in ["assessment-plan.json", "assessment-results.json", "report.html", "verdicts.jsonl", "evidence/aws-111122223333.sha256"] {
        let (a, b) = (same(one.path(), file), same(two.path(), file));
        assert!(a == b, "{file} differs");
    }
}

/// The content of a file with the declared run identifiers taken out.
fn same(folder: &Path, file: &str) -> String {
    let out = folder.join("out");
    let document = |name: &str| serde_json::from_str::<Value>(&read(&out.join(name))).unwrap();
    let (plan, results) = (document("assessment-plan.json"), document("assessment-results.json"));
    let result = &results["assessment-results"]["results"][0];
    let run = result["props"].as_array().unwrap().iter().find(|prop| prop["name"] == "run").unwrap();
    let ids = [&plan["assessment-plan"]["uuid"], &results["assessment-results"]["uuid"], &result["uuid"], &run["value"]];
    ids.iter().fold(read(&out.join(file)), |text, id| text.replace(id.as_str().unwrap(), "RUN"))
}

#[test]
fn a_second_run_on_an_unchanged_estate_adds_a_run_and_no_transition() {
    let folder = tempfile::tempdir().unwrap();
    assess(folder.path(), &[]);
    assess(folder.path(), &[]);
    let mut ledger = ledger::Ledger::open_file(&folder.path().join("ledger.sqlite")).unwrap();
    let runs = ledger.runs(9).unwrap();
    assert_eq!(runs.len(), 2);
    assert_eq!(runs[0].totals, runs[1].totals);
    assert_eq!(ledger.transitions(runs[1].id).unwrap().len(), 666);
    assert_eq!(ledger.transitions(runs[0].id).unwrap(), []);
    assert_eq!(ledger.verify(&ledger::Trust::default()).unwrap().problems, Vec::<String>::new());
}

#[test]
fn an_exemption_is_void_the_day_after_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let exempt = |now: &str| {
        let (ledger, output) = (folder.path().join("l.sqlite"), folder.path().join("out"));
        assize(&[
            "assess",
            "--now",
            now,
            "--check",
            "dat-0[12]/*",
            "--ledger",
            ledger.to_str().unwrap(),
            "--output",
            output.to_str().unwrap(),
        ]);
        let results: Value = serde_json::from_str(&read(&output.join("assessment-results.json"))).unwrap();
        let risks = results["assessment-results"]["results"][0]["risks"].as_array().unwrap().clone();
        let findings = results["assessment-results"]["results"][0]["findings"].as_array().unwrap().clone();
        assert!(findings.iter().all(|finding| finding["target"]["status"]["state"] == "not-satisfied"));
        risks.iter().filter(|risk| risk["status"] == "deviation-approved").count()
    };
    assert_eq!(exempt("2026-09-30T23:59:59Z"), 0, "before it is approved");
    assert_eq!(exempt("2027-09-30T23:59:59Z"), 2, "on its last day");
    assert_eq!(exempt("2027-10-01T00:00:00Z"), 0, "the day after");
}

#[test]
fn emitted_documents_are_valid_under_the_official_schemas() {
    let Some(data) = tests::parts::oscal_data("emitted_documents_are_valid_under_the_official_schemas") else { return };
    let schemas = data.join("schemas");
    let folder = tempfile::tempdir().unwrap();
    assess(folder.path(), &[]);
    // NIST's constraints, too, hold without an exception.
    let emitted =
        ["assessment-plan", "assessment-results"].map(|model| folder.path().join(format!("out/{model}.json")).display().to_string());
    let validated = assize(&["oscal", "validate", &emitted[0], &emitted[1]]);
    assert_eq!((validated.status.code(), text(&validated.stdout).as_str()), (Some(0), ""));
    for version in ["nist-1.2.3", "nist-1.1.2"] {
        for model in ["assessment-plan", "assessment-results"] {
            // Of 1.1.2 there is the schema of all models in one.
            let own = schemas.join(version).join(format!("oscal_{model}_schema.json"));
            let schema = if own.exists() { own } else { schemas.join(version).join("oscal_complete_schema.json") };
            let schema: Value = serde_json::from_str(&read(&schema)).unwrap();
            let document: Value = serde_json::from_str(&read(&folder.path().join(format!("out/{model}.json")))).unwrap();
            let validator = jsonschema::validator_for(&schema).unwrap();
            let errors: Vec<String> = validator.iter_errors(&document).map(|error| format!("{} {error}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{version} {model}: {errors:?}");
        }
    }
}

#[test]
fn trestle_imports_the_emitted_documents() {
    let Some(trestle) = tests::parts::program("trestle", "trestle_imports_the_emitted_documents") else { return };
    let folder = tempfile::tempdir().unwrap();
    assess(folder.path(), &[]);
    let workspace = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| Command::new(&trestle).args(args).current_dir(workspace.path()).output().unwrap();
    assert!(run(&["init"]).status.success());
    for model in ["assessment-plan", "assessment-results"] {
        let file = folder.path().join(format!("out/{model}.json"));
        let done = run(&["import", "-f", file.to_str().unwrap(), "-o", "emitted"]);
        assert!(done.status.success(), "{model}: {}{}", text(&done.stdout), text(&done.stderr));
    }
}

#[test]
fn every_problem_of_a_configuration_is_told_at_once_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let content = "organisation = \"Bank\"\n[assess]\nfail_on = \"severe\"\nresults_valid_for = 26\n[[scope]]\nname = \"a\"\nsnapshoot = \"x\"\n\
                   [[exemption]]\nid = \"E\"\nkind = \"wish\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2027-01-01\n";
    std::fs::write(&config, content).unwrap();
    let done = assize(&["assess", "--config", config.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(2));
    let said = text(&done.stderr).replace(&folder.path().display().to_string(), "DIR");
    for line in [
        "DIR/config.toml:1:1: unknown key `organisation`; did you mean `organization`?",
        "DIR/config.toml:3:1: `fail_on` is \"severe\"",
        "DIR/config.toml:4:1: `results_valid_for` is not of type string",
        "DIR/config.toml:7:1: unknown key `snapshoot`; did you mean `snapshot`?",
        "`approved_by` is missing",
        "DIR/config.toml:10:1: `kind` is \"wish\"",
    ] {
        assert!(said.contains(line), "{line}\n--- said:\n{said}");
    }
}

#[test]
fn a_damaged_recording_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("recording");
    std::fs::create_dir(&copy).unwrap();
    for entry in std::fs::read_dir(root().join("tests/estate/444455556666")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    let file = copy.join("aws.s3.bucket.ndjson.zst");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let done = assess(folder.path(), &["--snapshot", copy.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(2), "{}", text(&done.stderr));
    assert!(text(&done.stderr).contains("SHA-256 differs; record it again"), "{}", text(&done.stderr));
    assert!(!folder.path().join("out").exists());
}

#[test]
fn the_reference_configuration_shows_the_defaults_and_the_schemas_are_current() {
    for (what, file) in [("config", "docs/config.schema.json"), ("check", "docs/check.schema.json")] {
        let said = text(&assize(&["schema", what]).stdout);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(root().join(file), &said).unwrap();
        }
        assert!(read(&root().join(file)) == said, "{file} is not current: UPDATE=1 cargo test -p assize");
    }
    let shown = read(&root().join("config.toml"));
    let schema: Value = serde_json::from_str(&read(&root().join("docs/config.schema.json"))).unwrap();
    let own = schema["properties"].as_object().unwrap().keys();
    let inner =
        schema["$defs"].as_object().unwrap().values().flat_map(|def| def["properties"].as_object().into_iter().flat_map(|own| own.keys()));
    for key in own.chain(inner) {
        assert!(shown.contains(key.as_str()), "config.toml does not show `{key}`");
    }
    for (key, default) in
        [("profile", "catalogs/profile-wave-1-2.json"), ("controls", "controls"), ("fail_on", "low"), ("results_valid_for", "PT26H")]
    {
        assert!(shown.contains(&format!("{key} = \"{default}\"")), "config.toml does not show the default of `{key}`");
    }
}

#[test]
fn checks_can_be_listed_explained_tested_and_linted() {
    let list = assize(&["checks", "list", "dat-01/*"]);
    assert!(text(&list.stdout).contains("dat-01/aws/s3-bucket-blocks-public-access"));
    let explain = text(&assize(&["checks", "explain", "idm-07"]).stdout);
    assert!(explain.contains("max_age = \"P90D\"") && explain.contains("iam:ListAccessKeys"), "{explain}");
    let typo = assize(&["checks", "explain", "dat-01/aws/s3-bucket-blocks-public-acces"]);
    assert!(text(&typo.stderr).contains("did you mean `dat-01/aws/s3-bucket-blocks-public-access`?"));
    let test = assize(&["checks", "test"]);
    assert_eq!(test.status.code(), Some(0), "{}", text(&test.stderr));
    let lint = assize(&["checks", "lint"]);
    assert_eq!(lint.status.code(), Some(0), "{}", text(&lint.stdout));
}

#[test]
fn the_printed_policy_holds_reads_alone() {
    let policy: Value = serde_json::from_slice(&assize(&["permissions", "aws"]).stdout).unwrap();
    let actions = policy["Statement"][0]["Action"].as_array().unwrap();
    let reads = |action: &str| {
        ["Get", "List", "Lookup", "Describe", "Generate"].iter().any(|verb| action.split(':').nth(1).unwrap().starts_with(verb))
    };
    assert!(actions.len() > 30 && actions.iter().all(|action| reads(action.as_str().unwrap())), "{actions:?}");
}

#[test]
fn the_checks_are_exported_as_a_component_definition_that_others_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("checks.json");
    let path = file.to_str().unwrap();
    let exported = assize(&["checks", "export", "-o", path, "--now", "2026-11-23T06:00:00Z"]);
    assert_eq!(exported.status.code(), Some(0), "{}", text(&exported.stderr));
    let validated = assize(&["oscal", "validate", path]);
    assert_eq!(validated.status.code(), Some(0), "{}", text(&validated.stdout));
    let document: Value = serde_json::from_str(&read(&file)).unwrap();
    let components = document["component-definition"]["components"].as_array().unwrap();
    let rules = |at: usize, name: &str| components[at]["props"].as_array().unwrap().iter().filter(|prop| prop["name"] == name).count();
    assert_eq!((components.len(), rules(0, "Rule_Id"), rules(1, "Check_Id")), (2, 55, 55));
    let key_01 = components[0]["control-implementations"][0]["implemented-requirements"].as_array().unwrap();
    let key_01 = key_01.iter().find(|requirement| requirement["control-id"] == "key-01").unwrap();
    assert_eq!(key_01["set-parameters"][0]["values"][0], "P365D");
    let Some(trestle) = tests::parts::program("trestle", "the_checks_are_exported_as_a_component_definition_that_others_read") else {
        return;
    };
    let workspace = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| Command::new(&trestle).args(args).current_dir(workspace.path()).output().unwrap();
    assert!(run(&["init"]).status.success());
    let imported = run(&["import", "-f", path, "-o", "checks"]);
    assert!(imported.status.success(), "{}{}", text(&imported.stdout), text(&imported.stderr));
}

#[test]
fn a_framework_is_answered_for_control_by_control_and_nothing_is_claimed_that_no_check_decides() {
    let folder = tempfile::tempdir().unwrap();
    let done = assess(
        folder.path(),
        &["--framework", "800-53-moderate", "--framework", "cis-aws-6.0", "--framework", "ksi", "--framework", "cis-gcp-5.0"],
    );
    let said = text(&done.stdout);
    assert_eq!(done.status.code(), Some(3), "{said}{}", text(&done.stderr));
    for line in [
        "287 controls: 13 not satisfied, 19 undecided, 255 not assessed",
        "63 controls: 10 not satisfied, 2 satisfied, 15 undecided, 36 not assessed",
        "46 controls: 15 undecided, 31 not assessed",
        "93 controls: 93 not assessed",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let document = |name: &str| read(&folder.path().join("out").join(name));
    let results: Value = serde_json::from_str(&document("assessment-results.json")).unwrap();
    let result = &results["assessment-results"]["results"][0];
    let fact = |of: &Value, name: &str| {
        let props = of["props"].as_array().unwrap();
        props.iter().find(|prop| prop["name"] == name).map(|prop| prop["value"].as_str().unwrap().to_owned())
    };
    let findings: Vec<&Value> =
        result["findings"].as_array().unwrap().iter().filter(|finding| fact(finding, "framework").is_some()).collect();
    assert_eq!(findings.len(), 13 + 12);
    let satisfied = findings.iter().filter(|finding| finding["target"]["status"]["state"] == "satisfied");
    let satisfied: Vec<String> = satisfied.filter_map(|finding| fact(finding, "control")).collect();
    assert_eq!(satisfied, ["cis-aws-6.0-2.3", "cis-aws-6.0-2.13"]);
    let ssh = findings.iter().find(|finding| fact(finding, "control").as_deref() == Some("sc-7.5")).unwrap();
    assert_eq!((&ssh["target"]["target-id"], &ssh["target"]["status"]["reason"]), (&Value::from("sc-7.5_smt"), &Value::from("fail")));
    assert!(!ssh["related-observations"].as_array().unwrap().is_empty() && !ssh["related-risks"].as_array().unwrap().is_empty());
    let html = document("report.html");
    assert!(html.contains("255 controls are not assessed") && html.contains("superset-of net-01, net-02, net-04, net-08, net-13"));
    let out = folder.path().join("out");
    let checked = assize(&[
        "oscal",
        "validate",
        out.join("assessment-plan.json").to_str().unwrap(),
        out.join("assessment-results.json").to_str().unwrap(),
    ]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stdout));
}

#[test]
fn a_framework_that_is_not_there_or_that_no_mapping_reaches_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let missing = assess(folder.path(), &["--framework", "iso-27001"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(
        text(&missing.stderr).contains("there is no framework `iso-27001`; name a catalog or profile, or one of"),
        "{}",
        text(&missing.stderr)
    );
    let unmapped = assess(folder.path(), &["--framework", "catalogs/assize-controls.json"]);
    assert_eq!(unmapped.status.code(), Some(2));
    assert!(text(&unmapped.stderr).contains("no mapping leads from the controls of the profile"), "{}", text(&unmapped.stderr));
    assert!(!folder.path().join("out").exists());
}
