use std::collections::HashMap;
use std::sync::Once;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, RequestBuilder, StatusCode};
use url::Url;

/// A plain HTTP client that follows nothing and fails rather than waits.
pub(crate) fn http(patience: Duration) -> Client {
    static TLS: Once = Once::new();
    TLS.call_once(|| {
        // reqwest asks for a TLS provider even where no TLS is spoken.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let client = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        // Reading the system's certificates takes longer than a whole sign-in.
        .tls_certs_only([]);
    client.timeout(patience).build().unwrap()
}

/// A browser as far as a provider can tell: it keeps cookies, shows pages and sends forms.
pub(crate) struct Browser {
    http: Client,
    cookies: HashMap<String, String>,
}

/// One answer of the provider.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    pub(crate) policy: String,
    pub(crate) cookies: Vec<String>,
    pub(crate) location: Option<Url>,
    pub(crate) body: String,
}

/// How the application was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Landing {
    pub(crate) way: &'static str,
    pub(crate) to: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Landing {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.fields.iter().map(|(name, _)| name.as_str()).collect()
    }
}

impl Browser {
    pub(crate) fn new() -> Self {
        Browser {
            http: http(Duration::from_secs(30)),
            cookies: HashMap::new(),
        }
    }

    pub(crate) async fn open(&mut self, url: Url) -> Shown {
        let request = self.http.get(url);
        self.send(request).await
    }

    pub(crate) async fn submit(&mut self, url: Url, fields: &[(&str, &str)]) -> Shown {
        let request = self.http.post(url).form(fields);
        self.send(request).await
    }

    /// Presses the button of a person on the sign-in page.
    pub(crate) async fn choose(&mut self, page: &Shown, at: &Url, email: &str) -> Shown {
        let request = page.hidden("request").expect("a sign-in page");
        self.submit(
            at.join("/sign-in").unwrap(),
            &[("request", &request), ("as", email)],
        )
        .await
    }

    /// Opens the address and signs in as this person if asked to.
    pub(crate) async fn sign_in(&mut self, url: Url, email: &str) -> Landing {
        let shown = self.open(url.clone()).await;
        if let Some(landing) = shown.landing() {
            return landing;
        }
        let shown = self.choose(&shown, &url, email).await;
        shown.landing().expect("an answer to the application")
    }

    async fn send(&mut self, request: RequestBuilder) -> Shown {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        let request = match cookies.is_empty() {
            true => request,
            false => request.header(COOKIE, cookies.join("; ")),
        };
        let response = request.send().await.unwrap();
        let header = |name| {
            let value = response.headers().get(name);
            value
                .map(|value| value.to_str().unwrap().to_owned())
                .unwrap_or_default()
        };
        let set: Vec<_> = response.headers().get_all(SET_COOKIE).iter().collect();
        let set: Vec<_> = set
            .iter()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect();
        for cookie in &set {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        Shown {
            status: response.status(),
            content_type: header(CONTENT_TYPE),
            policy: header(reqwest::header::CONTENT_SECURITY_POLICY),
            cookies: set,
            location: header(LOCATION).parse().ok(),
            body: response.text().await.unwrap(),
        }
    }
}

impl Shown {
    /// The value of a hidden field, as a browser would send it.
    pub(crate) fn hidden(&self, name: &str) -> Option<String> {
        let start = format!(r#"<input type="hidden" name="{name}" value=""#);
        let (_, rest) = self.body.split_once(&start)?;
        Some(unescaped(rest.split_once('"')?.0))
    }

    /// The answer that the browser takes back to the application, if this is one.
    pub(crate) fn landing(&self) -> Option<Landing> {
        if let Some(location) = &self.location {
            let (way, encoded) = match location.fragment() {
                Some(fragment) => ("fragment", fragment),
                None => ("query", location.query().unwrap_or_default()),
            };
            let fields = url::form_urlencoded::parse(encoded.as_bytes())
                .into_owned()
                .collect();
            let mut to = location.clone();
            to.set_fragment(None);
            to.set_query(None);
            return Some(Landing {
                way,
                to: to.into(),
                fields,
            });
        }
        let (_, form) = self.body.split_once(r#"<form method="post" action=""#)?;
        let (to, form) = form.split_once(r#"" id="answer">"#)?;
        let fields = form
            .split(r#"<input type="hidden" name=""#)
            .skip(1)
            .map(|input| {
                let (name, rest) = input.split_once(r#"" value=""#).unwrap();
                (unescaped(name), unescaped(rest.split_once('"').unwrap().0))
            });
        Some(Landing {
            way: "form_post",
            to: unescaped(to),
            fields: fields.collect(),
        })
    }
}

pub(crate) fn unescaped(html: &str) -> String {
    let plain = html
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    plain.replace("&#39;", "'").replace("&amp;", "&")
}
