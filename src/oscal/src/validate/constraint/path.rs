//! The paths of NIST's constraints: the small part of Metapath (XPath) that they use, parsed once.

/// A path or a test.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    /// Nodes that any of the paths leads to.
    Path(Vec<Path>),
    Texts(Vec<String>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Equal(Box<Expr>, Box<Expr>),
    Greater(Box<Expr>, Box<Expr>),
    HasNamespace(Vec<String>),
    StartsWith(Box<Expr>, Box<Expr>),
}

/// Steps, from where one stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Path {
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    /// Whether it goes to any depth.
    pub(super) is_deep: bool,
    pub(super) test: Test,
    pub(super) predicates: Vec<Expr>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    Own,
    Element(String),
    Attribute(String),
    Group(Vec<Path>),
}

/// A path or a test, or nothing where it uses what is not known here.
pub(super) fn parse(text: &str) -> Option<Expr> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0 };
    let expr = parser.or()?;
    (parser.at == parser.tokens.len()).then_some(expr)
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Sign(&'static str),
    Text(String),
    Name(String),
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    const SIGNS: [&str; 12] = ["//", "/", "|", "(", ")", "[", "]", ",", "=", ">", "@", "."];
    let (mut found, mut rest) = (Vec::new(), text.trim_start());
    while let Some(first) = rest.chars().next() {
        if let Some(quote @ ('\'' | '"')) = Some(first) {
            let end = rest[1..].find(quote)?;
            found.push(Token::Text(rest[1..=end].to_owned()));
            rest = &rest[end + 2..];
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            found.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        } else {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len());
            if end == 0 {
                return None;
            }
            found.push(Token::Name(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Some(found)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn is(&self, sign: &str) -> bool {
        matches!(self.tokens.get(self.at), Some(Token::Sign(known)) if *known == sign)
    }

    fn take(&mut self, sign: &str) -> bool {
        let is = self.is(sign);
        self.at += usize::from(is);
        is
    }

    fn expect(&mut self, sign: &str) -> Option<()> {
        self.take(sign).then_some(())
    }

    fn word(&mut self, word: &str) -> bool {
        let is = matches!(self.tokens.get(self.at), Some(Token::Name(known)) if known == word);
        self.at += usize::from(is);
        is
    }

    fn or(&mut self) -> Option<Expr> {
        let mut all = vec![self.and()?];
        while self.word("or") {
            all.push(self.and()?);
        }
        Some(if all.len() == 1 { all.remove(0) } else { Expr::Or(all) })
    }

    fn and(&mut self) -> Option<Expr> {
        let mut all = vec![self.comparison()?];
        while self.word("and") {
            all.push(self.comparison()?);
        }
        Some(if all.len() == 1 { all.remove(0) } else { Expr::And(all) })
    }

    fn comparison(&mut self) -> Option<Expr> {
        let left = self.primary()?;
        if self.take("=") {
            return Some(Expr::Equal(Box::new(left), Box::new(self.primary()?)));
        }
        if self.take(">") {
            return Some(Expr::Greater(Box::new(left), Box::new(self.primary()?)));
        }
        Some(left)
    }

    fn primary(&mut self) -> Option<Expr> {
        match (self.tokens.get(self.at).cloned(), self.tokens.get(self.at + 1)) {
            (Some(Token::Text(text)), _) => {
                self.at += 1;
                Some(Expr::Texts(vec![text]))
            }
            (Some(Token::Sign("(")), Some(Token::Text(_))) => Some(Expr::Texts(self.texts()?)),
            (Some(Token::Name(name)), Some(Token::Sign("("))) => {
                self.at += 2;
                self.function(&name)
            }
            _ => Some(Expr::Path(self.union()?)),
        }
    }

    /// `('a', 'b')`.
    fn texts(&mut self) -> Option<Vec<String>> {
        let mut all = Vec::new();
        self.expect("(")?;
        loop {
            let Some(Token::Text(text)) = self.tokens.get(self.at).cloned() else { return None };
            all.push(text);
            self.at += 1;
            if !self.take(",") {
                self.expect(")")?;
                return Some(all);
            }
        }
    }

    fn function(&mut self, name: &str) -> Option<Expr> {
        let made = match name {
            "not" => Expr::Not(Box::new(self.or()?)),
            "exists" => self.or()?,
            "has-oscal-namespace" if self.is("(") => Expr::HasNamespace(self.texts()?),
            "has-oscal-namespace" => {
                let Some(Token::Text(text)) = self.tokens.get(self.at).cloned() else { return None };
                self.at += 1;
                Expr::HasNamespace(vec![text])
            }
            "starts-with" => {
                let of = self.or()?;
                self.expect(",")?;
                Expr::StartsWith(Box::new(of), Box::new(self.or()?))
            }
            // `doc(…)` and the like: other documents are not opened for a check.
            _ => return None,
        };
        self.expect(")")?;
        Some(made)
    }

    fn union(&mut self) -> Option<Vec<Path>> {
        let mut paths = vec![self.path()?];
        while self.take("|") {
            paths.push(self.path()?);
        }
        Some(paths)
    }

    fn path(&mut self) -> Option<Path> {
        let mut steps = Vec::new();
        let mut is_deep = self.take("//");
        loop {
            steps.push(self.step(is_deep)?);
            is_deep = self.take("//");
            if !is_deep && !self.take("/") {
                return Some(Path { steps });
            }
        }
    }

    fn step(&mut self, is_deep: bool) -> Option<Step> {
        let test = match self.tokens.get(self.at).cloned()? {
            Token::Sign(".") => {
                self.at += 1;
                Test::Own
            }
            Token::Sign("(") => {
                self.at += 1;
                let paths = self.union()?;
                self.expect(")")?;
                Test::Group(paths)
            }
            Token::Sign("@") => {
                self.at += 1;
                Test::Attribute(self.name()?)
            }
            Token::Name(_) if !matches!(self.tokens.get(self.at + 1), Some(Token::Sign("("))) => Test::Element(self.name()?),
            _ => return None,
        };
        let mut predicates = Vec::new();
        while self.take("[") {
            predicates.push(self.or()?);
            self.expect("]")?;
        }
        Some(Step { is_deep, test, predicates })
    }

    fn name(&mut self) -> Option<String> {
        let Some(Token::Name(name)) = self.tokens.get(self.at).cloned() else { return None };
        self.at += 1;
        Some(name)
    }
}
