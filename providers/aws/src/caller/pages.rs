//! Lists that come in pages. A list ends when the service says so; anything else that ends it is an error.

use serde_json::{Map, Value};

use super::{CallError, Caller, Cause, action};
use crate::model::{self, Paging};

/// A list that is read page by page.
#[derive(Debug)]
pub struct Pages {
    caller: Caller,
    region: String,
    service: String,
    operation: String,
    input: Value,
    paging: Option<&'static Paging>,
    ended: bool,
}

/// What comes after a page.
#[derive(Debug, PartialEq)]
enum Next {
    End,
    Tokens(Vec<Value>),
    /// The service says that there is more and does not say how to get it, or gives the same token again.
    Broken(&'static str),
}

impl Pages {
    pub(super) fn new(caller: Caller, region: &str, service: &str, operation: &str, input: Value) -> Self {
        let paging = model::operation(service, operation).and_then(|(_, operation)| operation.pages.as_ref());
        let input = if input.is_null() { Value::Object(Map::new()) } else { input };
        let (region, service, operation) = (region.to_owned(), service.to_owned(), operation.to_owned());
        Self { caller, region, service, operation, input, paging, ended: false }
    }

    /// The next page; `None` after the last page or after an error. An operation without pages has one.
    pub async fn next(&mut self) -> Option<Result<Value, CallError>> {
        if self.ended {
            return None;
        }
        self.ended = true;
        let page = match self.caller.call(&self.region, &self.service, &self.operation, self.input.clone()).await {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        let Some(paging) = self.paging else { return Some(Ok(page)) };
        match after(paging, &self.input, &page) {
            Next::End => {}
            Next::Tokens(tokens) => {
                for (name, token) in paging.input_token.names().iter().zip(tokens) {
                    self.input[name] = token;
                }
                self.ended = false;
            }
            // The page itself is not handed out: a list that cannot be read to its end is not a list.
            Next::Broken(why) => return Some(Err(CallError::of(&action(&self.service, &self.operation), Cause::Malformed, why))),
        }
        Some(Ok(page))
    }
}

/// Whether there is more after `page`, which `input` asked for.
fn after(paging: &Paging, input: &Value, page: &Value) -> Next {
    let more = paging.more_results.as_ref().map(|path| find(page, path).and_then(Value::as_bool).unwrap_or(false));
    let tokens: Vec<Option<&Value>> =
        paging.output_token.names().iter().map(|path| find(page, path).filter(|token| !is_blank(token))).collect();
    match (more, tokens.iter().any(Option::is_some)) {
        (Some(false), _) | (None, false) => Next::End,
        (Some(true), false) => Next::Broken("the list goes on, and the answer has no token for the next page"),
        (_, true) => {
            let tokens: Vec<Value> = tokens.into_iter().map(|token| token.cloned().unwrap_or(Value::Null)).collect();
            let asked = paging.input_token.names().iter().map(|name| input.get(name).unwrap_or(&Value::Null));
            if asked.eq(&tokens) { Next::Broken("the answer repeats the token of the page before") } else { Next::Tokens(tokens) }
        }
    }
}

fn is_blank(token: &Value) -> bool {
    token.is_null() || token == ""
}

fn find<'a>(page: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(page, |value, name| value.get(name))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Next, after};
    use crate::model;

    fn next(service: &str, operation: &str, input: Value, page: Value) -> Next {
        after(model::operation(service, operation).unwrap().1.pages.as_ref().unwrap(), &input, &page)
    }

    #[test]
    fn a_list_ends_when_the_service_says_so() {
        assert_eq!(next("ec2", "DescribeVpcs", json!({}), json!({ "Vpcs": [] })), Next::End);
        assert_eq!(next("ec2", "DescribeVpcs", json!({}), json!({ "NextToken": "" })), Next::End);
        assert_eq!(next("iam", "ListUsers", json!({}), json!({ "IsTruncated": false, "Marker": "x" })), Next::End);
    }

    #[test]
    fn a_token_leads_to_the_next_page() {
        assert_eq!(next("ec2", "DescribeVpcs", json!({}), json!({ "NextToken": "b" })), Next::Tokens(vec![json!("b")]));
        let page = json!({ "IsTruncated": true, "Marker": "m" });
        assert_eq!(next("iam", "ListUsers", json!({ "Marker": "l" }), page), Next::Tokens(vec![json!("m")]));
    }

    #[test]
    fn a_list_that_cannot_go_on_is_broken_and_not_ended() {
        assert!(matches!(next("iam", "ListUsers", json!({}), json!({ "IsTruncated": true })), Next::Broken(_)));
        assert!(matches!(next("ec2", "DescribeVpcs", json!({ "NextToken": "b" }), json!({ "NextToken": "b" })), Next::Broken(_)));
    }
}
