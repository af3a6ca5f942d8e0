//! `latchkey sign-in`

use std::io::{self, IsTerminal};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use latchkey_core::catalogue::Catalogue;
use latchkey_core::check::check_secret;
use latchkey_core::{Connection, Fault, Verdict};
use latchkey_signin::{Asked as Ask, Held, Http, Loopback, SignIn, never_began};
use serde::Serialize;
use tokio::runtime::Runtime;
use url::Url;

use crate::args;
use crate::asked::Asked;
use crate::new_file::NewFile;
use crate::out::{self, Out};
use crate::stop::Stop;
use crate::{Holds, input, signals, words};

/// The first line of standard output.
#[derive(Serialize)]
struct Open<'a> {
    open: &'a Url,
}

fn one_from_stdin(args: &args::SignIn) -> Result<(), Stop> {
    let others = [&args.secret_file, &args.key];
    let others = others
        .into_iter()
        .flatten()
        .filter(|path| input::is_stdin(path));
    if others.count() + usize::from(input::is_stdin(&args.set_up)) > 1 {
        return Err(Stop::OneInputTwice(
            "two of the set-up, --secret-file and --key",
        ));
    }
    Ok(())
}

pub(crate) fn run(args: args::SignIn, out: Out) -> Result<Holds, Stop> {
    one_from_stdin(&args)?;
    let asked = Asked::read(&args.set_up)?;
    asked.service(&args.set_up)?;
    let Some(connection) = asked.checked.connection.clone() else {
        return Err(asked.unusable(&args.set_up, "connection").into());
    };
    let secret = args.secret_file.as_deref().map(input::secret).transpose()?;
    let key_pair = args.key.as_deref().map(input::key_pair).transpose()?;
    let answer_file = args
        .answer_file
        .as_deref()
        .map(NewFile::begin)
        .transpose()?;
    asked.say_errors();
    // What the sign-in does not depend on, and everybody will from that day.
    for finding in asked.checked.ends.findings(Timestamp::now()) {
        out::message(&words::aside(&finding.told()));
    }
    if let Some(secret) = &secret {
        for finding in check_secret(&asked.set_up, Catalogue::built_in(), secret) {
            out::message(&words::aside(&finding.told()));
        }
    }

    let http = Http::new()?;
    let runtime = Runtime::new().map_err(Stop::Start)?;
    let held = Held {
        client_secret: secret,
        key_pair: key_pair.map(Arc::new),
    };
    let verdict = runtime.block_on(sign_in(&args, &asked, http, connection, held, answer_file));
    // A name that is still being looked up would hold the verdict back.
    runtime.shutdown_background();
    let verdict = verdict?;
    out.answer(&verdict, || words::verdict(&verdict))?;
    Ok(Holds::of(&verdict))
}

async fn sign_in(
    args: &args::SignIn,
    asked: &Asked,
    http: Http,
    connection: Connection,
    held: Held,
    answer_file: Option<NewFile>,
) -> Result<Verdict, Stop> {
    let mut asked_to_end = pin!(signals::asked_to_end().map_err(Stop::Start)?);
    let mut loopback = match Loopback::bind(args.loopback).await {
        Ok(loopback) => loopback,
        Err(fault) => return Ok(never_began(fault)),
    };
    let hint = args.login_hint.as_deref();
    let owner = asked.set_up.workspace.owner_email.trim();
    let ask = Ask {
        redirect_uri: loopback.redirect_uri().clone(),
        response_mode: args.response_mode.into(),
        login_hint: Some(hint.unwrap_or(owner).to_owned()),
    };
    let prepared = tokio::select! {
        prepared = SignIn::prepare(http, connection, held, ask) => prepared,
        () = &mut asked_to_end => return Ok(never_began(Fault::CancelledByPerson {})),
    };
    let sign_in = match prepared {
        Ok(sign_in) => sign_in,
        Err(verdict) => return Ok(*verdict),
    };

    let open = &loopback.opens(sign_in.start());
    out::line(&Open { open })?;
    if args.open_browser || io::stdout().is_terminal() {
        open_browser(open, args.timeout);
    }
    let limit = Duration::from_secs(args.timeout.into());
    let captured = match loopback.answer(limit, asked_to_end.as_mut()).await {
        Ok(captured) => captured,
        Err(fault) => return Ok(sign_in.ended(fault)),
    };
    let cancelled = sign_in.ended(Fault::CancelledByPerson {});
    let service = asked.service(&args.set_up)?;
    let concluding =
        sign_in.conclude_keeping(captured, &asked.set_up.rules, service, Timestamp::now);
    let (verdict, answer) = tokio::select! {
        concluded = concluding => concluded,
        () = asked_to_end => return Ok(cancelled),
    };
    if let Some((file, answer)) = answer_file.zip(answer) {
        file.answered(&answer)?;
    }
    Ok(verdict)
}

/// Where it cannot be opened, the person opens the address of the first line.
fn open_browser(address: &Url, seconds: u32) {
    match open::that_detached(address.as_str()) {
        Ok(()) => out::message(&words::waiting(seconds)),
        Err(error) => {
            let reason = error.kind().to_string();
            let fault = Fault::BrowserNotOpened { reason };
            out::message(&words::aside(
                &latchkey_core::Finding::warning(fault).told(),
            ));
        }
    }
}
