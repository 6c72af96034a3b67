//! The content that ships: every check loads and is typed against the kinds, under a control of the catalog.

#[test]
fn every_shipped_check_loads() {
    let pack = tests::content::pack();
    assert!(pack.checks().len() >= 45, "{} checks", pack.checks().len());
}

#[test]
fn every_kind_that_the_provider_declares_has_a_wave_one_or_two_check_or_is_there_for_reading() {
    let plan = tests::content::plan(&|_| true);
    // Subnets are read for people who look, and for wave 3.
    let unused: Vec<_> =
        provider_aws::kinds().iter().filter(|kind| plan.checks_of(&kind.id).is_empty()).map(|kind| kind.id.as_str()).collect();
    assert_eq!(unused, ["aws.ec2.subnet"]);
}
