//! The least that a Tauri window can be: one embedded page that says hello, in the wizard's size and with
//! its engine. The floor that `make bench` holds the wizard's start and memory against; called with `follow`, the one
//! that it holds the time to follow the pointer against.

use std::borrow::Cow;
use std::{env, iter};

use tauri::utils::assets::{AssetKey, AssetsIter, CspHash};
use tauri::{App, Assets, Runtime, WebviewUrl, WebviewWindowBuilder};

/// All that the window shows. Its line stands about where the wizard's first line does, so that both are looked at
/// in the same place, on a ground that is not the engine's own white. The content policy is the wizard's: it leaves
/// only old HTML for this.
const PAGE: &str = "<!doctype html><meta charset=utf-8><title>Bare</title><body bgcolor=#eef2f6>\
    <br><br><br><br><h1>The least that a Tauri window can be</h1>";

/// What `follow` shows: a box as large as a rule, and nothing else, goes where the pointer goes.
const FOLLOWING: &str = "<!doctype html><meta charset=utf-8><title>Bare</title><body bgcolor=#eef2f6>\
    <table width=512 height=104 bgcolor=#ffffff><tr><td>Carried about</table><script src=follow.js></script>";
const FOLLOW: &str = "const box = document.querySelector('table');
    Object.assign(box.style, { position: 'fixed', left: '256px', top: '-52px' });
    addEventListener('pointermove', ({ clientY }) => (box.style.transform = `translateY(${clientY}px)`));";

/// The one page, under whatever name it is asked for, and its script.
struct Page(&'static str);

#[expect(clippy::exit, reason = "in the code that Tauri's context macro writes")]
fn main() -> Result<(), tauri::Error> {
    let follows = env::args().any(|argument| argument == "follow");
    let page = Page(if follows { FOLLOWING } else { PAGE });
    tauri::Builder::default()
        .setup(|app| Ok(open(app)?))
        .run(tauri::generate_context!(assets = page))
}

fn open(app: &App) -> Result<(), tauri::Error> {
    WebviewWindowBuilder::new(app, "bare", WebviewUrl::default())
        .title("Bare")
        .inner_size(1120.0, 760.0)
        .build()?;
    Ok(())
}

impl<R: Runtime> Assets<R> for Page {
    fn get(&self, name: &AssetKey) -> Option<Cow<'_, [u8]>> {
        let is_script = name.as_ref().ends_with(".js");
        let asked = if is_script { FOLLOW } else { self.0 };
        Some(Cow::Borrowed(asked.as_bytes()))
    }

    fn iter(&self) -> Box<AssetsIter<'_>> {
        Box::new(iter::empty())
    }

    fn csp_hashes(&self, _: &AssetKey) -> Box<dyn Iterator<Item = CspHash<'_>> + '_> {
        Box::new(iter::empty())
    }
}
