//! What the runtime reports, as one of our causes with a line for the operator.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_runtime::retries::classifiers::THROTTLING_ERRORS;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

use super::route::Refused;
use super::scrub::scrub;
use super::{CallError, Cause};
use crate::protocol::ServiceError;

const DENIED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "AllAccessDisabled",
    "AuthorizationError",
    "AuthorizationErrorException",
    "Forbidden",
    "NotAuthorized",
    "OptInRequired",
    "UnauthorizedAccess",
    "UnauthorizedOperation",
];

const CREDENTIALS: &[&str] = &[
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "InvalidToken",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
    "UnrecognizedClientException",
];

/// The error of a call out of what the runtime reports.
pub(super) fn of(action: &str, error: &SdkError<Refused, HttpResponse>) -> CallError {
    match error {
        SdkError::ServiceError(refused) => of_service(action, &refused.err().error),
        SdkError::TimeoutError(_) => CallError::of(action, Cause::Timeout, chain(error)),
        SdkError::ResponseError(response) => {
            let status = Some(response.raw().status().as_u16());
            let why = error.source().map_or_else(|| error.to_string(), chain);
            CallError { status, ..CallError::of(action, Cause::Malformed, why) }
        }
        other if is_credentials(other) => CallError::of(action, Cause::Credentials, chain(other)),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => CallError::of(action, Cause::Timeout, chain(error)),
        _ => CallError::of(action, Cause::Network, chain(error)),
    }
}

fn of_service(action: &str, error: &ServiceError) -> CallError {
    CallError {
        action: action.to_owned(),
        code: scrub(&error.code),
        message: scrub(&error.message),
        status: Some(error.status),
        cause: cause_of(&error.code, error.status),
    }
}

/// Codes speak before the status: services answer refusals with 400 and absences with 400 as well.
fn cause_of(code: &str, status: u16) -> Cause {
    // EC2 puts `Client.` before some of its codes.
    let code = code.strip_prefix("Client.").unwrap_or(code);
    if THROTTLING_ERRORS.contains(&code) || status == 429 {
        Cause::Throttled
    } else if DENIED.contains(&code) {
        Cause::Denied
    } else if CREDENTIALS.contains(&code) {
        Cause::Credentials
    } else if code.contains("NotFound") || code.starts_with("NoSuch") || status == 404 {
        Cause::NotFound
    } else if status == 401 || status == 403 {
        Cause::Denied
    } else {
        Cause::Service
    }
}

/// Whether a code says that the caller may not.
pub(crate) fn is_denied(code: &str) -> bool {
    DENIED.contains(&code.strip_prefix("Client.").unwrap_or(code))
}

fn is_credentials(error: &(dyn Error + 'static)) -> bool {
    sources(error).any(|error| error.downcast_ref::<CredentialsError>().is_some())
}

/// An error and what lies beneath it, on one line without repetition.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in sources(error).map(ToString::to_string) {
        if !parts.iter().any(|known| known.contains(&part)) {
            parts.push(part);
        }
    }
    parts.join(": ")
}

fn sources<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
}

#[cfg(test)]
mod tests {
    use super::cause_of;
    use crate::caller::Cause;

    #[test]
    fn codes_decide_before_the_status() {
        for (code, status, cause) in [
            ("AccessDenied", 403, Cause::Denied),
            ("AccessDeniedException", 400, Cause::Denied),
            ("Client.UnauthorizedOperation", 403, Cause::Denied),
            ("Throttling", 400, Cause::Throttled),
            ("SlowDown", 503, Cause::Throttled),
            ("InvalidClientTokenId", 403, Cause::Credentials),
            ("NoSuchBucketPolicy", 404, Cause::NotFound),
            ("ServerSideEncryptionConfigurationNotFoundError", 404, Cause::NotFound),
            ("InternalError", 500, Cause::Service),
            ("Status418", 418, Cause::Service),
        ] {
            assert_eq!(cause_of(code, status), cause, "{code}");
        }
    }
}
