//! A recording, made request by request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use latchkey_core::diagnosis::{Diagnosis, Known, of_har};
use latchkey_core::{Catalogue, SetUp, Severity};
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

pub(crate) const HANDLER: &str = "https://app.torq.io/__/auth/handler";
pub(crate) const START: &str = "2026-11-22T18:00:00Z";

/// What a browser keeps, and how it writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Chrome,
    /// With a byte order mark, indented, by Edge.
    Edge,
    Firefox,
    Charles,
}

pub(crate) const SHAPES: [Shape; 4] = [Shape::Chrome, Shape::Edge, Shape::Firefox, Shape::Charles];

#[derive(Clone)]
pub(crate) struct Recording {
    entries: Vec<Value>,
    at: Timestamp,
    /// How far the servers' clocks are ahead, in seconds.
    pub(crate) ahead: i64,
}

impl Recording {
    pub(crate) fn new() -> Self {
        Self {
            entries: Vec::new(),
            at: START.parse().unwrap(),
            ahead: 0,
        }
    }

    /// One request, a second after the one before.
    fn add(mut self, request: Value, response: Value, purpose: &str) -> Self {
        self.entries.push(json!({
            "startedDateTime": self.at.to_string(), "time": 80.5,
            "request": request, "response": response, "cache": {},
            "timings": {"send": 1, "wait": 70, "receive": 9}, "_resourceType": purpose,
            "_initiator": {"type": "script", "stack": {"callFrames": [{"url": "https://x.example/\"}]", "a": [1, 2]}]}},
        }));
        self.at += SignedDuration::from_secs(1);
        self
    }

    fn date(&self) -> Value {
        let at = self.at + SignedDuration::from_secs(self.ahead);
        json!({"name": "date", "value": at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()})
    }

    fn response(&self, status: u16, mime: &str, body: &str, more: &[(&str, &str)]) -> Value {
        let mut headers: Vec<Value> = more
            .iter()
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect();
        headers.push(self.date());
        let location = more
            .iter()
            .find(|(name, _)| *name == "location")
            .map_or("", |(_, to)| to);
        json!({
            "status": status, "statusText": "", "httpVersion": "h2", "headers": headers,
            "cookies": [{"name": "sid", "value": "COOKIESECRET", "httpOnly": true}],
            "content": {"size": body.len(), "mimeType": mime, "text": body},
            "redirectURL": location, "headersSize": -1, "bodySize": -1,
        })
    }

    /// A page that is opened.
    pub(crate) fn page(self, url: &str, status: u16, body: &str) -> Self {
        let response = self.response(status, "text/html; charset=utf-8", body, &[]);
        self.add(request("GET", url, &[]), response, "document")
    }

    /// A page that sends elsewhere.
    pub(crate) fn redirect(self, url: &str, to: &str) -> Self {
        let response = self.response(302, "text/html", "", &[("location", to)]);
        self.add(request("GET", url, &[]), response, "document")
    }

    /// A page with headers of its own, in a frame.
    pub(crate) fn framed(self, url: &str, headers: &[(&str, &str)]) -> Self {
        let response = self.response(200, "text/html", "<p>Sign in</p>", headers);
        let mut asked = request("GET", url, &[]);
        asked["headers"]
            .as_array_mut()
            .unwrap()
            .push(json!({"name": "Sec-Fetch-Dest", "value": "iframe"}));
        self.add(asked, response, "document")
    }

    /// A form that is posted.
    pub(crate) fn post(self, url: &str, fields: &[(&str, &str)], status: u16, body: &str) -> Self {
        let response = self.response(status, "text/html", body, &[]);
        self.add(request("POST", url, fields), response, "document")
    }

    /// A form that is posted and answered by a redirect.
    pub(crate) fn post_redirect(self, url: &str, fields: &[(&str, &str)], to: &str) -> Self {
        let response = self.response(302, "text/html", "", &[("location", to)]);
        self.add(request("POST", url, fields), response, "document")
    }

    /// A script's request, answered in JSON.
    pub(crate) fn script(
        self,
        method: &str,
        url: &str,
        fields: &[(&str, &str)],
        status: u16,
        body: &Value,
    ) -> Self {
        let response = self.response(status, "application/json", &body.to_string(), &[]);
        self.add(request(method, url, fields), response, "xhr")
    }

    /// A script's request in JSON, answered in JSON.
    pub(crate) fn json(self, url: &str, sent: &Value, status: u16, body: &Value) -> Self {
        let response = self.response(status, "application/json", &body.to_string(), &[]);
        let mut asked = request("POST", url, &[]);
        asked["postData"] = json!({"mimeType": "application/json", "text": sent.to_string()});
        self.add(asked, response, "fetch")
    }

    /// A request that got no answer.
    pub(crate) fn failed(self, url: &str, purpose: &str, error: &str) -> Self {
        let mut response = self.response(0, "", "", &[]);
        response["headers"] = json!([]);
        response["_error"] = json!(error);
        self.add(request("GET", url, &[]), response, purpose)
    }

    /// The last request was made by a page of this origin.
    pub(crate) fn by_page_of(mut self, origin: &str) -> Self {
        let last = self.entries.last_mut().unwrap();
        last["request"]["headers"]
            .as_array_mut()
            .unwrap()
            .push(json!({"name": "Origin", "value": origin}));
        self
    }

    /// The last request, without what was posted and answered.
    pub(crate) fn bodiless(mut self) -> Self {
        let last = self.entries.last_mut().unwrap();
        if let Some(post) = last["request"].get_mut("postData") {
            *post = json!({"mimeType": "application/x-www-form-urlencoded"});
        }
        last["response"]["content"]
            .as_object_mut()
            .unwrap()
            .remove("text");
        self
    }

    /// The last entry, to be changed by hand.
    pub(crate) fn last(&mut self) -> &mut Value {
        self.entries.last_mut().unwrap()
    }

    /// Pictures, scripts and statistics that a page loads.
    pub(crate) fn noise(mut self, count: usize) -> Self {
        for index in 0..count {
            let response = match index % 3 {
                0 => self.response(200, "image/png", &STANDARD.encode([index as u8; 300]), &[]),
                1 => self.response(
                    200,
                    "application/javascript",
                    "if (e === \"error\") show('Incorrect email or password \\\"x\\\"');",
                    &[],
                ),
                _ => self.response(204, "", "", &[]),
            };
            let purpose = ["image", "script", "ping"][index % 3];
            let at = self.at;
            self = self.add(
                request(
                    "GET",
                    &format!("https://cdn.example/{index}?token=NOISESECRET"),
                    &[],
                ),
                response,
                purpose,
            );
            self.at = at;
        }
        self
    }

    /// The file, as this browser writes it.
    pub(crate) fn written(&self, shape: Shape) -> Vec<u8> {
        let entries: Vec<Value> = self
            .entries
            .iter()
            .map(|entry| shaped(entry.clone(), shape))
            .collect();
        let (name, version) = match shape {
            Shape::Chrome | Shape::Edge => ("WebInspector", "537.36"),
            Shape::Firefox => ("Firefox", "145.0"),
            Shape::Charles => ("Charles Proxy", "5.0.2"),
        };
        let log = json!({"log": {
            "version": "1.2", "creator": {"name": name, "version": version},
            "pages": [{"id": "page_1", "title": "x", "startedDateTime": START, "pageTimings": {}}], "entries": entries,
        }});
        match shape {
            Shape::Edge => format!("\u{FEFF}{log:#}\n").into_bytes(),
            _ => log.to_string().into_bytes(),
        }
    }

    pub(crate) fn diagnosed(&self, shape: Shape, set_up: Option<&SetUp>) -> Diagnosis {
        diagnosed(&self.written(shape), set_up)
    }
}

pub(crate) fn diagnosed(file: &[u8], set_up: Option<&SetUp>) -> Diagnosis {
    let known = Known {
        set_up,
        catalogue: Catalogue::built_in(),
        now: "2027-06-01T00:00:00Z".parse().unwrap(),
    };
    of_har(file, &known).unwrap()
}

/// The codes of all findings, and of the errors among them.
pub(crate) fn codes(diagnosis: &Diagnosis) -> (Vec<String>, Vec<String>) {
    let code = |severity: Option<Severity>| {
        let findings = diagnosis.findings.iter();
        let wanted =
            findings.filter(|one| severity.is_none_or(|severity| one.severity == severity));
        wanted.map(|one| one.fault.code()).collect()
    };
    (code(None), code(Some(Severity::Error)))
}

fn request(method: &str, url: &str, fields: &[(&str, &str)]) -> Value {
    let mut request = json!({
        "method": method, "url": url, "httpVersion": "h2",
        "headers": [
            {"name": "cookie", "value": "sid=COOKIESECRET; other=1"},
            {"name": "authorization", "value": "Bearer HEADERSECRET"},
        ],
        "queryString": [{"name": "code", "value": "QUERYSECRET"}],
        "cookies": [{"name": "sid", "value": "COOKIESECRET"}], "headersSize": -1, "bodySize": 0,
    });
    if !fields.is_empty() {
        let text: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        let params: Vec<Value> = fields
            .iter()
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect();
        request["postData"] = json!({
            "mimeType": "application/x-www-form-urlencoded", "text": text.join("&"), "params": params,
        });
    }
    request
}

pub(crate) fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

fn shaped(mut entry: Value, shape: Shape) -> Value {
    let members = entry.as_object_mut().unwrap();
    match shape {
        Shape::Chrome | Shape::Edge => {}
        Shape::Firefox => {
            for name in ["_resourceType", "_initiator"] {
                members.remove(name);
            }
            // Firefox writes the type last, and of a form sometimes the fields alone.
            let post = &mut entry["request"]["postData"];
            if post["params"].is_array() {
                post["text"] = json!("");
            }
            let content = entry["response"]["content"].as_object_mut().unwrap();
            let mime = content.remove("mimeType").unwrap();
            content.insert("mimeType".to_owned(), mime);
        }
        Shape::Charles => {
            for name in ["_resourceType", "_initiator"] {
                members.remove(name);
            }
            let at: Timestamp = entry["startedDateTime"].as_str().unwrap().parse().unwrap();
            let local = at
                .in_tz("Europe/Berlin")
                .unwrap_or_else(|_| at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(1))));
            entry["startedDateTime"] =
                json!(local.strftime("%Y-%m-%dT%H:%M:%S.%3f%:z").to_string());
            let content = &mut entry["response"]["content"];
            if let Some(text) = content["text"].as_str() {
                content["text"] = json!(STANDARD.encode(text));
                content["encoding"] = json!("base64");
            }
        }
    }
    entry
}
