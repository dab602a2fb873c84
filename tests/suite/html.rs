//! As much of HTML as the tests need: elements with their attributes, and text.

/// A start tag.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// What a page is made of, in order.
enum Part<'t> {
    Start(Element),
    End,
    Text(&'t str),
}

/// Start tags in order. What stands in a style or a script is text.
pub(crate) fn elements(page: &str) -> Vec<Element> {
    let mut all = Vec::new();
    parts(page, &mut |part| {
        if let Part::Start(element) = part {
            all.push(element);
        }
    });
    all
}

/// The text without style and script, entities resolved, white space made single spaces.
pub(crate) fn text_of(page: &str) -> String {
    let mut text = String::new();
    let mut code = false;
    parts(page, &mut |part| match part {
        Part::Start(e) => code = matches!(e.name.as_str(), "style" | "script"),
        Part::End => code = false,
        Part::Text(t) if !code => text.push_str(t),
        Part::Text(_) => {}
    });
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    super::support::flat(&text.replace("&#58;", ":").replace("&#35;", "#").replace("&amp;", "&"))
}

fn parts<'t>(page: &'t str, see: &mut dyn FnMut(Part<'t>)) {
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        see(Part::Text(&rest[..at]));
        // Cells and lines that follow each other are words apart.
        see(Part::Text(" "));
        rest = &rest[at + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let end = rest.find('>').expect("a tag ends");
            rest = &rest[end + 1..];
            see(Part::End);
            continue;
        }
        let (element, behind) = start_tag(rest);
        rest = behind;
        let raw = matches!(element.name.as_str(), "style" | "script").then(|| format!("</{}", element.name));
        see(Part::Start(element));
        if let Some(end) = raw {
            let at = rest.find(&end).expect("it ends");
            see(Part::Text(&rest[..at]));
            rest = &rest[at..];
        }
    }
    see(Part::Text(rest));
}

/// The tag behind a `<`, and what follows its `>`.
fn start_tag(text: &str) -> (Element, &str) {
    let name_end = text.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).expect("a tag ends");
    let mut element = Element { name: text[..name_end].to_ascii_lowercase(), attributes: Vec::new() };
    let mut rest = &text[name_end..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(behind) = rest.strip_prefix('>') {
            return (element, behind);
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).expect("a tag ends");
        let name = rest[..end].to_ascii_lowercase();
        assert!(!name.is_empty() && !name.contains(['"', '\'', '<']), "no attribute: {:?}", &rest[..end + 1]);
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(behind) = rest.strip_prefix('=') {
            (value, rest) = match behind.chars().next() {
                Some(quote @ ('"' | '\'')) => behind[1..].split_once(quote).expect("a quote ends"),
                _ => {
                    behind.split_at(behind.find(|c: char| c.is_whitespace() || c == '>').expect("a tag ends"))
                }
            };
        }
        element.attributes.push((name, value.to_owned()));
    }
}
