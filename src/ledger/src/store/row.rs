//! What goes into a statement and what comes out of a question.

use crate::LedgerError;

/// A parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Blob(&'a [u8]),
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Value::Int(number)
    }
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Value::Text(text)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Value::Blob(bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Value::Blob(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Value::Blob(bytes)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// A value that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl From<Value<'_>> for Cell {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Cell::Null,
            Value::Int(number) => Cell::Int(number),
            // PostgreSQL has no NUL in text; what a cloud calls its things must not decide whether they are recorded.
            Value::Text(text) => Cell::Text(text.replace('\0', "\u{fffd}")),
            Value::Blob(bytes) => Cell::Blob(bytes.to_vec()),
        }
    }
}

/// One row of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row(pub(crate) Vec<Cell>);

/// A stored value is not of the sort that we store there: somebody else wrote it.
fn odd(at: usize) -> LedgerError {
    LedgerError::Altered { what: format!("column {} of a row is not of its sort", at + 1) }
}

impl Row {
    pub(crate) fn int(&self, at: usize) -> Result<i64, LedgerError> {
        self.opt_int(at)?.ok_or_else(|| odd(at))
    }

    pub(crate) fn count(&self, at: usize) -> Result<u64, LedgerError> {
        u64::try_from(self.int(at)?).map_err(|_| odd(at))
    }

    pub(crate) fn opt_int(&self, at: usize) -> Result<Option<i64>, LedgerError> {
        match self.0.get(at) {
            Some(Cell::Int(number)) => Ok(Some(*number)),
            Some(Cell::Null) => Ok(None),
            Some(Cell::Text(_) | Cell::Blob(_)) | None => Err(odd(at)),
        }
    }

    pub(crate) fn text(&self, at: usize) -> Result<String, LedgerError> {
        self.opt_text(at)?.ok_or_else(|| odd(at))
    }

    pub(crate) fn opt_text(&self, at: usize) -> Result<Option<String>, LedgerError> {
        match self.0.get(at) {
            Some(Cell::Text(text)) => Ok(Some(text.clone())),
            Some(Cell::Null) => Ok(None),
            Some(Cell::Int(_) | Cell::Blob(_)) | None => Err(odd(at)),
        }
    }

    pub(crate) fn blob(&self, at: usize) -> Result<Vec<u8>, LedgerError> {
        match self.0.get(at) {
            Some(Cell::Blob(bytes)) => Ok(bytes.clone()),
            Some(Cell::Null | Cell::Int(_) | Cell::Text(_)) | None => Err(odd(at)),
        }
    }

    /// Bytes that have a known length, such as a hash.
    pub(crate) fn hash(&self, at: usize) -> Result<[u8; 32], LedgerError> {
        self.blob(at)?.try_into().map_err(|_| odd(at))
    }

    /// Text that is one of our own sorts, such as an instant.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, at: usize) -> Result<T, LedgerError> {
        self.text(at)?.parse().map_err(|_| odd(at))
    }

    pub(crate) fn opt_parsed<T: std::str::FromStr>(&self, at: usize) -> Result<Option<T>, LedgerError> {
        self.opt_text(at)?.map(|text| text.parse().map_err(|_| odd(at))).transpose()
    }
}
