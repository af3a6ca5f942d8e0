//! A browser as far as the practice provider can tell: opens the address, presses a person's
//! button, and stops where the answer would leave for the application.

use latchkey_core::oidc::Captured;
use reqwest::header::LOCATION;
use reqwest::{Client, Response};
use url::Url;

/// A plain client that follows nothing.
pub(crate) fn client() -> Client {
    // reqwest asks for a TLS provider even where no TLS is spoken.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().redirect(reqwest::redirect::Policy::none());
    client.no_proxy().tls_certs_only([]).build().unwrap()
}

/// A page on which a sign-in stands, as a person sees it.
pub(crate) struct Stood {
    pub(crate) status: u16,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) ends: bool,
}

impl Stood {
    fn at(status: u16, page: &str) -> Self {
        let between = |from: &str, to: &str| {
            let rest = page.split_once(from)?.1;
            Some(rest.split_once(to)?.0.to_owned())
        };
        let body = page.split_once("<body").map_or("", |(_, body)| body);
        let words = body
            .split('<')
            .skip(1)
            .filter_map(|tag| Some(tag.split_once('>')?.1));
        let ways_on = ["<input id", "<button", "<a "];
        Self {
            status,
            title: between("<title>", "</title>").unwrap_or_default(),
            text: words.collect::<Vec<_>>().join(" "),
            ends: !ways_on.iter().any(|way| body.contains(way)),
        }
    }
}

/// Signs in as this person. None where the provider sends no answer to the application.
pub(crate) async fn sign_in(authorize_url: &Url, email: &str) -> Option<Captured> {
    sign_in_or_page(authorize_url, email).await.ok()
}

/// Signs in as this person; the page on which it ends where no answer comes.
pub(crate) async fn sign_in_or_page(authorize_url: &Url, email: &str) -> Result<Captured, Stood> {
    let client = client();
    let shown = client.get(authorize_url.clone()).send().await.unwrap();
    if shown.headers().contains_key(LOCATION) {
        return answer(shown).await;
    }
    let status = shown.status().as_u16();
    let page = shown.chunk_text().await;
    if !page.contains(email) {
        return Err(Stood::at(status, &page));
    }
    let carried = fields(&page)
        .into_iter()
        .find(|(name, _)| name == "request");
    let request = carried.map(|(_, value)| value).unwrap();
    let form = [("request", request.as_str()), ("as", email)];
    let sign_in = authorize_url.join("/sign-in").unwrap();
    answer(client.post(sign_in).form(&form).send().await.unwrap()).await
}

async fn answer(response: Response) -> Result<Captured, Stood> {
    if let Some(to) = response.headers().get(LOCATION) {
        return Ok(Captured::Address(to.to_str().unwrap().parse().unwrap()));
    }
    let status = response.status().as_u16();
    let page = response.chunk_text().await;
    match page.contains("id=\"answer\"") {
        true => Ok(Captured::Form(fields(&page))),
        false => Err(Stood::at(status, &page)),
    }
}

pub(crate) fn fields(page: &str) -> Vec<(String, String)> {
    let inputs = page.split("<input type=\"hidden\" name=\"").skip(1);
    let field = |input: &str| {
        let (name, rest) = input.split_once("\" value=\"")?;
        let (value, _) = rest.split_once('"')?;
        Some((
            name.to_owned(),
            value.replace("&quot;", "\"").replace("&amp;", "&"),
        ))
    };
    inputs.map(|input| field(input).unwrap()).collect()
}

/// The whole body.
pub(crate) async fn text(response: Response) -> String {
    response.chunk_text().await
}

trait ChunkText {
    async fn chunk_text(self) -> String;
}

impl ChunkText for Response {
    async fn chunk_text(mut self) -> String {
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk().await.unwrap() {
            body.extend_from_slice(&chunk);
        }
        String::from_utf8(body).unwrap()
    }
}
