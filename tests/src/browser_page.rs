//! A page as the scripted browser sees it: its first form, and whether it submits itself.

use dom_query::{Document, NodeRef};
use reqwest::Method;
use url::Url;

use crate::browser::BrowserError;

const LONGEST_TEXT: usize = 400;

/// An answer that was not a redirect.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it was found after all redirects.
    pub address: Url,
    /// The HTTP status.
    pub status: u16,
    /// The whole body, whatever its type.
    pub html: String,
}

/// The first form of a page, ready to be filled and sent.
#[derive(Clone, Debug)]
pub struct Form {
    /// The page that holds it.
    pub page: Url,
    /// Where it is sent.
    pub action: Url,
    /// GET or POST.
    pub method: Method,
    /// In document order; of the submit buttons only the first, which Enter would press.
    pub fields: Vec<Field>,
}

/// One control that will be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Never empty.
    pub name: String,
    /// As the page has it, until it is filled.
    pub value: String,
    /// Who fills it.
    pub kind: FieldKind,
}

/// Who fills a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// What a person types in the clear: text, e-mail and the like.
    Text,
    /// What a person types unseen.
    Password,
    /// Hidden, chosen beforehand, or a button.
    Fixed,
}

impl Page {
    /// The first form; none when there is none or its action is no address.
    pub fn form(&self) -> Option<Form> {
        let document = Document::from(self.html.as_str());
        let form = document.select_single("form");
        let node = form.nodes().first()?;
        let base = match document.base_uri() {
            Some(base) => self.address.join(&base).ok()?,
            None => self.address.clone(),
        };
        let action = match node.attr("action").as_deref().map(str::trim) {
            None | Some("") => self.address.clone(),
            Some(action) => base.join(action).ok()?,
        };
        let is_post = attribute(node, "method").eq_ignore_ascii_case("post");
        let mut fields = Vec::new();
        let mut has_button = false;
        for control in form.select("input, button, select, textarea").nodes() {
            let is_button = is_submit(control);
            if control.has_attr("disabled") || (is_button && has_button) {
                continue;
            }
            has_button |= is_button;
            fields.extend(field(control));
        }
        Some(Form {
            page: self.address.clone(),
            action,
            method: if is_post { Method::POST } else { Method::GET },
            fields,
        })
    }

    /// True for the pages that carry an answer by POST: a form with nothing to fill in, and a script that sends it.
    pub fn submits_itself(&self) -> bool {
        let sends = self.html.to_ascii_lowercase().contains("submit()");
        sends && self.form().is_some_and(|form| !form.awaits_typing())
    }

    /// The words on the page, shortened, for messages.
    pub fn text(&self) -> String {
        let document = Document::from(self.html.as_str());
        let body = document.select_single("body");
        body.select("script, style").remove();
        let text = body.text();
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ").chars().take(LONGEST_TEXT).collect()
    }

    pub(crate) fn form_or_error(&self) -> Result<Form, BrowserError> {
        let form = self.form().ok_or_else(|| BrowserError::NoForm {
            address: self.address.clone(),
            status: self.status,
            text: self.text(),
        })?;
        let encoding = self.form_encoding();
        let is_written = matches!(encoding.as_str(), "" | "application/x-www-form-urlencoded");
        if form.method == Method::POST && !is_written {
            let address = self.address.clone();
            return Err(BrowserError::Encoding { address, encoding });
        }
        Ok(form)
    }

    fn form_encoding(&self) -> String {
        let document = Document::from(self.html.as_str());
        let form = document.select_single("form");
        form.attr_or("enctype", "").trim().to_ascii_lowercase()
    }
}

impl Form {
    /// Sets the field of this name; false when the form has none.
    pub fn fill(&mut self, name: &str, value: &str) -> bool {
        let field = self.fields.iter_mut().find(|field| field.name == name);
        field.map(|field| field.value = value.to_owned()).is_some()
    }

    /// Presses a named button that is not the first.
    pub fn press(&mut self, name: &str, value: &str) {
        self.fields.push(Field {
            name: name.to_owned(),
            value: value.to_owned(),
            kind: FieldKind::Fixed,
        });
    }

    /// The first field of this kind.
    pub fn first(&self, kind: FieldKind) -> Option<&Field> {
        self.fields.iter().find(|field| field.kind == kind)
    }

    pub(crate) fn fill_first(&mut self, kind: FieldKind, value: &str) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.kind == kind) {
            field.value = value.to_owned();
        }
    }

    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let pair = |field: &Field| (field.name.clone(), field.value.clone());
        self.fields.iter().map(pair).collect()
    }

    fn awaits_typing(&self) -> bool {
        self.fields
            .iter()
            .any(|field| field.kind != FieldKind::Fixed)
    }
}

/// None for a control that would not be sent: without a name, not checked, a plain button.
fn field(control: &NodeRef) -> Option<Field> {
    let name = control.attr("name").filter(|name| !name.is_empty())?;
    let kind = match kind_name(control).as_str() {
        "password" => FieldKind::Password,
        "hidden" | "submit" | "select" => FieldKind::Fixed,
        "checkbox" | "radio" if control.has_attr("checked") => FieldKind::Fixed,
        "checkbox" | "radio" | "button" | "reset" | "image" | "file" => return None,
        _ => FieldKind::Text,
    };
    Some(Field {
        name: name.to_string(),
        value: value(control),
        kind,
    })
}

fn value(control: &NodeRef) -> String {
    if control.has_name("textarea") {
        return control.text().to_string();
    }
    if control.has_name("select") {
        let options: Vec<_> = control
            .descendants_it()
            .filter(|node| node.has_name("option"))
            .collect();
        let chosen = options.iter().find(|option| option.has_attr("selected"));
        return chosen
            .or(options.first())
            .map_or(String::new(), option_value);
    }
    match control.attr("value") {
        Some(value) => value.to_string(),
        None if matches!(kind_name(control).as_str(), "checkbox" | "radio") => "on".to_owned(),
        None => String::new(),
    }
}

fn option_value(option: &NodeRef) -> String {
    let value = option.attr("value");
    value.unwrap_or_else(|| option.text()).trim().to_owned()
}

fn is_submit(control: &NodeRef) -> bool {
    kind_name(control) == "submit"
}

/// The `type` in lower case with HTML's defaults: a button submits, an input is text.
fn kind_name(control: &NodeRef) -> String {
    if control.has_name("select") {
        return "select".to_owned();
    }
    if control.has_name("textarea") {
        return "text".to_owned();
    }
    let given = attribute(control, "type").to_ascii_lowercase();
    match given.as_str() {
        "" if control.has_name("button") => "submit".to_owned(),
        "" => "text".to_owned(),
        _ => given,
    }
}

fn attribute(node: &NodeRef, name: &str) -> String {
    node.attr(name)
        .map_or(String::new(), |value| value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Page {
        Page {
            address: "http://127.0.0.1:9/login/here?x=1".parse().unwrap(),
            status: 200,
            html: html.to_owned(),
        }
    }

    fn pairs(html: &str) -> Vec<(String, String)> {
        page(html).form().unwrap().pairs()
    }

    fn sent(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        let own = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        expected.iter().map(own).collect()
    }

    #[test]
    fn entities_in_values_and_actions_are_decoded() {
        let html = r#"<form method=POST action="/a?b=1&amp;c=2"><input type=hidden name=s value="&lt;a&#39;b&quot;&#x2B;&amp;amp;"></form>"#;
        let form = page(html).form().unwrap();
        assert_eq!(form.action.as_str(), "http://127.0.0.1:9/a?b=1&c=2");
        assert_eq!(form.pairs(), sent(&[("s", "<a'b\"+&amp;")]));
    }

    #[test]
    fn a_form_without_an_action_is_sent_to_its_own_page() {
        let form = page("<form method=post></form>").form().unwrap();
        assert_eq!(form.action.as_str(), "http://127.0.0.1:9/login/here?x=1");
    }

    #[test]
    fn only_what_a_browser_would_send_is_sent() {
        let html = r#"<form><input name=a><input><input name=b disabled><input type=checkbox name=c>
            <input type=checkbox name=d checked><select name=e><option value=1>x<option selected>two</select>
            <textarea name=f>&lt;text</textarea><button name=g value=first>Go</button><button name=h value=second>No</button></form>
            <form><input name=other></form>"#;
        let expected = [
            ("a", ""),
            ("d", "on"),
            ("e", "two"),
            ("f", "<text"),
            ("g", "first"),
        ];
        assert_eq!(pairs(html), sent(&expected));
    }

    #[test]
    fn a_page_submits_itself_only_when_nothing_is_to_be_typed() {
        let hidden = "<form method=post><input type=hidden name=a></form>";
        let typed = "<form method=post><input name=a></form>";
        let script = "<script>document.forms[0].submit()</script>";
        assert!(page(&format!("{hidden}{script}")).submits_itself());
        assert!(!page(&format!("{typed}{script}")).submits_itself());
        assert!(!page(hidden).submits_itself());
        assert!(!page(script).submits_itself());
    }

    #[test]
    fn a_form_that_uploads_is_refused_by_name() {
        let page = page(r#"<form method=post enctype="multipart/form-data"></form>"#);
        assert!(matches!(
            page.form_or_error(),
            Err(BrowserError::Encoding { .. })
        ));
    }
}
