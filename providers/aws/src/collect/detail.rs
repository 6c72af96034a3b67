//! One declared call for one resource, or for each element of one of its fields.

use std::time::Duration;

use inventory::Gap;
use serde_json::{Map, Value};

use super::{Job, PAGING, gap};
use crate::kind::path::{Names, flatten, get};
use crate::kind::{Call, Detail};
use crate::model::result_keys;

/// How often a prepared answer is asked after, and how long between.
const PREPARING: (usize, Duration) = (30, Duration::from_secs(1));

/// Makes the call and puts what it says into the document.
pub(super) async fn add(job: &Job, region: &str, detail: &Detail, document: &mut Map<String, Value>) {
    match applies(detail, document) {
        Ok(true) => {}
        Ok(false) => return,
        Err(gap) => return drop(document.insert(detail.field().to_owned(), gap.to_document())),
    }
    let value = match &detail.each {
        None => one(job, region, detail, document, None).await.unwrap_or_else(|gap| Some(gap.to_document())),
        Some(each) => match document.get(each) {
            None => None,
            Some(elements) => Some(for_each(job, region, detail, document, elements).await),
        },
    };
    if let Some(value) = value {
        document.insert(detail.field().to_owned(), value);
    }
}

/// Whether the call is to be made for this resource; unread conditions make the field unread.
fn applies(detail: &Detail, document: &Map<String, Value>) -> Result<bool, Gap> {
    for (path, wanted) in &detail.when {
        let (root, rest) = path.split_once('.').unwrap_or((path, ""));
        let value = document.get(root);
        if let Some(gap) = value.and_then(Gap::in_document) {
            return Err(gap);
        }
        let value = if rest.is_empty() { value } else { value.and_then(|value| get(value, rest)) };
        match value.and_then(Value::as_str) {
            Some(text) if text == wanted => {}
            Some(_) => return Ok(false),
            None => {
                return Err(Gap::new(detail.call.action(), "FieldAbsent")
                    .with_detail(format!("`{path}` is not in the answer, so nobody knows whether to ask")));
            }
        }
    }
    Ok(true)
}

/// The elements with what the call says of each; an element that was not read stays unread.
async fn for_each(job: &Job, region: &str, detail: &Detail, document: &Map<String, Value>, elements: &Value) -> Value {
    if let Some(gap) = Gap::in_document(elements) {
        return gap.to_document();
    }
    let Some(elements) = elements.as_array() else {
        return Gap::new(detail.call.action(), "Malformed").with_detail("what it is to be asked for is no list").to_document();
    };
    let mut made = Vec::new();
    for element in elements {
        if let Some(gap) = Gap::in_document(element) {
            made.push(gap.to_document());
            continue;
        }
        let said = one(job, region, detail, document, Some(element)).await.unwrap_or_else(|gap| Some(gap.to_document()));
        match (&detail.attach, said) {
            (Some(attach), said) => {
                let mut element = element.clone();
                if let (Some(said), Some(members)) = (said, element.as_object_mut()) {
                    members.insert(attach.clone(), said);
                }
                made.push(element);
            }
            (None, Some(said)) => made.push(said),
            (None, None) => {}
        }
    }
    Value::Array(made)
}

/// One call. `None` where the service says that the thing is not configured.
async fn one(job: &Job, region: &str, detail: &Detail, document: &Map<String, Value>, each: Option<&Value>) -> Result<Option<Value>, Gap> {
    let names = Names { partition: &job.run.identity.partition, account: &job.run.identity.account, region, document, each };
    let unknown = |name: String| {
        Gap::new(detail.call.action(), "FieldAbsent").with_detail(format!("`{name}` is not in the answer, so the call cannot be made"))
    };
    let input =
        detail.input.iter().map(|(name, value)| Ok((name.clone(), names.fill_value(value)?))).collect::<Result<Map<_, _>, String>>();
    let input = Value::Object(input.map_err(unknown)?);
    let region = match detail.region.as_deref() {
        Some("home") => job.run.caller.home_region().to_owned(),
        Some(template) => names.fill(template).map_err(unknown)?,
        None => region.to_owned(),
    };
    match detail.shared {
        true => {
            let key = format!("{region} {} {input} {:?}", detail.call, detail.take.as_ref().or(detail.items.as_ref()));
            job.run.memo.answer(key, async { ask(job, &region, detail, input).await }).await
        }
        false => ask(job, &region, detail, input).await,
    }
}

async fn ask(job: &Job, region: &str, detail: &Detail, input: Value) -> Result<Option<Value>, Gap> {
    if let Some(first) = &detail.prepare {
        prepared(job, region, first, detail).await?;
    }
    if let Some(items) = &detail.items {
        return match all_or_absent(job, region, detail, input, items).await {
            Ok(found) => Ok(found.map(Value::Array)),
            Err(gap) => Err(gap),
        };
    }
    let answer = match whole(job, region, &detail.call, input).await {
        Ok(answer) => answer,
        Err(Trouble { code, .. }) if detail.absent.contains(&code) => return Ok(None),
        Err(Trouble { gap, .. }) => return Err(gap),
    };
    taken(detail, answer)
}

/// What is kept of an answer. A success that does not say what was asked is no "not configured": services have codes for that.
fn taken(detail: &Detail, answer: Value) -> Result<Option<Value>, Gap> {
    let Some(path) = &detail.take else { return Ok(Some(answer)) };
    match get(&answer, path) {
        Some(value) => Ok(Some(value.clone())),
        None if detail.may_lack => Ok(None),
        None => Err(Gap::new(detail.call.action(), "Malformed").with_detail(format!("the answer has no `{path}`"))),
    }
}

async fn all_or_absent(job: &Job, region: &str, detail: &Detail, input: Value, items: &str) -> Result<Option<Vec<Value>>, Gap> {
    match listed(job, region, &detail.call, input, items).await {
        Ok(found) => Ok(Some(found)),
        Err(Trouble { code, .. }) if detail.absent.contains(&code) => Ok(None),
        Err(Trouble { gap, .. }) => Err(gap),
    }
}

/// A call that failed: the service's own code, which may mean "absent", and the gap that it otherwise is.
struct Trouble {
    code: String,
    gap: Gap,
}

impl From<crate::CallError> for Trouble {
    fn from(error: crate::CallError) -> Self {
        Self { code: error.code.clone(), gap: gap(&error) }
    }
}

/// All elements of a list, through all pages.
pub(super) async fn all(job: &Job, region: &str, call: &Call, input: Value, items: &str) -> Result<Vec<Value>, Gap> {
    listed(job, region, call, input, items).await.map_err(|trouble| trouble.gap)
}

async fn listed(job: &Job, region: &str, call: &Call, input: Value, items: &str) -> Result<Vec<Value>, Trouble> {
    let mut pages = job.run.caller.pages(region, &call.service, &call.operation, input);
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let Some(more) = flatten(page?, items) else {
            let gap = Gap::new(call.action(), "Malformed").with_detail(format!("the answer has no `{items}`"));
            return Err(Trouble { code: "Malformed".into(), gap });
        };
        found.extend(more);
    }
    Ok(found)
}

/// The whole answer; the lists of its pages are put together.
async fn whole(job: &Job, region: &str, call: &Call, input: Value) -> Result<Value, Trouble> {
    let mut pages = job.run.caller.pages(region, &call.service, &call.operation, input);
    let mut whole: Option<Value> = None;
    while let Some(page) = pages.next().await {
        let page = page?;
        match &mut whole {
            None => whole = Some(page),
            Some(whole) => append(whole, page, result_keys(&call.service, &call.operation)),
        }
    }
    let mut whole = whole.unwrap_or_else(|| Value::Object(Map::new()));
    if let Some(members) = whole.as_object_mut() {
        PAGING.iter().for_each(|name| drop(members.remove(*name)));
    }
    Ok(whole)
}

/// A list may begin on a later page than the first.
fn append(whole: &mut Value, mut page: Value, lists: &[String]) {
    for name in lists {
        match (whole.get_mut(name), page.get_mut(name).map(Value::take)) {
            (Some(Value::Array(kept)), Some(Value::Array(mut more))) => kept.append(&mut more),
            (None, Some(more)) => whole[name] = more,
            (_, _) => {}
        }
    }
}

/// Asks for something to be made until it says that it is.
async fn prepared(job: &Job, region: &str, first: &Call, detail: &Detail) -> Result<(), Gap> {
    let (times, pause) = PREPARING;
    for _ in 0..times {
        let input = Value::Object(Map::new());
        let state = job.run.caller.call(region, &first.service, &first.operation, input).await.map_err(|error| gap(&error))?;
        let ready = |(name, wanted): (&String, &String)| state.get(name).and_then(Value::as_str) == Some(wanted);
        if detail.ready.iter().all(ready) {
            return Ok(());
        }
        tokio::time::sleep(pause).await;
    }
    Err(Gap::new(first.action(), "Timeout").with_detail("it was not ready in time"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kind::declarations;

    fn detail(kind: &str, field: &str) -> &'static Detail {
        let declaration = declarations().iter().find(|declaration| declaration.kind.as_str() == kind).unwrap();
        declaration.details.iter().find(|detail| detail.field() == field).unwrap()
    }

    #[test]
    fn a_success_that_says_nothing_is_a_gap_unless_silence_is_how_the_service_says_no() {
        let gap = taken(detail("aws.s3.bucket", "PolicyStatus"), json!({})).unwrap_err();
        assert_eq!((gap.action.as_str(), gap.cause.as_str()), ("s3:GetBucketPolicyStatus", "Malformed"));
        assert_eq!(taken(detail("aws.iam.user", "LoginProfile"), json!({})).unwrap_err().cause, "Malformed");
        assert_eq!(taken(detail("aws.s3.bucket", "LoggingEnabled"), json!({})), Ok(None));
    }

    #[test]
    fn whether_to_ask_is_unknown_where_the_condition_is() {
        let rotation = detail("aws.kms.key", "RotationStatus");
        let asked = |metadata: Value| applies(rotation, json!({ "KeyMetadata": metadata }).as_object().unwrap());
        let customer = json!({ "KeyManager": "CUSTOMER", "KeySpec": "SYMMETRIC_DEFAULT", "Origin": "AWS_KMS", "KeyState": "Enabled" });
        assert_eq!(asked(customer), Ok(true));
        assert_eq!(asked(json!({ "KeyManager": "AWS" })), Ok(false));
        assert_eq!(asked(json!({ "KeyManager": "CUSTOMER" })).unwrap_err().cause, "FieldAbsent");
        let denied = Gap::new("kms:DescribeKey", "AccessDeniedException");
        assert_eq!(asked(denied.to_document()), Err(denied));
        assert_eq!(applies(rotation, &Map::new()).unwrap_err().cause, "FieldAbsent");
    }

    #[test]
    fn a_list_that_begins_on_a_later_page_is_not_lost() {
        let lists = ["PolicyUsers".to_owned(), "PolicyRoles".to_owned()];
        let mut whole = json!({ "PolicyUsers": [1] });
        append(&mut whole, json!({ "PolicyUsers": [2], "PolicyRoles": [3] }), &lists);
        append(&mut whole, json!({ "PolicyRoles": [4] }), &lists);
        assert_eq!(whole, json!({ "PolicyUsers": [1, 2], "PolicyRoles": [3, 4] }));
    }
}
