//! JSON as it is written: every name and every scalar a piece of the text.

/// A JSON value. Scalars keep their text, strings with their quotes.
#[derive(Debug)]
pub(super) enum Node<'t> {
    Scalar(&'t str),
    List(Vec<Node<'t>>),
    Object(Vec<(&'t str, Node<'t>)>),
}

impl<'t> Node<'t> {
    /// Reads one JSON text that is known to be well formed and of bounded depth.
    pub(super) fn of(text: &'t str) -> Option<Self> {
        Reader { text, at: 0 }.value()
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// Passes over `byte` where it comes next.
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self) -> Option<Node<'t>> {
        Some(match self.peek()? {
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                while !self.take(b']') {
                    items.push(self.value()?);
                    self.take(b',');
                }
                Node::List(items)
            }
            b'{' => {
                self.at += 1;
                let mut members = Vec::new();
                while !self.take(b'}') {
                    let name = self.scalar()?;
                    self.take(b':');
                    members.push((name, self.value()?));
                    self.take(b',');
                }
                Node::Object(members)
            }
            _ => Node::Scalar(self.scalar()?),
        })
    }

    fn scalar(&mut self) -> Option<&'t str> {
        let is_string = self.peek()? == b'"';
        let begin = self.at;
        let rest = self.text.get(begin..)?.as_bytes();
        let len = if is_string { string_len(rest)? } else { word_len(rest) };
        if len == 0 {
            return None;
        }
        self.at += len;
        self.text.get(begin..self.at)
    }
}

/// Length of a string with its quotes.
fn string_len(bytes: &[u8]) -> Option<usize> {
    let mut escaped = false;
    for (i, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(i + 1),
            _ => (),
        }
    }
    None
}

/// Length of a number, `true`, `false` or `null`.
fn word_len(bytes: &[u8]) -> usize {
    let is_end = |b: &&u8| b.is_ascii_whitespace() || matches!(**b, b',' | b']' | b'}' | b':');
    bytes.iter().take_while(|b| !is_end(b)).count()
}
