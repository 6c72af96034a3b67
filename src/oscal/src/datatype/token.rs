//! `Token`: the identifiers of OSCAL, a name without a colon.

use super::text_type;

text_type!(
    /// An identifier: a letter or `_`, then letters, digits, `.`, `-` and `_`; neither `/` nor `:`, so no ARN is a token.
    Token,
    "a token: a letter or `_` first, then letters, digits, `.`, `-` or `_`",
    is_token,
    { "type": "string", "pattern": r"^(\p{L}|_)(\p{L}|\p{N}|[.\-_])*$" }
);

fn is_token(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|c| c.is_alphabetic() || c.is_numeric() || matches!(c, '.' | '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::Token;

    #[test]
    fn control_ids_are_tokens_and_bare_numbers_and_arns_are_not() {
        for good in ["ac-2.1_smt.a", "CCC.ObjStor.CN03", "_x", "Überprüfung"] {
            assert_eq!(good.parse::<Token>().expect(good), good);
        }
        for bad in ["", "1.1", "arn:aws:s3:::logs", "a b", "-a", "a/b"] {
            assert!(bad.parse::<Token>().is_err(), "{bad}");
        }
    }
}
