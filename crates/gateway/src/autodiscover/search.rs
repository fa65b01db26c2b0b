//! The search itself: puts one question after the other until one is answered with the address of EWS.
//!
//! It makes no connection by itself but asks a [`Network`], so that tests can hold a whole hostile internet.

use std::collections::{HashSet, VecDeque};
use std::time::Instant;

use reqwest::Url;
use serde::Serialize;

use super::json::{self, JsonAnswer};
use super::pox::{self, PoxAnswer};
use super::question::{Question, Way, domain_of, questions};
use crate::server_address::{AddressFault, AddressRules, is_below, place};
use crate::token::Mailbox;

/// [MS-OXDSCLI] section 3.1.5.2 has clients give up after ten redirections.
const MOST_REDIRECTS: usize = 10;
/// Two domains make ten questions; an answer that leads to more than twice as many leads nowhere.
const MOST_QUESTIONS: usize = 24;

/// What is searched for, and what may be done for it.
#[derive(Debug)]
pub struct Search<'a> {
    /// The service account's name: an address (UPN), or `DOMAIN\name`.
    pub account: &'a str,
    /// The administrator's own mailbox. The service account need not have one (R24), and Autodiscover knows mailboxes.
    pub mailbox: &'a Mailbox,
    pub password: Password,
    /// Hosts that the administrator has just confirmed.
    pub confirmed: &'a [String],
    pub rules: &'a AddressRules,
    /// Servers to ask instead of those that the domain suggests; the configuration's, and therefore trusted.
    pub candidates: &'a [Url],
    pub deadline: Instant,
}

/// Where the password comes from. The search never sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Password {
    /// Typed in for this search: it goes where the administrator says.
    Typed,
    /// The saved one. Whoever is administrator for a moment must not lead it to a host of their own, so a confirmation
    /// does not count for it.
    Saved,
    Absent,
}

/// One HTTP request: GET, or POST of the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub url: Url,
    pub body: Option<String>,
    pub with_credential: bool,
}

/// One HTTP answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub location: Option<String>,
    /// Whether a 401 offers the Basic scheme, the only one that the gateway has.
    pub offers_basic: bool,
    pub body: Vec<u8>,
}

/// Who carries the requests.
pub trait Network: Sync {
    fn ask(&self, ask: Ask) -> impl Future<Output = Result<Reply, Outcome>> + Send;
}

/// How a question ended. The page has a sentence for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    Found,
    NoSuchHost,
    NotPublic,
    NoConnection,
    Certificate,
    TimedOut,
    TooLarge,
    /// Something answers, but it is no Autodiscover.
    NotThere,
    NotUnderstood,
    SignInRefused,
    /// The server takes other kinds of sign-in than Basic.
    NoBasic,
    UnknownMailbox,
    TooManyRedirects,
    /// The answer leads to an address that is not https, not public, or more than an address.
    UnsafeAddress,
    /// The configuration does not allow the host.
    HostNotAllowed,
    /// The password would go to a host that has nothing to do with the account: the administrator decides.
    Confirm,
    /// It takes the password, typed in now.
    NeedsPassword,
}

/// One question and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    pub way: Way,
    pub host: String,
    pub outcome: Outcome,
}

/// The address of EWS if one was found, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub found: Option<Url>,
    pub steps: Vec<Step>,
}

/// What an answer leads to.
enum Next {
    Found(Url),
    Ask(Vec<Question>),
}

/// Searches until something is found, nothing is left to ask, or the time is over.
pub async fn search(search: &Search<'_>, network: &impl Network) -> Report {
    let mut waiting: VecDeque<Question> = search.first_questions().into();
    let (mut report, mut asked, mut redirects) = (Report::default(), HashSet::new(), 0);
    while let Some(question) = waiting.pop_front() {
        let (way, host) = (question.way, place(&question.url));
        let next = if !asked.insert(question.clone()) {
            Err(Outcome::TooManyRedirects)
        } else if Instant::now() >= search.deadline || asked.len() > MOST_QUESTIONS {
            waiting.clear();
            Err(Outcome::TimedOut)
        } else {
            search.put(&question, network).await
        };
        let outcome = match next {
            Ok(Next::Found(url)) => {
                report.found = Some(url);
                waiting.clear();
                Outcome::Found
            }
            Ok(Next::Ask(_)) if redirects == MOST_REDIRECTS => Outcome::TooManyRedirects,
            Ok(Next::Ask(questions)) => {
                redirects += 1;
                questions.into_iter().rev().for_each(|question| waiting.push_front(question));
                continue;
            }
            Err(outcome) => outcome,
        };
        report.steps.push(Step { way, host, outcome });
    }
    report
}

impl Search<'_> {
    /// About the administrator's mailbox; and before that about the account, where it is of another domain.
    fn first_questions(&self) -> Vec<Question> {
        let account = Mailbox::parse(self.account).filter(|account| domain_of(account) != domain_of(self.mailbox));
        account.iter().chain([self.mailbox]).flat_map(|address| questions(address, self.candidates)).collect()
    }

    async fn put(&self, question: &Question, network: &impl Network) -> Result<Next, Outcome> {
        match question.way {
            Way::Json => self.put_json(question, network).await,
            Way::Pox => self.put_pox(question, network).await,
            Way::HttpRedirect => self.put_in_clear(question, network).await,
        }
    }

    async fn put_json(&self, question: &Question, network: &impl Network) -> Result<Next, Outcome> {
        self.rules.check_place(&question.url).map_err(outcome_of)?;
        let reply = network.ask(Ask { url: question.url.clone(), body: None, with_credential: false }).await?;
        if let Some(url) = self.redirect(question, &reply)? {
            return Ok(Next::Ask(vec![Question { url, ..question.clone() }]));
        }
        match (reply.status, json::read(&reply.body)) {
            (200, JsonAnswer::Ews(url)) => self.found(&url),
            (_, JsonAnswer::UnknownMailbox) => Err(Outcome::UnknownMailbox),
            (200, _) => Err(Outcome::NotUnderstood),
            _ => Err(Outcome::NotThere),
        }
    }

    /// First without the credential: only a server that asks for one gets it, and not the web site that a domain
    /// usually is.
    async fn put_pox(&self, question: &Question, network: &impl Network) -> Result<Next, Outcome> {
        self.rules.check_place(&question.url).map_err(outcome_of)?;
        if question.was_told_in_clear && !self.is_confirmed(&question.url) {
            return Err(Outcome::Confirm);
        }
        let ask = |with_credential| {
            let body = Some(pox::request(&question.address));
            network.ask(Ask { url: question.url.clone(), body, with_credential })
        };
        let mut reply = ask(false).await?;
        if reply.status == 401 {
            if !reply.offers_basic {
                return Err(Outcome::NoBasic);
            }
            self.may_have_the_password(&question.url)?;
            reply = ask(true).await?;
        }
        if let Some(url) = self.redirect(question, &reply)? {
            return Ok(Next::Ask(vec![Question { url, was_told_in_clear: false, ..question.clone() }]));
        }
        match (reply.status, pox::read(&reply.body)) {
            (401 | 403, _) => Err(Outcome::SignInRefused),
            (200, PoxAnswer::Ews(url)) => self.found(&url),
            (200, PoxAnswer::RedirectUrl(url)) => {
                let url = self.rules.check(&url).map_err(outcome_of)?;
                Ok(Next::Ask(vec![Question { url, was_told_in_clear: false, ..question.clone() }]))
            }
            (200, PoxAnswer::RedirectAddress(address)) => {
                let address = Mailbox::parse(&address).ok_or(Outcome::NotUnderstood)?;
                Ok(Next::Ask(questions(&address, self.candidates)))
            }
            (200, PoxAnswer::UnknownMailbox) => Err(Outcome::UnknownMailbox),
            (200, PoxAnswer::NotUnderstood) => Err(Outcome::NotUnderstood),
            _ => Err(Outcome::NotThere),
        }
    }

    /// All that plain http may do: name a place, which the administrator then confirms.
    async fn put_in_clear(&self, question: &Question, network: &impl Network) -> Result<Next, Outcome> {
        let mut as_https = question.url.clone();
        as_https.set_scheme("https").map_err(|()| Outcome::UnsafeAddress)?;
        self.rules.check_place(&as_https).map_err(outcome_of)?;
        let reply = network.ask(Ask { url: question.url.clone(), body: None, with_credential: false }).await?;
        let url = self.redirect(question, &reply)?.ok_or(Outcome::NotThere)?;
        Ok(Next::Ask(vec![Question { way: Way::Pox, url, was_told_in_clear: true, ..question.clone() }]))
    }

    /// Where a 3xx leads, if it is one and leads somewhere safe.
    fn redirect(&self, question: &Question, reply: &Reply) -> Result<Option<Url>, Outcome> {
        let Some(location) = reply.location.as_ref().filter(|_| matches!(reply.status, 301 | 302 | 303 | 307 | 308))
        else {
            return Ok(None);
        };
        let url = question.url.join(location).map_err(|_| Outcome::NotUnderstood)?;
        self.rules.check_place(&url).map_err(outcome_of)?;
        Ok(Some(url))
    }

    fn found(&self, url: &str) -> Result<Next, Outcome> {
        self.rules.check(url).map(Next::Found).map_err(outcome_of)
    }

    fn may_have_the_password(&self, url: &Url) -> Result<(), Outcome> {
        let host = url.host_str().unwrap_or_default();
        let own = Mailbox::parse(self.account).and_then(|account| domain_of(&account));
        let is_own = own.is_some_and(|domain| host == domain || is_below(host, &domain))
            || self.candidates.iter().any(|candidate| candidate.origin() == url.origin());
        match (self.password, is_own) {
            (Password::Absent, _) => Err(Outcome::NeedsPassword),
            (Password::Typed | Password::Saved, true) => Ok(()),
            (_, false) if !self.is_confirmed(url) => Err(Outcome::Confirm),
            (Password::Typed, false) => Ok(()),
            (Password::Saved, false) => Err(Outcome::NeedsPassword),
        }
    }

    fn is_confirmed(&self, url: &Url) -> bool {
        self.confirmed.contains(&place(url))
    }
}

fn outcome_of(fault: AddressFault) -> Outcome {
    match fault {
        AddressFault::NotAllowed => Outcome::HostNotAllowed,
        AddressFault::NotAnAddress => Outcome::NotUnderstood,
        AddressFault::NotHttps
        | AddressFault::Credential
        | AddressFault::QueryOrFragment
        | AddressFault::Port
        | AddressFault::NotPublic => Outcome::UnsafeAddress,
    }
}
